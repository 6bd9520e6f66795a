"""Shipments on PostgreSQL: what the benchmarks of export and search work on."""

from pathlib import Path

from _database import BenchDatabase, log_in
from psycopg import sql

__all__ = ["ShipmentsDatabase", "log_in"]

_CUSTOMERS = "华清环保工程 西溪医疗器械 江南纺织 长城机电 东方粮油 海天食品 明远物流"
_CITIES = "北京 上海 广州 深圳 杭州 成都 武汉 西安 南京 重庆"
_FILL = """
INSERT INTO {table} (company_id, version, created_at, updated_at, custom, number, customer, city, address, note, pieces,
    weight, freight, shipped_on, delivered_at, state, insured)
SELECT %(company)s, 0, now(), now(), '{{}}', 'SH-' || lpad(n::text, 8, '0'),
    (string_to_array(%(customers)s, ' '))[1 + n %% 7] || '有限公司' || n %% 977,
    (string_to_array(%(cities)s, ' '))[1 + n %% 10], '科技园路' || n %% 500 || '号' || n %% 30 || '栋',
    (%(notes)s::text[])[1 + n %% %(notes_count)s], n %% 50, (n %% 100000) * 12500, (n::bigint * 37) %% 90000000,
    date '2025-01-01' + n %% 400,
    CASE WHEN n %% 4 > 0 THEN timestamptz '2025-01-01 08:00+00' + n * interval '37 seconds' END,
    (ARRAY['packed', 'on_the_way', 'delivered'])[1 + n %% 3], n %% 5 = 0
FROM generate_series(1, %(rows)s) AS n
"""


class ShipmentsDatabase(BenchDatabase):
    """The first company with as many rows as asked for, among nineteen others."""

    addon = "shipments"

    def __init__(self, name: str, folder: Path, *, rows: int, rows_of_others: int) -> None:
        super().__init__(name, folder)
        self.rows, self.rows_of_others = rows, rows_of_others

    def fill(self, companies: list[int]) -> None:
        """Write the rows of every company."""
        from app.database.encryption import encrypt

        phones = [encrypt(f"138{number:08}") for number in range(2_000)]
        for table, notes in (
            ("shipments_shipment", ["易碎,轻放 & keep dry", "送货前请先电话联系", None]),
            ("shipments_courier", phones),
        ):
            with self.connect() as connection:
                for company in companies:
                    rows = self.rows if company == companies[0] else self.rows_of_others
                    values = {"company": company, "rows": rows, "customers": _CUSTOMERS, "cities": _CITIES}
                    statement = sql.SQL(_FILL).format(table=sql.Identifier(table))
                    connection.execute(statement, {**values, "notes": notes, "notes_count": len(notes)})
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
