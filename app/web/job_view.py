"""Background jobs: their progress, and the file they made."""

from typing import Any

from flask import jsonify, redirect, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_login import login_required

from app.audit import record_security_event
from app.crud.sheets.journal import is_undoable
from app.i18n import _
from app.jobs import Job, cancel_job, get_job, is_stopping, list_jobs, result_path_of, shown_of
from app.jobs.models import JobState
from app.security.roles import acting_user
from app.web.edge import writes_nothing


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
        return self.render_template(
            "jobs/job.html", title=_("Job"), job=job, progress=progress_of(job), undoable=is_undoable(job)
        )

    @expose("/<int:job_id>/progress")
    @login_required
    def progress(self, job_id: int) -> Any:
        """Answer how far the job is."""
        return jsonify(progress_of(get_job(job_id, actor=acting_user())))

    @expose("/<int:job_id>/file")
    @login_required
    def file(self, job_id: int) -> Any:
        """Send the file that the job made; that it left the system is recorded."""
        return send_result(get_job(job_id, actor=acting_user()))

    @expose("/<int:job_id>/cancel", methods=["POST"])
    @writes_nothing
    @login_required
    def cancel(self, job_id: int) -> Any:
        """Call the job off, and show its page."""
        cancel_job(job_id, actor=acting_user())
        return redirect(url_for("JobView.show", job_id=job_id))


def send_result(job: Job) -> Any:
    """Send the file of a job to the user, who must have asked for it and still have the right to it."""
    path = result_path_of(job, acting_user())
    record_security_event("file.downloaded", job=job.id, name=job.name, file=path.name)
    return send_file(path, as_attachment=True, download_name=path.name)


def progress_of(job: Job) -> dict[str, Any]:
    """Return how far a job is, for programs and for the script of its page."""
    return {
        "state": job.state.value,
        "stopping": is_stopping(job),
        **shown_of(job)._asdict(),
        "error": job.error,
        "file": url_for("JobView.file", job_id=job.id) if job.state is JobState.DONE and job.result_path else None,
    }
