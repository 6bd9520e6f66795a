"""REST of background jobs."""

from flask import Response
from flask_appbuilder.api import BaseApi, expose
from flask_jwt_extended import verify_jwt_in_request
from flask_login import current_user

from app.jobs import get_job
from app.security.roles import acting_user
from app.web.job_view import progress_of


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
                        enum: [queued, running, done, failed]
                      done:
                        type: integer
                      total:
                        type: integer
                      error:
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
        if not current_user.is_authenticated:
            verify_jwt_in_request()  # Says what is wrong with the token.
        job = get_job(pk, actor=acting_user())
        answer: Response = self.response(200, id=job.id, name=job.name, details=job.details, **progress_of(job))
        return answer
