"""What a web server imports: `app.wsgi:app`. It also starts the clock of the schedules where no worker does."""

from app.factory import create_app
from app.jobs import start_scheduler

app = create_app()
if not app.config["REDIS_URL"]:  # With Redis, Celery beat keeps the clock.
    start_scheduler(app)
