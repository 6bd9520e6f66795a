"""The fields that templates may name, and what a template looks like with samples in them."""

from typing import Any

from addons.contracts import queries, services
from addons.contracts.models import Template
from app.sdk.i18n import _, humanize
from app.sdk.models import User
from app.sdk.views import Page


class SamplePage(Page):
    """Lists the fields; with a template, marks those that it names, and shows it filled (P:CON-03)."""

    resource = "contracts.Sample"
    title = _("Fields of templates")
    template = "contracts/sample.html"
    lookups = {"template": Template}  # noqa: RUF012  # As FAB's views are configured.

    @staticmethod
    def context(*, actor: User, arguments: dict[str, str]) -> dict[str, Any]:
        """Return the fields, and the template with samples."""
        template = queries.find_visible(Template, queries.read_key(arguments.get("template", "")), actor=actor)
        named = template.placeholders if template is not None else []
        rows = []
        for name, field in queries.FIELDS.items():
            columns = queries.LISTS.get(name)
            place = f"{{{{ {name} }}}}" if columns is None else f"{{% for row in {name} %}}"
            inner = ", ".join(f"{{{{ row.{column} }}}} {_(humanize(column))}" for column in columns or ())
            rows.append({"place": place, "label": field.label, "sample": inner or field.sample, "used": name in named})
        text = services.preview_template(template) if template is not None else None
        return {"template_record": template, "rows": rows, "text": text}
