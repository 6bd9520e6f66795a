"""REST of background jobs."""

from typing import Any

from flask import Response, url_for
from flask_appbuilder.api import BaseApi, expose
from flask_jwt_extended import verify_jwt_in_request
from flask_login import current_user

from app.database.session import session
from app.jobs import Job, cancel_job, get_job
from app.security.roles import acting_user
from app.web.edge import writes_nothing
from app.web.job_view import progress_of, send_result


class JobApi(BaseApi):
    """A job is answered to whoever requested it; to everybody else it does not exist."""

    resource_name = "jobs"
    allow_browser_login = True
    csrf_exempt = False

    @expose("/<int:pk>", methods=["GET"])
    def get(self, pk: int) -> Response:
        """Answer how far a job is, and when it is over what it found.

        ---
        get:
          description: How far a job of the caller is, and what it found
          parameters:
          - in: path
            name: pk
            required: true
            schema:
              type: integer
          responses:
            200:
              description: The job
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      id:
                        type: integer
                      state:
                        type: string
                        enum: [queued, running, done, failed, cancelled]
                      done:
                        type: integer
                      total:
                        type: integer
                      error:
                        type: string
                        nullable: true
                      file:
                        type: string
                        nullable: true
                      details:
                        type: object
                        nullable: true
            401:
              $ref: '#/components/responses/401'
            404:
              $ref: '#/components/responses/404'
          security:
            - jwt: []
        """
        return self._answer(_own_job(pk))

    @expose("/<int:pk>/file", methods=["GET"])
    def file(self, pk: int) -> Any:
        """Send the file that a job of the caller made.

        ---
        get:
          description: The file that a job of the caller made
          parameters:
          - in: path
            name: pk
            required: true
            schema:
              type: integer
          responses:
            200:
              description: The file
            403:
              $ref: '#/components/responses/403'
            404:
              $ref: '#/components/responses/404'
          security:
            - jwt: []
        """
        return send_result(_own_job(pk))

    @expose("/<int:pk>/cancel", methods=["POST"])
    @writes_nothing
    def cancel(self, pk: int) -> Response:
        """Call off a job of the caller.

        ---
        post:
          description: Call off a job of the caller; what it did is not saved
          parameters:
          - in: path
            name: pk
            required: true
            schema:
              type: integer
          responses:
            200:
              description: The job
            404:
              $ref: '#/components/responses/404'
          security:
            - jwt: []
        """
        job = _own_job(pk)
        cancel_job(job.id, actor=acting_user())
        session.refresh(job)
        return self._answer(job)

    def _answer(self, job: Job) -> Response:
        shown = progress_of(job)
        if shown["file"]:
            shown["file"] = url_for("JobApi.file", pk=job.id)
        answer: Response = self.response(200, id=job.id, name=job.name, details=job.details, **shown)
        return answer


def _own_job(pk: int) -> Job:
    if not current_user.is_authenticated:
        verify_jwt_in_request()  # Says what is wrong with the token.
    return get_job(pk, actor=acting_user())
