"""How receipts look on paper."""

import base64

from addons.payments.choices import PaperSize
from addons.payments.models import ReceiptDesign
from addons.payments.queries.designs import find_design
from app.sdk.database import session
from app.sdk.errors import ValidationError
from app.sdk.i18n import _
from app.sdk.masterdata import clean_text
from app.sdk.models import User

_LONGEST = {"title": 80, "footer": 400}


def save_design(
    *,
    actor: User,
    paper: PaperSize,
    title: str | None = None,
    footer: str | None = None,
    logo: bytes | None = None,
    seal: bytes | None = None,
    dropped: frozenset[str] = frozenset(),
) -> ReceiptDesign:
    """Say how receipts look; a picture that is not sent stays, one that is named in `dropped` goes.

    Raises ValidationError for a title or a footer that is too long (R4).
    """
    design = find_design() or ReceiptDesign()
    design.paper = paper
    for name, typed in (("title", title), ("footer", footer)):
        text = clean_text(typed)
        if len(text or "") > _LONGEST[name]:
            raise ValidationError("design.long", _("%(limit)s characters at most."), field=name, limit=_LONGEST[name])
        setattr(design, name, text)
    for name, content in (("logo", logo), ("seal", seal)):
        if content is not None:
            setattr(design, name, base64.b64encode(content).decode())
        elif name in dropped:
            setattr(design, name, None)
    session.add(design)
    session.flush()
    return design
