"""What changes a database as its owner: releases, the life of add-ons, backups and copies of a whole database."""

from app.release.backing_up import check_backup, create_backup
from app.release.bringing_up import release
from app.release.copying import copy_database
from app.release.restoring import restore
from app.release.restoring_backup import restore_backup
from app.release.site import app_role, owner_engine
from app.release.uninstalling import preview, refuse_hindered, uninstall

__all__ = [
    "app_role",
    "check_backup",
    "copy_database",
    "create_backup",
    "owner_engine",
    "preview",
    "refuse_hindered",
    "release",
    "restore",
    "restore_backup",
    "uninstall",
]
