"""Every list of a hand-made page leaves as Excel and CSV: administrators work on in a spreadsheet."""

import re

from app.web.exported_lists import LIST_FILES
from tests.architecture.source import ROOT, project_files, relative

TEMPLATES = ROOT / "app" / "templates"
NAMED = re.compile(r"""["']([a-z_]+/[a-z_]+\.html)["']""")
OFFERED = re.compile(r"export_menu\(['\"]([a-z-]+)['\"]\)")
# Pages of app/web and app/security that are no list, and why.
NO_LIST = {
    "agreements/agreement.html": "The text of an agreement, to be signed.",
    "agreements/paper.html": "A form; the signatures are a generated list.",
    "agreements/recipient.html": "A question before something is done.",
    "announcements/announcement.html": "One announcement.",
    "approvals/chain.html": "A form: one chain.",
    "apps/maintenance.html": "A question before something is done.",
    "backups/list.html": "Has an Excel file of its own, for who administers the platform.",
    "backups/lines.html": "The rows of the list above, while a backup runs.",
    "cleaning/desk.html": "A form; the cleanings are a generated list.",
    "companies/home_cards.html": "A form: the figures of each role.",
    "companies/view_as.html": "A form; the views are a generated list.",
    "online/mark.html": "The state of one function.",
    "online/functions.html": "The state of each function, with a button to try it.",
    "security/logged_out.html": "A farewell.",
    "statistics/monitor.html": "Numbers that lead to the lists they count, which are exported.",
    "statistics/other.html": "Ways to the statistics of each list, which are exported.",
    "apps/preview.html": "A question before something is done.",
    "companies/first_passwords.html": "Passwords are shown once, and kept nowhere.",
    "companies/new_user.html": "A form.",
    "companies/why.html": "The answer to one question.",
    "crud/attachment_list.html": "Files of one record, each of which is fetched by itself.",
    "errors/page.html": "A refusal.",
    "jobs/job.html": "One job; what an import found wrong has a file of its own.",
    "jobs/offer.html": "A question before something is done.",
    "masterdata/number_series.html": "One series of the list.",
    "parameters/body.html": "One value of the list.",
    "notices/elsewhere.html": "A question about one link.",
    "notices/preferences.html": "A form.",
    "reports/report.html": "Reports have their own Excel and PDF.",
    "security/change_password.html": "A form.",
    "security/field_changes.html": "A question before something is done.",
    "security/invitation.html": "A form.",
    "security/login_code.html": "A form.",
    "security/recovery_codes.html": "Codes are shown once, and kept nowhere.",
    "security/role.html": "A form: the rights of one role.",
    "security/role_changes.html": "A question before something is done.",
    "security/role_fields.html": "A form.",
    "security/second_factor.html": "A form.",
    "shell/recent.html": "The search of every page.",
    "shell/palette_found.html": "The search of every page.",
    "todo/urgent.html": "The beginning of the to-do list, which is exported.",
}


def pages():
    """Return the templates that the pages of app/web and app/security name, with who names each."""
    found = {}
    for path in project_files(".py"):
        if relative(path).startswith(("app/web/", "app/security/")):
            found.update(dict.fromkeys(NAMED.findall(path.read_text("utf-8")), relative(path)))
    return found


def offered(template):
    """Return the lists that a template offers as files; "file_name" where the view says which."""
    text = (TEMPLATES / template).read_text("utf-8")
    return OFFERED.findall(text) + (["file_name"] if "export_menu(file_name)" in text else [])


def test_the_search_for_pages_finds_them():
    assert {"companies/members.html", "security/account.html", "masterdata/numbering.html"} <= pages().keys()


def test_every_list_offers_its_export():
    bare = {name: by for name, by in pages().items() if name not in NO_LIST and not offered(name)}
    assert not bare, (
        f"These pages show a list that nobody can take into a spreadsheet: {bare}. Declare a ListFile beside the page "
        "(app/web/numbering_page.py shows how), add it to LIST_FILES in app/web/exported_lists.py, and offer it in the "
        "template: {{ export_menu('name') }} of macros/list_files.html. If the page is no list, say so in NO_LIST here."
    )


def test_every_reason_is_still_needed():
    assert not NO_LIST.keys() - pages().keys()
    assert [name for name in NO_LIST if offered(name)] == []


def test_what_is_offered_is_what_there_is():
    written = {name for template in pages() for name in offered(template)} - {"file_name"}
    by_view = set()
    for path in project_files(".py"):
        if relative(path).startswith("app/security/"):
            by_view |= set(re.findall(r'file_name = "([a-z-]+)"', path.read_text("utf-8")))
    assert written | by_view == {one.name for one in LIST_FILES}
    assert len(LIST_FILES) == len({one.name for one in LIST_FILES})
