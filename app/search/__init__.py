"""Quick search: tokens filled as rows are saved, found by equality and range alone."""

# Whoever imports anything of this room has saved records indexed: the module listens to the session.
from app.search import indexing as _indexing  # noqa: F401
