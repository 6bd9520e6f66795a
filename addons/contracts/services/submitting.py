"""Submitting a contract: all is filled, the Word file is made, the version is locked, the reviewers are asked."""

import datetime as dt
import hashlib

from addons.contracts.choices import ClauseKind, ContractState, ReviewKind, ReviewState
from addons.contracts.events import ContractSubmitted
from addons.contracts.models import Contract, Edition, Review
from addons.contracts.parameters import APPROVAL_FROM, BRANCH_CHAIN, REQUIRED_CLAUSES, REVIEWERS, TERM_FIELDS
from addons.contracts.queries import FIELDS, LISTS, last_edition, local_day, open_reviews, values_of
from addons.contracts.services.drafting import Deal, check_plan, draft_from
from addons.contracts.services.telling import tell_owner, tell_reviewers
from addons.contracts.workflow import CONTRACT_WORKFLOW, REVIEW_WORKFLOW
from app.sdk.database import lock_rows, session
from app.sdk.documents import keep_generated, read_attachment, ref_of
from app.sdk.errors import ConfigurationError, ValidationError
from app.sdk.events import publish
from app.sdk.i18n import _, humanize
from app.sdk.models import User

_MARKS = ("{{", "}}", "{%", "%}")


@CONTRACT_WORKFLOW.transition("confirm_read")
def confirm_read(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    """Note that the actor has read and understood the clauses; a change of the draft takes it back (P:CON-04)."""
    contract.read_confirmed_at, contract.read_confirmed_by_id = now, actor.id


@CONTRACT_WORKFLOW.transition("submit")
def submit_contract(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    """Lock a version and send it to its reviewers.

    Raises ValidationError naming the clause or field that is blank (P:CON-03, P:CON-05, P:CON-07, S:CON-01) (R1).
    """
    today = local_day(now)
    _check_clauses(contract, today)
    check_plan(contract)
    _lock_edition(contract, actor=actor, now=now)
    _ask_reviewers(contract, today=today)
    publish(ContractSubmitted(company_id=contract.company_id, contract_id=contract.id))
    session.refresh(contract, ["reviews"])
    tell_reviewers(contract, now=now)
    pass_if_small(contract, actor=actor, now=now)


def pass_if_small(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    """Approve by itself what lies below the amount from which the leader approves, once all reviews agree."""
    if contract.amount < APPROVAL_FROM.value(contract.doc_date) and not open_reviews(contract):
        pass_small(contract, actor=actor, now=now)


@CONTRACT_WORKFLOW.transition("pass_small")
def pass_small(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    """Note that the amount needs no leader (P:CON-06)."""
    contract.approved_on = local_day(now)


def draft_text(contract: Contract) -> str | None:
    """Return what the contract would say if it were submitted now; blanks show as such. None without a file."""
    from addons.contracts.services import word  # noqa: PLC0415  # 5 MB, paid by the first process that reads a Word file.

    if contract.template.file is None:
        return None
    values = {name: value or ("—" if name not in LISTS else []) for name, value in values_of(contract).items()}
    return word.text_of(word.fill_template(read_attachment(contract.template.file), values))


def _check_clauses(contract: Contract, today: dt.date) -> None:
    known = {kind.value for kind in ClauseKind}
    wanted = dict.fromkeys([*REQUIRED_CLAUSES.value(today), *TERM_FIELDS.value(today)])
    for name in wanted:
        if name not in known:
            raise ConfigurationError(f"contracts: there is no clause named {name!r}")
        if not (getattr(contract, name) or "").strip():
            raise ValidationError(
                "contract.clause", _("The clause “%(label)s” is blank."), field=name, label=_(humanize(name))
            )
    for name in (*sorted(known), "subject"):
        text = getattr(contract, name) or ""
        if any(mark in text for mark in _MARKS):
            raise ValidationError(
                "contract.mark",
                _("“%(label)s” still has a place to be filled: %(place)s."),
                field=name,
                label=_(humanize(name)),
                place=text[max(0, min(text.find(m) for m in _MARKS if m in text)) :][:40],
            )


def _lock_edition(contract: Contract, *, actor: User, now: dt.datetime) -> None:
    from addons.contracts.services import word  # noqa: PLC0415  # As above.

    template, values = contract.template, values_of(contract)
    if template.file is None:
        raise ValidationError("contract.no_file", _("The template has no Word file."), field="template_id")
    for name in template.required:
        if not values[name]:
            raise ValidationError(
                "contract.placeholder",
                _("The template asks for “%(label)s”, which is blank."),
                field=name if hasattr(contract, name) else "partner_id" if name.startswith("buyer") else "template_id",
                label=FIELDS[name].label,
            )
    content = word.fill_template(read_attachment(template.file), values)
    before = last_edition(contract)
    contract.revision = before.revision + 1 if before is not None else 1
    kept = keep_generated(
        ref_of(contract, CONTRACT_WORKFLOW.resource),
        name=f"{contract.subject} v{contract.revision}.docx",
        content=content,
        actor=actor,
        now=now,
    )
    session.add(
        Edition(
            contract_id=contract.id,
            revision=contract.revision,
            template_id=template.id,
            amount=contract.amount,
            made_at=now,
            text=word.text_of(content),
            filled={name: values[name] for name in template.placeholders if name not in LISTS},
            file_id=kept.id,
            sha256=hashlib.sha256(content).hexdigest(),
        )
    )
    session.flush()


def _ask_reviewers(contract: Contract, *, today: dt.date) -> None:
    kinds = [name.strip() for name in REVIEWERS.value(today) if name.strip()]
    unknown = [name for name in kinds if name not in set(ReviewKind)]
    if unknown:
        raise ConfigurationError(f"contracts.reviewers: there is no reviewer named {unknown[0]!r}")
    if contract.is_out_stationed and BRANCH_CHAIN.value(today) == "by_branch":
        kinds += [ReviewKind.BRANCH.value, ReviewKind.HEADQUARTERS.value]
    for kind in dict.fromkeys(kinds):
        session.add(
            Review(
                contract_id=contract.id,
                revision=contract.revision,
                kind=ReviewKind(kind),
                state=ReviewState.PENDING,
                owner_id=contract.owner_id,
                org_unit_id=contract.org_unit_id,
                created_by_id=contract.created_by_id,
            )
        )
    session.flush()


@CONTRACT_WORKFLOW.transition("fall_back")
def fall_back(contract: Contract, *, actor: User | None) -> None:
    """Make it a draft again."""


@CONTRACT_WORKFLOW.transition("reopen")
def reopen_amendment(contract: Contract, *, actor: User | None) -> None:
    """Go on amending what was signed before."""


def send_back(contract: Contract, *, actor: User | None) -> None:
    """Return a contract to whoever drafts it; reviews that were not given fall away."""
    for review in open_reviews(contract):
        drop_review(review, actor=actor)
    contract.read_confirmed_at = contract.read_confirmed_by_id = contract.approved_on = None
    if contract.is_signed:
        reopen_amendment(contract, actor=actor)
    else:
        fall_back(contract, actor=actor)


def base_on(contract: Contract, deal: Deal, *, now: dt.datetime) -> None:
    """Base an unsigned contract on the document that took its own over; a locked version is read and reviewed anew."""
    lock_rows(contract)
    if contract.state is not ContractState.DRAFT:
        send_back(contract, actor=None)
        tell_owner(
            contract, _("“%(record)s” was returned: the order of its reservation asks for the price now."), now=now
        )
    contract.source_id = deal.source.id
    session.flush()
    session.expire(contract, ["source"])
    draft_from(deal)


@REVIEW_WORKFLOW.transition("drop")
def drop_review(review: Review, *, actor: User | None) -> None:
    """Note that nobody need review it any more."""
