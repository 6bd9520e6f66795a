"""What happens around every request, in this order: company, gate, view, commit."""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, jsonify, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.audit.origin import set_origin
from app.companies.enablement import is_enabled
from app.database.columns import read_id
from app.database.context import active_company, remember_company, set_acting_user, set_viewer, viewer_id
from app.database.isolation import IsolationError
from app.database.session import begin_writing, commit, rollback, set_active_company
from app.errors import AppError, NotFound
from app.extensions import appbuilder
from app.i18n import _
from app.security.held_roles import is_member
from app.security.logins import current_login
from app.web.agreement_guard import guard_agreement
from app.web.company_view import companies
from app.web.second_factor_guard import guard_second_factor
from app.web.viewing_guard import guard_viewing, viewing

F = TypeVar("F", bound=Callable[..., Any])
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
MOST_MESSAGES = 5  # That wait for the next page, within a cookie of 4 KB.
_WRITES_NOTHING, _WRITES = "writes_nothing", "writes"
_TITLES = {
    400: _("This request cannot be read"),
    403: _("You may not do this"),
    404: _("There is no such page"),
    405: _("This address does not take this kind of request"),
    409: _("Somebody was faster"),
    413: _("This file is too large"),
    422: _("This cannot be saved"),
    429: _("Too many tries; wait a moment"),
    500: _("Something went wrong"),
    503: _("This does not work at present"),
}


def install_first(app: Flask) -> None:
    """Hook in what must come before anybody touches the database. Call it before AppBuilder.init_app."""
    app.before_request(begin_transaction)


def begin_transaction() -> None:
    """Say at once that a request will write: SQLite then waits for its turn."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in WRITING and not getattr(view, _WRITES_NOTHING, False):
        begin_writing()


def writes_nothing(view: F) -> F:
    """Mark a view that answers POST and writes no row in its own transaction: it need not wait for other writers."""
    setattr(view, _WRITES_NOTHING, True)
    return view


def writes(view: F) -> F:
    """Mark a view that answers GET and writes: another site sends the browser there. It begins to write by itself."""
    setattr(view, _WRITES, True)
    return view


def install(app: Flask) -> None:
    """Hook in. Call it after AppBuilder.init_app: `g.user` must be known first."""
    app.jinja_env.globals.update(companies=companies, viewing=viewing)
    app.before_request(enter_company)
    app.before_request(guard_viewing)
    app.before_request(close_disabled_addons)
    app.before_request(guard_second_factor)
    app.before_request(guard_agreement)
    app.after_request(bound_messages)
    app.after_request(end_transaction)
    app.teardown_request(leave_company)
    app.register_error_handler(AppError, show_refusal)
    app.register_error_handler(CSRFError, show_http_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(IsolationError, show_isolation_error)
    app.register_error_handler(Exception, show_crash)


def enter_company() -> None:
    """Make the company of this log-in active if the user is a member; otherwise none.

    A REST caller may name another company in `X-Company-Id`; membership is asked all the same. Whoever looks at
    somebody else's screens stays in the company where he began.
    """
    g.request_id = secrets.token_hex(8)
    set_origin(request.remote_addr, g.request_id)
    set_active_company(None)
    if request.blueprint == "assets" or not current_user.is_authenticated:  # Files ask nothing of the database.
        set_acting_user(None)
        return
    set_acting_user(current_user.id)
    login = current_login()
    set_viewer(login.user_id if login is not None and login.user_id != current_user.id else None)
    named = request.headers.get("X-Company-Id")
    company_id = login.company_id if login and named is None else read_id(named)
    elsewhere = viewer_id() is not None and login is not None and company_id != login.company_id
    if company_id is not None and not elsewhere and is_member(current_user.id, company_id):
        set_active_company(company_id)
    elif named is not None:
        # Nothing is done in the usual company instead.
        raise NotFound("company.missing", _("There is no such company for you."), field="X-Company-Id")


def close_disabled_addons() -> None:
    """Answer 404 on every address of an add-on that this company has not switched on."""
    addon = current_app.extensions["addon_of_blueprint"].get(request.blueprint)
    if addon is not None and current_user.is_authenticated and not is_enabled(addon, active_company()):
        abort(404)


def end_transaction(response: Response) -> Response:
    """Commit a write that was answered without an error; roll back everything else."""
    view = current_app.view_functions.get(request.endpoint or "")
    if (request.method in WRITING or getattr(view, _WRITES, False)) and response.status_code < 400:
        commit()
    else:
        rollback()
    return response


def bound_messages(response: Response) -> Response:
    """Let only the newest messages wait for a page that shows them: browsers throw a full cookie away."""
    waiting = session.get("_flashes", ())
    if len(waiting) > MOST_MESSAGES:
        session["_flashes"] = waiting[-MOST_MESSAGES:]
    return response


def leave_company(_error: BaseException | None) -> None:
    """Leave nothing behind for the next request of this thread."""
    remember_company(None)
    set_acting_user(None)
    set_viewer(None)
    set_origin(None, None)


def show_refusal(error: AppError) -> Any:
    """Show a refusal that no form caught."""
    rollback()
    if _wants_json():
        return jsonify(error.to_dict()), error.http_status
    return _page(error.http_status, str(error)), error.http_status


def show_http_error(error: HTTPException) -> Any:
    """Show an HTTP error: a page for people, JSON for programs."""
    rollback()
    status = error.code or 500
    if error.response is not None:
        return error.response
    detail = _size_limit() if status == 413 else ""
    if _wants_json():
        title = str(_TITLES.get(status, error.name))
        return jsonify(error=f"http.{status}", message=f"{title}. {detail}" if detail else title), status
    return _page(status, detail), status


def _size_limit() -> str:
    return str(_("At most %(limit)s MB can be sent at once.")) % {"limit": current_app.config["UPLOAD_LIMIT_MEGABYTES"]}


def show_isolation_error(error: IsolationError) -> Any:
    """A reference into another company looks the same as one to nothing: 404. It is logged as what it is."""
    current_app.logger.warning("isolation: %s", error)
    rollback()
    return (jsonify(error="http.404", message=str(_TITLES[404])), 404) if _wants_json() else (_page(404), 404)


def show_crash(error: Exception) -> Any:
    """Log the fault with the request's number, and show that number instead of a trace."""
    rollback()
    current_app.logger.error("request %s failed", g.get("request_id"), exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    if _wants_json():
        return jsonify(error="http.500", message=str(_TITLES[500]), request=g.get("request_id")), 500
    return _page(500), 500


def _wants_json() -> bool:
    is_fragment = "HX-Request" in request.headers
    return is_fragment or request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _page(status: int, detail: str = "") -> str:
    return render_template(
        "errors/page.html",
        status=status,
        title=_TITLES.get(status, _TITLES[500]),
        detail=detail,
        request_id=g.get("request_id"),
        appbuilder=appbuilder(),
    )
