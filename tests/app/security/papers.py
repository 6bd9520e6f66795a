"""An owned model with a screen and REST, and a screen of an add-on that is off."""

from typing import Any

from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.api import BaseApi
from flask_appbuilder.security.decorators import protect
from sqlalchemy.orm import Mapped

from app.companies.models import Company
from app.companies.ownership import Owned
from app.database.base import CompanyModel
from app.database.session import session
from app.security.roles import acting_user, require


class Paper(Owned, CompanyModel):
    """Something owned."""

    __tablename__ = "securitytest_paper"

    title: Mapped[str]


RESOURCE = "papers.Paper"


class PaperView(BaseView):
    """A screen that asks for a permission, and one that a service refuses."""

    route_base = "/papers"
    class_permission_name = RESOURCE
    base_permissions = ("can_list", "can_edit")

    @expose("/list")
    @has_access
    def list(self) -> str:
        """Answer whoever may list."""
        return "<p>papers</p>"

    @expose("/refused", methods=["POST"])
    def refused(self) -> str:
        """Write something, and then be refused by a service."""
        session.add(Company(name="Half", code="H", mark="H"))
        session.flush()
        require(acting_user(), "edit", RESOURCE)
        return ""

    @expose("/write", methods=["POST"])
    def write(self) -> str:
        """Answer a write."""
        return "written"


class PaperApi(BaseApi):
    """The same by REST, with cookie or token."""

    resource_name = "papers"
    class_permission_name = RESOURCE
    base_permissions = ("can_list",)
    allow_browser_login = True

    @expose("/", methods=["GET", "POST"])
    @protect()
    def list(self) -> Any:
        """Answer whoever may list."""
        return self.response(200, user=acting_user().username)


class ClosedView(PaperView):
    """A screen of an add-on that is off."""

    route_base = "/closed"
    class_permission_name = "visits.Visit"
