"""The font of printed pages: it has Latin and Chinese, and comes with the browser files fetched at set-up."""

from pathlib import Path

from app.errors import ConfigurationError

_CJK_FONT = Path(__file__).resolve().parent.parent / "static" / "vendor" / "NotoSansSC-Regular.otf"


def cjk_font_path() -> Path:
    """Return the font's file; ConfigurationError where set-up has not fetched it."""
    if not _CJK_FONT.is_file():
        raise ConfigurationError(f"the font {_CJK_FONT.name} for printed pages is missing: run 'make assets'")
    return _CJK_FONT
