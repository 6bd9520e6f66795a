"""What a printed page says about itself."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class PageHead:
    """What stands around the table. `subtitle` says for which period and filters; `printed_at` is an instant."""

    company: str
    title: str
    printed_at: dt.datetime
    printed_by: str
    subtitle: str = ""
