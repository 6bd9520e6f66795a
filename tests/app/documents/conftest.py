"""The slips of the workflow tests, as something to comment on and to link."""

from tests.app.workflow.conftest import desk, in_one, slip_id, user

__all__ = ["desk", "in_one", "slip_id", "user"]
