"""What search tokens cost: saves with and without them, and how fast they are made anew. PostgreSQL, both walls on."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from _shipments import ShipmentsDatabase
from sqlalchemy import event

SAVES = 150
RECORDS = 50_000
MOST_COST = 1.25  # Of the time of a save without tokens.
LEAST_PACE = 1_000  # Records whose tokens are made in a second: a million in less than 17 minutes.
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂芝文辉玲红玉建国庆华"


def name(number: int) -> str:
    """Return one of the names that people have."""
    given = GIVEN[number * 7 % len(GIVEN)] + (GIVEN[number * 11 % len(GIVEN)] if number % 3 else "")
    return SURNAMES[number % len(SURNAMES)] + given


def save_times(company: int) -> dict[bool, float]:
    """Return the median seconds of opening a partner's file, with tokens (True) and without, by turns."""
    from flask_appbuilder.security.sqla.models import User

    from app.database.isolation import CompanySession
    from app.database.session import as_company, commit, session
    from app.masterdata.partners import PartnerDetails, create_partner
    from app.search import indexing

    times: dict[bool, list[float]] = {True: [], False: []}
    with as_company(company):
        for number in range(2 * SAVES):
            with_tokens = number % 2 == 0
            if not with_tokens:
                event.remove(CompanySession, "after_flush", indexing._after_flush)  # noqa: SLF001
            actor = session.scalars(sa.select(User)).first()
            started = time.perf_counter()
            create_partner(PartnerDetails(name=name(number), phone=f"138{number:08}"), actor=actor)
            commit()
            times[with_tokens].append(time.perf_counter() - started)
            if not with_tokens:
                event.listen(CompanySession, "after_flush", indexing._after_flush)  # noqa: SLF001
    return {with_tokens: statistics.median(seconds) for with_tokens, seconds in times.items()}


def rebuild_pace(company: int) -> float:
    """Return for how many records a second tokens are made."""
    from app.database.session import as_company, commit, session
    from app.masterdata.models import Partner
    from app.search.indexing import rebuild

    with as_company(company):
        rows = [{"name": name(number), "name_key": name(number)} for number in range(RECORDS)]
        session.execute(sa.insert(Partner), rows)
        commit()
        started = time.perf_counter()
        count = rebuild(session, Partner)
        commit()
        return count / (time.perf_counter() - started)


def query_time(company: int, text: str) -> float:
    """Return the median seconds of the first fifty matches, newest first."""
    from app.database.session import as_company, session
    from app.masterdata.models import Partner
    from app.search.query import matching_ids

    def ask() -> float:
        started = time.perf_counter()
        found = Partner.id.in_(matching_ids(Partner, text, include_personal=True))
        session.execute(sa.select(Partner.id).where(found).order_by(Partner.id.desc()).limit(50)).all()
        return time.perf_counter() - started

    with as_company(company):
        return statistics.median(ask() for _turn in range(15))


def report(label: str, value: float, limit: float, met: Callable[[float, float], bool]) -> bool:
    """Print one measurement against its limit and return whether it holds."""
    held = met(value, limit)
    print(f"  {label:<44} {value:10,.2f}   limit {limit:,.2f}   {'ok' if held else 'MISSED'}")
    return held


def main() -> int:
    """Measure, print, and return 1 if a limit was missed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ShipmentsDatabase("zhanggui_bench_search", Path(folder), rows=0, rows_of_others=0) as database,
    ):
        from app.companies.models import Company
        from app.database.session import db, session
        from app.factory import create_app

        app = create_app(["shipments"], **database.settings)
        with app.app_context():
            company = session.scalars(sa.select(Company.id).order_by(Company.id)).first()
            times = save_times(company)
            held = [
                report("a save with tokens / without", times[True] / times[False], MOST_COST, float.__le__),
                report("records a second in a rebuild", rebuild_pace(company), LEAST_PACE, float.__ge__),
            ]
            for text in ("王伟", "兰", "wang", "huangfang", "王 0042", "13800000042"):
                print(f"  {text:<44} {query_time(company, text) * 1000:10.2f} ms among {RECORDS:,} records")
            db.session.remove()
            db.engine.dispose()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
