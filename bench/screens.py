"""What the heavy screens weigh: the editor of a role among 5,000 rights, and everything that is known of one customer.

They belong to the demonstration, on PostgreSQL behind both walls. Five thousand rights are added to its own, and the
customer is talked to 500 times. The budget is that of all pages; the editor may take a second.
"""

import json
import sys
import tempfile
from pathlib import Path

from _database import PASSWORD, BenchDatabase
from _pages import Side, by_turns
from pages import MOST_KILOBYTES, MOST_MILLISECONDS, MOST_NODES, MOST_STATEMENTS, weigh

RIGHTS, TALKS = 5_000, 500
MOST_OF_EDITOR = 1_000.0  # Milliseconds.
ROUNDS, TIMES = 3, 3
_RESOURCES = (
    "INSERT INTO ab_view_menu (name) SELECT 'bulk' || n % 25 || '.Thing' || n FROM generate_series(1, 250) AS n"
)
_RIGHTS = """
INSERT INTO ab_permission_view (permission_id, view_menu_id)
SELECT permission.id, resource.id FROM ab_view_menu AS resource,
    (SELECT id FROM ab_permission WHERE name LIKE 'can_%' ORDER BY id LIMIT 20) AS permission
WHERE resource.name LIKE 'bulk%'
"""
_TALKED_TO = "SELECT customer_id FROM reception_follow_up ORDER BY id LIMIT 1"


class DemoDatabase(BenchDatabase):
    """The demonstration on PostgreSQL, with many rights, and a customer who was talked to often."""

    @property
    def settings(self) -> dict[str, object]:
        """The settings of an app with the product's own add-ons."""
        return {**super().settings, "ADDONS_PATH": []}

    def prepare(self) -> None:
        """Make the demonstration, and let the administrator in."""
        from flask_appbuilder.security.sqla.models import User

        from app.database.session import commit, db, session
        from app.demo import COMPANIES, make_demo
        from app.release import release
        from app.security.passwords import set_password

        app = release([name for one in COMPANIES for name in one.addons], **self.settings)
        make_demo(app)
        with app.app_context():
            set_password(session.query(User).filter_by(username="admin").one(), PASSWORD, must_change=False)
            commit()
            db.engine.dispose()
        self._grow()

    def _grow(self) -> None:
        with self.connect() as connection:
            connection.execute(_RESOURCES)
            connection.execute(_RIGHTS)
            names = connection.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_name = 'reception_follow_up' AND column_name <> 'id'"
            ).fetchall()
            columns = ", ".join(name for (name,) in names)
            connection.execute(
                f"INSERT INTO reception_follow_up ({columns}) SELECT {columns} FROM "  # noqa: S608
                "(SELECT * FROM reception_follow_up ORDER BY id LIMIT 1) AS first, generate_series(1, %(talks)s)",
                {"talks": TALKS},
            )
            connection.execute("ANALYZE")

    def number(self, query: str) -> int:
        """Return the one number that a query finds."""
        with self.connect() as connection:
            found = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return int(found[0]) if found else sys.exit(f"nothing found: {query}")


def main() -> None:
    """Print the weight of each screen; exit with 1 where one is too heavy."""
    with tempfile.TemporaryDirectory() as folder, DemoDatabase("zg_bench_screens", Path(folder)) as database:
        rights = database.number("SELECT count(*) FROM ab_permission_view")
        role = database.number("SELECT id FROM ab_role WHERE name = 'reception_manager'")
        customer = database.number(_TALKED_TO)
        pages = {
            "roles": ("/roles/list/", MOST_OF_EDITOR),
            "editor of a role": (f"/roles/show/{role}", MOST_OF_EDITOR),
            "editor, one area": (f"/roles/show/{role}?area=bulk7", MOST_OF_EDITOR),
            "editor, a search": (f"/roles/show/{role}?q=thing", MOST_OF_EDITOR),
            "customer": (f"/reception/customer/show/{customer}", MOST_MILLISECONDS),
        }
        with Side("_product.py", json.dumps(database.settings), "admin") as product:
            found = by_turns([(product, address) for address, _most in pages.values()], rounds=ROUNDS, times=TIMES)
    print(f"{rights:,} rights; limits: {MOST_KILOBYTES} KB gz, {MOST_NODES} nodes, {MOST_STATEMENTS} SQL,", end=" ")
    print(f"{MOST_MILLISECONDS:.0f} ms, {MOST_OF_EDITOR:.0f} ms for roles")
    met = [
        weigh(name, page, most_milliseconds=most)
        for (name, (_address, most)), page in zip(pages.items(), found, strict=True)
    ]
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
