"""What a web server imports: `app.wsgi:app`. It also starts the clock of the schedules where no worker does."""

import gc

from app.factory import create_app
from app.jobs import start_scheduler

app = create_app()
gc.freeze()  # What a start leaves behind stays for good: no later search for garbage has to walk it.
if not app.config["REDIS_URL"]:  # With Redis, Celery beat keeps the clock.
    start_scheduler(app)
