"""How Chinese is read, for those who type names in Latin letters."""

from functools import lru_cache

# Characters that are read differently when they are a surname, and surnames of two characters.
_SURNAMES = {
    "曾": ["zeng"],
    "单": ["shan"],
    "單": ["shan"],
    "仇": ["qiu"],
    "区": ["ou"],
    "區": ["ou"],
    "解": ["xie"],
    "查": ["zha"],
    "盖": ["ge"],
    "蓋": ["ge"],
    "朴": ["piao"],
    "乐": ["yue"],
    "樂": ["yue"],
    "覃": ["qin"],
    "缪": ["miao"],
    "繆": ["miao"],
    "翟": ["zhai"],
    "召": ["shao"],
    "种": ["chong"],
    "员": ["yun"],
    "任": ["ren"],
    "尉迟": ["yu", "chi"],
    "尉遲": ["yu", "chi"],
    "万俟": ["mo", "qi"],
    "澹台": ["tan", "tai"],
    "长孙": ["zhang", "sun"],
    "長孫": ["zhang", "sun"],
}


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """Return the toneless readings of a text: one for each Chinese character, anything else as it stands."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # 57 MB and 0.3 s, paid by the first process that saves a name.

    return tuple(lazy_pinyin(text))


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the usual reading, then the one for a person's name where a surname is read in another way."""
    usual = syllables(text)
    for length in (2, 1):
        if (surname := _SURNAMES.get(text[:length])) and len(text) > length:
            as_name = (*surname, *syllables(text[length:]))
            return (usual,) if as_name == usual else (usual, as_name)
    return (usual,)


def pinyin(text: str) -> str:
    """Return the usual reading in one word, lower case: 重庆银行 is 'chongqingyinhang'."""
    return "".join(syllables(text)).replace(" ", "").casefold()
