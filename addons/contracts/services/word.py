"""Word files of templates: what is refused, which fields they name, how they are filled, and what they say as text.

A template is somebody else's program, so its language is cut down to naming fields, asking whether they are filled, and
going through a list; everything else is refused before it is ever run.
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.sdk.errors import Text, ValidationError
from app.sdk.i18n import _

Rows = Mapping[str, Collection[str]]  # The names of lists or of their rows, with what each row has.
MEGABYTE = 2**20
LARGEST_FILE = 5 * MEGABYTE
LARGEST_PART = 8 * MEGABYTE  # One file within, unpacked.
LARGEST_WHOLE = 40 * MEGABYTE
MOST_PARTS = 500
_LOOP = frozenset({"first", "last", "index"})
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Const)
_COMMANDS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|RD)\b", re.IGNORECASE)
_INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)")
_PLACE = re.compile(r"\{[{%](?:(?!\{[{%]).)*", re.DOTALL)  # From where a place begins to where the next one does.
_TAG = re.compile(r"<[^>]*>")
_SHOWN = 40  # Characters of a place that a message repeats.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class ReadTemplate:
    """What a template says: the fields that it names, those that must be filled, and its text with their places."""

    placeholders: list[str]
    required: list[str]
    text: str


def read_template(content: bytes, *, fields: Collection[str], lists: Rows) -> ReadTemplate:
    """Return what a Word file says, if it may be a template.

    `fields` are the names that it may use; `lists` those that it may go through, with the names of their columns.
    Raises ValidationError for a file that is too large, is no Word file, carries macros, embedded objects or links to
    the outside, or says more than the names of fields (P:CON-02, R4).
    """
    _check_package(content)
    try:
        template = DocxTemplate(io.BytesIO(content))
        sources = list(_sources(template))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise _refusal("template.word", _("This is no Word file (.docx) that can be read.")) from error
    reader = _Reader(fields, lists)
    for source in sources:
        reader.read(_parsed(source), {})
    required = [name for name, is_required in reader.found.items() if is_required]
    return ReadTemplate(list(reader.found), required, text_of(content))


def fill_template(content: bytes, values: Mapping[str, Any]) -> bytes:
    """Return the Word file with all its places filled. The file was read by `read_template` before."""
    template = DocxTemplate(io.BytesIO(content))
    template.render(_clean(values), jinja_env=_environment(), autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def text_of(content: bytes) -> str:
    """Return the text of a Word file, a line for each paragraph and each row of a table."""
    return "\n".join(line for line in _lines(Document(io.BytesIO(content))) if line)


def _check_package(content: bytes) -> None:
    if len(content) > LARGEST_FILE:
        raise _refusal("template.size", _("A template has at most %(limit)s MB."), limit=LARGEST_FILE // MEGABYTE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            infos = package.infolist()
            whole = sum(info.file_size for info in infos)
            if len(infos) > MOST_PARTS or whole > LARGEST_WHOLE or any(i.file_size > LARGEST_PART for i in infos):
                raise _refusal(
                    "template.size",
                    _("Unpacked, a template has at most %(limit)s MB."),
                    limit=LARGEST_WHOLE // MEGABYTE,
                )
            for info in infos:
                _check_part(info.filename, package.read(info))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refusal("template.word", _("This is no Word file (.docx) that can be read.")) from error


def _check_part(name: str, content: bytes) -> None:
    """Refuse what does something when the file is opened."""
    lower = name.lower()
    if "vbaproject" in lower or "vbadata" in lower or b"macroEnabled" in content:
        raise _refusal("template.macro", _("It carries macros. Save it as a Word file without macros (.docx)."))
    if "/embeddings/" in lower or "/activex/" in lower or lower.endswith((".bin", ".exe")):
        raise _refusal("template.object", _("It carries an embedded object (%(name)s)."), name=name)
    if not lower.endswith((".xml", ".rels")):
        return
    try:
        root = fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError) as error:
        raise _refusal("template.word", _("This is no Word file (.docx) that can be read.")) from error
    if lower.endswith(".rels"):
        for relation in root:
            _check_relation(relation.attrib)
    for first, second in _INSTRUCTION.findall(content):
        if _COMMANDS.search((first or second).decode("utf-8", "replace")):
            raise _refusal("template.external", _("It reads from outside of the file (%(name)s)."), name="field code")


def _check_relation(attributes: Mapping[str, str]) -> None:
    """Refuse links to the outside; the address of a hyperlink alone does nothing until somebody follows it."""
    if attributes.get("TargetMode", "").lower() != "external":
        return
    kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
    if kind == "hyperlink" and target.lower().startswith(("http://", "https://", "mailto:")):
        return
    raise _refusal(
        "template.external", _("It reads from outside of the file (%(name)s)."), name=f"{kind} {target}"[:80]
    )


def _sources(template: DocxTemplate) -> Iterator[str]:
    """Return the parts of the file that are filled, as they are read when it is filled."""
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.parts:
        if part.content_type.endswith("footnotes+xml"):
            yield template.patch_xml(part.blob.decode("utf-8"))
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield getattr(properties, name) or ""


def _parsed(source: str) -> nodes.Template:
    try:
        return _environment().parse(source)
    except TemplateSyntaxError as error:
        wrong = _wrong_place(source)
        if wrong is None:
            raise _refusal(
                "template.syntax", _("An “if” or “for” has no end, or an “endif” or “endfor” has no beginning.")
            ) from error
        raise _refusal(
            "template.syntax", _("A place to be filled is not written correctly: “%(name)s”."), name=wrong
        ) from error


def _wrong_place(source: str) -> str | None:
    """Return the first place that is not closed or cannot be read by itself; None if each can, but not all together."""
    for place in _PLACE.findall(_TAG.sub("", source)):
        whole, closer, _rest = place.partition("}}" if place.startswith("{{") else "%}")
        if not closer or (closer == "}}" and not _is_readable(whole + closer)):
            return f"{whole}{closer}"[:_SHOWN].strip()
    return None


def _is_readable(place: str) -> bool:
    try:
        _environment().parse(place)
    except TemplateSyntaxError:
        return False
    return True


class _Reader:
    """Goes through what a template says, and refuses all but names of fields, conditions and loops over lists.

    `found` tells of each name whether it must be filled: what is asked for by "if", or stands below one, need not be.
    """

    def __init__(self, fields: Collection[str], lists: Rows) -> None:
        self.fields, self.lists = fields, lists
        self.found: dict[str, bool] = {}

    def read(self, node: nodes.Node, rows: Rows, *, required: bool = True) -> None:
        """Read a node; `rows` are the names of loop variables here, with what they have."""
        if isinstance(node, nodes.For):
            self._read_loop(node, rows)
        elif isinstance(node, nodes.Getattr):
            self._read_column(node, rows)
        elif isinstance(node, nodes.Name):
            self._read_field(node.name, required=required)
        elif isinstance(node, _PLAIN):
            for child in node.iter_child_nodes():
                self.read(child, rows, required=required and not isinstance(node, nodes.If))
        else:
            raise _refusal(
                "template.command",
                _("A template names fields, asks “if” and goes through lists with “for”; “%(what)s” is not allowed."),
                what=type(node).__name__,
            )

    def _read_field(self, name: str, *, required: bool) -> None:
        if name not in self.fields and name not in self.lists:
            raise _refusal("template.field", _("There is no field “%(name)s”. See the list of fields."), name=name[:80])
        self.found[name] = self.found.get(name, False) or required

    def _read_loop(self, node: nodes.For, rows: Rows) -> None:
        name: str = getattr(node.iter, "name", "")
        if rows or name not in self.lists or not isinstance(node.target, nodes.Name) or node.test or node.recursive:
            raise _refusal(
                "template.loop", _("“for” goes through one of the lists only: %(lists)s."), lists=", ".join(self.lists)
            )
        self.found.setdefault(str(name), False)
        inner = {node.target.name: self.lists[name], "loop": _LOOP}
        for child in (*node.body, *node.else_):
            self.read(child, inner)

    def _read_column(self, node: nodes.Getattr, rows: Rows) -> None:
        owner: str = getattr(node.node, "name", "")
        if owner not in rows or node.attr not in rows[owner]:
            raise _refusal(
                "template.field",
                _("There is no field “%(name)s”. See the list of fields."),
                name=f"{owner or '…'}.{node.attr}"[:80],
            )


def _environment() -> ImmutableSandboxedEnvironment:
    """Return a language without functions, filters and tests: nothing but the values that are handed to it."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


def _clean(value: Any) -> Any:
    """Return values without the control characters that XML knows not."""
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return _CONTROL.sub("", str(value).replace("\r\n", "\n"))


def _lines(document: WordDocument) -> Iterator[str]:
    for section in document.sections[:1]:
        for paragraph in section.header.paragraphs:
            yield paragraph.text.strip()
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield from (line.strip() for line in block.text.splitlines())
        elif isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells))
    for section in document.sections[:1]:
        for paragraph in section.footer.paragraphs:
            yield paragraph.text.strip()


def _refusal(code: str, message: Text, **data: Any) -> ValidationError:
    return ValidationError(code, message, field="file", **data)
