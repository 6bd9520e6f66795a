"""Word files for tests: honest templates, and hostile ones."""

import io
import zipfile

from docx import Document

PLAIN = (
    "合同",
    "甲方：{{ seller }}",
    "乙方：{{ buyer }}{% if others %}（另有共同买方）{% endif %}",
    "标的：{{ subject }}，总价 {{ amount }} 元（{{ amount_in_words }}）",
    "交付：{{ delivery_date }}，{{ delivery_terms }}",
    "违约责任：{{ breach_terms }}",
    "{% for row in plan %}{{ row.kind }} {{ row.amount }} {{ row.due_on }}；{% endfor %}",
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def word(*paragraphs: str, header: str = "", title: str = "") -> bytes:
    """Return a Word file of these paragraphs; without any, a template that fits."""
    document = Document()
    for text in paragraphs or PLAIN:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = header
    document.core_properties.title = title
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(content: bytes, name: str, part: bytes | None = None, *, old: bytes = b"", new: bytes = b"") -> bytes:
    """Return the file with one part added or replaced, or with some bytes of it exchanged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == name and part is None:
                assert old in data
                data = data.replace(old, new)
            if info.filename != name or part is None:
                target.writestr(info.filename, data)
        if part is not None:
            target.writestr(name, part)
    return out.getvalue()
