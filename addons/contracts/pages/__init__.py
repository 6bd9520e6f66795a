"""Pages of contracts."""

from addons.contracts.pages.reading import ReadingPage
from addons.contracts.pages.sample import SamplePage

__all__ = ["ReadingPage", "SamplePage"]
