"""REST of the files of records."""

from typing import Any

from flask import Response, request
from flask_appbuilder.api import BaseApi, expose
from flask_appbuilder.security.sqla.models import User
from flask_jwt_extended import verify_jwt_in_request
from flask_login import current_user

from app.crud.attached import add_file, find_attachment, record_with_files, remove_file
from app.database.columns import utc_now
from app.documents.attachments import list_attachments
from app.documents.models import Attachment
from app.security.roles import acting_user
from app.web.attachment_view import send_attachment


class AttachmentApi(BaseApi):
    """Whoever sees a record may list and fetch its files; whoever may edit it adds and deletes them."""

    resource_name = "attachments"
    allow_browser_login = True
    csrf_exempt = False

    @expose("/<resource>/<pk>", methods=["GET"])
    def list(self, resource: str, pk: str) -> Response:
        """List the files of a record.

        ---
        get:
          description: The files of a record, such as visits.Visit 7
          parameters:
          - {in: path, name: resource, required: true, schema: {type: string}}
          - {in: path, name: pk, required: true, schema: {type: integer}}
          responses:
            200:
              description: The files
            404:
              $ref: '#/components/responses/404'
          security:
            - jwt: []
        """
        record_with_files(resource, pk, actor=_caller())
        files = [_shown(one) for one in list_attachments(resource, int(pk))]
        answer: Response = self.response(200, result=files)
        return answer

    @expose("/<resource>/<pk>", methods=["POST"])
    def post(self, resource: str, pk: str) -> Response:
        """Attach a file, sent as the form's part "file".

        ---
        post:
          description: Attach a file to a record
          parameters:
          - {in: path, name: resource, required: true, schema: {type: string}}
          - {in: path, name: pk, required: true, schema: {type: integer}}
          requestBody:
            required: true
            content:
              multipart/form-data:
                schema:
                  type: object
                  properties:
                    file: {type: string, format: binary}
          responses:
            201:
              description: The file
            404:
              $ref: '#/components/responses/404'
            422:
              $ref: '#/components/responses/422'
          security:
            - jwt: []
        """
        actor = _caller()
        view, record = record_with_files(resource, pk, actor=actor, change=True)
        added = add_file(view, record, sent=request.files.get("file"), actor=actor, now=utc_now())
        answer: Response = self.response(201, id=added.id, result=_shown(added))
        return answer

    @expose("/<int:attachment_id>", methods=["GET"])
    def get(self, attachment_id: int) -> Response:
        """Send a file.

        ---
        get:
          description: The content of a file
          parameters:
          - {in: path, name: attachment_id, required: true, schema: {type: integer}}
          responses:
            200:
              description: The content
            404:
              $ref: '#/components/responses/404'
          security:
            - jwt: []
        """
        return send_attachment(find_attachment(attachment_id, actor=_caller()))

    @expose("/<int:attachment_id>", methods=["DELETE"])
    def delete(self, attachment_id: int) -> Response:
        """Delete a file; the reason is the value "reason" of the body.

        ---
        delete:
          description: Delete a file, with a reason
          parameters:
          - {in: path, name: attachment_id, required: true, schema: {type: integer}}
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  properties:
                    reason: {type: string}
          responses:
            200:
              description: It is deleted
            404:
              $ref: '#/components/responses/404'
            422:
              $ref: '#/components/responses/422'
          security:
            - jwt: []
        """
        actor, body = _caller(), request.get_json(silent=True)
        attachment = find_attachment(attachment_id, actor=actor, change=True)
        reason = body.get("reason") if isinstance(body, dict) else None
        remove_file(attachment, reason=reason if isinstance(reason, str) else "", actor=actor, now=utc_now())
        answer: Response = self.response(200, id=attachment_id)
        return answer


def _caller() -> User:
    if not current_user.is_authenticated:
        verify_jwt_in_request()  # Says what is wrong with the token.
    return acting_user()


def _shown(attachment: Attachment) -> dict[str, Any]:
    return {
        "id": attachment.id,
        "name": attachment.name,
        "size": attachment.size,
        "sha256": attachment.sha256,
        "added_at": attachment.added_at.isoformat(),
    }
