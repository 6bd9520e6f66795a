"""Backups of the whole installation: when one is due, where they lie, what came of each, and who hears of a failure.

Who makes, checks and restores them, with the owner's rights, is in app/release (S:CORE-16).
"""

from app.backups.alerting import BACKUP_FAILED, alert_administrators
from app.backups.asking import ask_when_due, request_backup, request_check, retention
from app.backups.files import backup_path, backups_folder, delete_unfinished, find_backup, list_files, prune
from app.backups.models import BackupRun
from app.backups.runs import ShownBackup, fail_run, record_check, record_run, shown_backups

__all__ = [
    "BACKUP_FAILED",
    "BackupRun",
    "ShownBackup",
    "alert_administrators",
    "ask_when_due",
    "backup_path",
    "backups_folder",
    "delete_unfinished",
    "fail_run",
    "find_backup",
    "list_files",
    "prune",
    "record_check",
    "record_run",
    "request_backup",
    "request_check",
    "retention",
    "shown_backups",
]
