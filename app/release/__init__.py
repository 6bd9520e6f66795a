"""What changes a database as its owner: releases, and the life of add-ons from installation to restoration."""

from app.release.bringing_up import release
from app.release.restoring import restore
from app.release.site import app_role, owner_engine
from app.release.uninstalling import preview, refuse_hindered, uninstall

__all__ = ["app_role", "owner_engine", "preview", "refuse_hindered", "release", "restore", "uninstall"]
