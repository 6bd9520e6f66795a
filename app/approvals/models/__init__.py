"""Tables of approvals."""

from app.approvals.models.approval_file import ApprovalFile, FileState
from app.approvals.models.chain import ApprovalChain, ChainState
from app.approvals.models.deputy import ApprovalDeputy
from app.approvals.models.line import ApprovalLine, Verdict
from app.approvals.models.taking_part import stood_in_for, waiting
from app.approvals.models.task import ApprovalTask, TaskState

__all__ = [
    "ApprovalChain", "ApprovalDeputy", "ApprovalFile", "ApprovalLine", "ApprovalTask", "ChainState", "FileState",
    "TaskState", "Verdict", "stood_in_for", "waiting",
]  # fmt: skip
