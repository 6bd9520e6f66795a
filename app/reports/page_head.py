"""What a printed page says about itself."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PaperLook:
    """How a document looks on paper: `size` is "a4", or "a5" for half a page on its side.

    `title` stands for the company's name; `footer` above the lines to sign. `logo` and `seal`, a PNG or a JPEG each,
    stand in the upper right corner and over the lines to sign.
    """

    size: str = "a4"
    title: str = ""
    footer: str = ""
    logo: bytes | None = None
    seal: bytes | None = None


@dataclass(frozen=True)
class PageHead:
    """What stands around the table. `subtitle` says for which period and filters; `printed_at` is an instant."""

    company: str
    title: str
    printed_at: dt.datetime
    printed_by: str
    subtitle: str = ""
    look: PaperLook = field(default_factory=PaperLook)
