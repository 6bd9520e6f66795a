"""Whatever is indexed is found by any part of it that a person may type."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.database.encryption import set_personal_data_key
from app.search.tokenizer import (
    CHINESE_LENGTH,
    QUERY_WORDS,
    TOKEN_LENGTH,
    VALUE_LENGTH,
    after,
    fold,
    open_tokens,
    personal_tokens,
    read_query,
)

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)
LATIN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)


@pytest.fixture(autouse=True, scope="module")
def _key():
    set_personal_data_key("test" * 10)


def is_found(value: str, text: str, *, personal: str = "") -> bool:
    """Tell whether a record with this value, and perhaps this phone number, is found by a text."""
    tokens, hidden = open_tokens(value), personal_tokens(personal)
    words = read_query(text, include_personal=True)
    return bool(words) and all(
        bool(hidden & set(word.personal))
        or all(any(token.startswith(beginning) for token in tokens) for beginning in word.beginnings)
        for word in words
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("王小明", "王"),
        ("王小明", "明"),
        ("王小明", "小明"),
        ("王小明", "王小明"),
        ("王小明", "王明"),
        ("王小明", "wang"),
        ("王小明", "wangxiao"),
        ("王小明", "xiaoming"),
        ("王小明", "wang ming"),
        ("王小明", "WXM"),
        ("王小明", "xm"),
        ("曾国藩", "zeng"),
        ("曾国藩", "ceng"),
        ("单田芳", "shantianfang"),
        ("吕布", "lv"),
        ("吕布", "lübu"),
        ("重庆银行", "chongqing"),
        ("重庆银行", "yinhang"),
        ("阿里巴巴（中国）有限公司", "巴巴 中国"),
        ("中华人民共和国最高人民法院", "中华人民共和国最高人民法院"),
        ("Huawei Technologies", "huaw tech"),
        ("C2025110003", "c2025"),
        ("C2025110003", "0003"),
        ("PC2026-0001", "PC2026-0001"),
        ("ＡＢＣ公司", "abc公司"),
        ("A4纸 500张", "a4 纸"),
        ("𠮷野家", "𠮷野"),
        ("😀王", "王"),
    ],
)
def test_parts_find_the_whole(value, text):
    assert is_found(value, text) is (text != "王明")


@pytest.mark.parametrize(
    "text",
    ["8000", "13800138000", "138 0013 8000", "+86 138-0013-8000", "８０００", "王 8000", "王8000", "王　13800138000"],
)
def test_a_phone_is_found_whole_or_by_its_last_four(text):
    assert is_found("王小明", text, personal="13800138000")
    assert not is_found("李四", text, personal="13900139001")


@pytest.mark.parametrize("text", ["1380", "0013", "800", "80001", "13800138001"])
def test_no_other_part_of_a_phone_is_found(text):
    assert not is_found("王小明", text, personal="13800138000")


def test_an_identity_number_is_found_in_either_case():
    assert is_found("王", "11010519491231002x", personal="11010519491231002X")
    assert is_found("王", "002X", personal="11010519491231002X")


@pytest.mark.parametrize("text", ["", " ", "%%%", "_", "\x00", "\u200b", "——", "😀"])
def test_nothing_to_search_for_finds_nothing(text):
    assert read_query(text) == []


def test_a_number_typed_without_the_right_to_it_is_an_open_word():
    assert [word.personal for word in read_query("13800138000")] == [()]


def test_hostile_texts_are_read_in_part():
    assert len(read_query("a b c d e f g h i j k " * 1000)) == QUERY_WORDS


@given(CHINESE, st.data())
def test_any_part_of_a_chinese_text_finds_it(value, data):
    start = data.draw(st.integers(0, len(value) - 1))
    end = data.draw(st.integers(start + 1, len(value)))

    assert is_found(value, value[start:end])


@given(CHINESE, CHINESE)
def test_a_short_chinese_text_finds_nothing_that_lacks_it(value, text):
    assume(len(text) <= CHINESE_LENGTH and fold(text) not in fold(value))

    assert not is_found(value, text)


@given(st.lists(LATIN, min_size=1, max_size=4), st.data())
def test_the_beginnings_of_words_find_them_in_any_order(words, data):
    chosen = data.draw(st.permutations(words))
    typed = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in chosen)

    assert is_found(" ".join(words), typed)


@given(st.text())
def test_tokens_fit_their_column_and_can_be_stored(value):
    for token in open_tokens(value) | personal_tokens(value):
        assert 0 < len(token) <= TOKEN_LENGTH
        assert "\x00" not in token
        token.encode()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=VALUE_LENGTH))
def test_every_value_with_a_letter_is_found_by_itself(value):
    if open_tokens(value):
        assert is_found(value[:VALUE_LENGTH], value, personal=value) or len(read_query(value)) == QUERY_WORDS


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_the_range_of_a_beginning_holds_exactly_what_begins_so(beginning, other):
    end = after(beginning)

    for text in (beginning, beginning + other, other):
        assert (text >= beginning and (end is None or text < end)) is text.startswith(beginning)
