"""The registry entry of a record: made when first needed, kept true by whoever changes the record."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from app.database.base import CompanyModel
from app.database.erasure import clear_attached
from app.database.locking import is_new
from app.database.personal import clear_personal
from app.database.remembering import remembered
from app.database.session import session
from app.database.upsert import insert_unless_there
from app.documents.models import Attachment, Comment, DocumentLink, DocumentRef, LinkKind
from app.security.scope import resource_of

_Key = tuple[str, int]  # The resource, and the id of the record.


def ref_of(record: CompanyModel, resource: str) -> DocumentRef:
    """Return the registry entry of this record, making or updating it. `resource` is '<addon>.<Model>'."""
    return refresh_ref(record, resource) or _make(record, resource)


def find_ref(resource: str, record_id: int) -> DocumentRef | None:
    """Return the registry entry if there is one."""
    return _entries([(resource, record_id)]).get((resource, record_id))


def refresh_ref(record: CompanyModel, resource: str) -> DocumentRef | None:
    """Bring the registry entry up to date, if there is one: number, title, partner and state."""
    return next(iter(refresh_refs([(record, resource)])), None)


def refresh_refs(records: Iterable[tuple[CompanyModel, str]]) -> list[DocumentRef]:
    """Bring the registry entries of these records and resources up to date, as far as there are any."""
    wanted = {(resource, record.id): record for record, resource in records}
    if not wanted:
        return []
    found = _entries(wanted, new={key for key, record in wanted.items() if is_new(record)})
    for key, ref in found.items():
        for name, value in _facts(wanted[key]).items():
            if getattr(ref, name) != value:
                setattr(ref, name, value)
    session.flush()
    return list(found.values())


def erase_personal_data(record: CompanyModel) -> None:
    """Blank what a record says of a person, and what comments, reasons and the registry say with it (P:CRM-22)."""
    resource = resource_of(type(record))
    clear_personal(record)
    session.flush()
    clear_attached(resource, record.id)
    if (ref := find_ref(resource, record.id)) is not None:
        ref.title = _facts(record)["title"]  # Of whom it is stays: a file that was merged still names the other one.
        session.flush()


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
    values = {"resource": resource, "record_id": record.id, **_facts(record)}
    ref = insert_unless_there(session, DocumentRef, values)
    if ref is None:  # Somebody made it at the same moment.
        _known().pop((resource, record.id), None)
        ref = find_ref(resource, record.id)
    if ref is None:
        raise RuntimeError(f"the registry entry of {resource} {record.id} vanished")
    _known()[resource, record.id] = ref
    return ref


def _entries(keys: Iterable[_Key], *, new: Collection[_Key] = ()) -> dict[_Key, DocumentRef]:
    """Return the registry entries that there are; of records that are new only this transaction can have made one."""
    wanted, known = list(keys), _known()
    asked = [key for key in wanted if key not in known and key not in new]
    if asked:
        named = [(DocumentRef.resource == resource) & (DocumentRef.record_id == number) for resource, number in asked]
        found = session.scalars(select(DocumentRef).where(or_(*named)))
        known.update(dict.fromkeys(asked))
        known.update({(ref.resource, ref.record_id): ref for ref in found})
    return {key: ref for key in wanted if (ref := known.get(key)) is not None}


def _known() -> dict[_Key, DocumentRef | None]:
    """Return the entries that the present transaction has asked for; None is one that was not there."""
    return remembered(session, "registry_entries")


def _facts(record: Any) -> dict[str, Any]:
    state = getattr(record, "state", None)
    return {
        "number": getattr(record, "number", None),
        "title": str(record)[:200],
        "partner_id": getattr(record, "partner_id", None),
        "state": None if state is None else str(state),
    }
