"""The registry entry of a record: made when first needed, kept true by whoever changes the record."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from app.database.base import CompanyModel
from app.database.erasure import clear_attached
from app.database.personal import clear_personal
from app.database.session import session
from app.documents.models import Attachment, Comment, DocumentLink, DocumentRef, LinkKind
from app.security.scope import resource_of


def ref_of(record: CompanyModel, resource: str) -> DocumentRef:
    """Return the registry entry of this record, making or updating it. `resource` is '<addon>.<Model>'."""
    return refresh_ref(record, resource) or _make(record, resource)


def find_ref(resource: str, record_id: int) -> DocumentRef | None:
    """Return the registry entry if there is one."""
    return session.scalar(
        select(DocumentRef).where(DocumentRef.resource == resource, DocumentRef.record_id == record_id)
    )


def refresh_ref(record: CompanyModel, resource: str) -> DocumentRef | None:
    """Bring the registry entry up to date, if there is one: number, title, partner and state."""
    return next(iter(refresh_refs([(record, resource)])), None)


def refresh_refs(records: Iterable[tuple[CompanyModel, str]]) -> list[DocumentRef]:
    """Bring the registry entries of these records and resources up to date, as far as there are any."""
    wanted = {(resource, record.id): record for record, resource in records}
    if not wanted:
        return []
    named = [
        (DocumentRef.resource == resource) & (DocumentRef.record_id == record_id) for resource, record_id in wanted
    ]
    found = list(session.scalars(select(DocumentRef).where(or_(*named))))
    for ref in found:
        for name, value in _facts(wanted[ref.resource, ref.record_id]).items():
            setattr(ref, name, value)
    session.flush()
    return found


def erase_personal_data(record: CompanyModel) -> None:
    """Blank what a record says of a person, and what comments, reasons and the registry say with it (P:CRM-22)."""
    resource = resource_of(type(record))
    clear_personal(record)
    session.flush()
    clear_attached(resource, record.id)
    refresh_ref(record, resource)


def hand_on_comments(source: CompanyModel, target: CompanyModel) -> None:
    """Show what was said about one record, and its files, at another one, into which it was merged."""
    ref = find_ref(resource_of(type(source)), source.id)
    if ref is not None:
        kept = ref_of(target, resource_of(type(target)))
        for model in (Comment, Attachment):
            for row in session.scalars(select(model).where(model.ref_id == ref.id)):
                row.ref_id = kept.id
        session.flush()


def link_documents(
    source: DocumentRef,
    target: DocumentRef,
    *,
    kind: LinkKind,
    quantity: Decimal | None = None,
    amount: Decimal | None = None,
) -> DocumentLink:
    """Say what one document does to another. Each pair is linked once per kind."""
    link = DocumentLink(source_id=source.id, target_id=target.id, kind=kind, quantity=quantity, amount=amount)
    session.add(link)
    session.flush()
    return link


def list_links(ref: DocumentRef) -> list[DocumentLink]:
    """Return the links from and to this document, oldest first."""
    return list(
        session.scalars(
            select(DocumentLink)
            .where((DocumentLink.source_id == ref.id) | (DocumentLink.target_id == ref.id))
            .order_by(DocumentLink.id)
        )
    )


def _make(record: CompanyModel, resource: str) -> DocumentRef:
    session.flush()  # A new record gets its id.
    ref = DocumentRef(resource=resource, record_id=record.id, **_facts(record))
    try:
        with session.begin_nested():
            session.add(ref)
    except IntegrityError:  # Somebody made it at the same moment.
        found = find_ref(resource, record.id)
        if found is None:
            raise
        return found
    return ref


def _facts(record: Any) -> dict[str, Any]:
    state = getattr(record, "state", None)
    return {
        "number": getattr(record, "number", None),
        "title": str(record)[:200],
        "partner_id": getattr(record, "partner_id", None),
        "state": None if state is None else str(state),
    }
