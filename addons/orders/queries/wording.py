"""Lines in words, as versions keep them."""

from collections.abc import Sequence

from addons.orders.models import Line
from addons.orders.queries.amounts import plain, words


def lines_in_words(lines: Sequence[Line]) -> list[dict[str, str]]:
    """Return lines as people read them: description, quantity, unit price and total."""
    return [
        {
            "description": line.description or "",
            "quantity": plain(line.quantity),
            "unit_price": plain(line.unit_price),
            "gross": words(line.gross),
        }
        for line in lines
    ]
