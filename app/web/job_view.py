"""Background jobs: their progress, and the file they made."""

from typing import Any

from flask import jsonify, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.i18n import _
from app.jobs import Job, get_job, list_jobs, result_path_of
from app.jobs.models import JobState
from app.security.roles import acting_user


class JobView(BaseView):
    """A job is shown to whoever requested it; to everybody else it does not exist."""

    route_base = "/jobs"
    default_view = "list"

    @expose("/")
    @login_required
    def list(self) -> Any:
        """Show the user's latest jobs."""
        return self.render_template("jobs/list.html", title=_("My jobs"), jobs=list_jobs(actor=acting_user()))

    @expose("/<int:job_id>")
    @login_required
    def show(self, job_id: int) -> Any:
        """Show one job; the page asks for its progress every second."""
        job = get_job(job_id, actor=acting_user())
        return self.render_template("jobs/job.html", title=_("Job"), job=job, progress=progress_of(job))

    @expose("/<int:job_id>/progress")
    @login_required
    def progress(self, job_id: int) -> Any:
        """Answer how far the job is."""
        return jsonify(progress_of(get_job(job_id, actor=acting_user())))

    @expose("/<int:job_id>/file")
    @login_required
    def file(self, job_id: int) -> Any:
        """Send the file that the job made."""
        actor = acting_user()
        path = result_path_of(get_job(job_id, actor=actor), actor)
        return send_file(path, as_attachment=True, download_name=path.name)


def progress_of(job: Job) -> dict[str, Any]:
    """Return how far a job is, for programs and for the script of its page."""
    return {
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "message": job.message or "",
        "error": job.error,
        "file": url_for("JobView.file", job_id=job.id) if job.state is JobState.DONE and job.result_path else None,
    }
