"""What a web server imports: `app.wsgi:app`. It also starts the clock of the schedules where no worker does.

The process starts anew when add-ons came, went or were upgraded. On SQLite it has maintenance tasks carried out, too.
"""

import gc

from app.factory import create_app
from app.jobs import start_scheduler, watch_code
from app.release.maintenance import start_maintenance

app = create_app()
gc.freeze()  # What a start leaves behind stays for good: no later search for garbage has to walk it.
watch = watch_code(app)
if not app.config["REDIS_URL"]:  # With Redis, Celery beat keeps the clock.
    start_scheduler(app)
if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):  # Elsewhere `flask maintenance-worker` does.
    start_maintenance(app.config)
