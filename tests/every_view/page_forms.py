"""What a page has for a browser to send: its forms with what stands in them, and links to what else it holds."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = {"text", "number", "date", "search", "tel", "email", "url", "month", "textarea"}


@dataclass
class PageForm:
    """One form: where it goes, what stands in each field, and which fields are typed into."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)


class PageForms(HTMLParser):
    """Finds the forms and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field of it, or a link."""
        given = {name: value or "" for name, value in attrs}
        self.links.extend(given[name] for name in ("href", "hx-get") if given.get(name))
        if tag == "form":
            self.forms.append(PageForm(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in self.forms[-1].values:
                self.forms[-1].values[self._select] = given.get("value", "")
        elif tag in ("input", "textarea", "select", "button") and self.forms and given.get("name"):
            self._note_field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Note that a list of choices ends."""
        if tag == "select":
            self._select = ""

    def _note_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given["name"]
        if tag == "select":
            self._select = name
            return
        form.values.setdefault(name, given.get("value", ""))
        if (tag if tag == "textarea" else given.get("type", "text")) in TYPED:
            form.typed.add(name)
