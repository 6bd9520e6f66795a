"""The lists of hand-made pages that can be had as files."""

from app.web.list_files import ListFile
from app.web.members_list import MEMBERS_FILE

LIST_FILES: tuple[ListFile, ...] = (MEMBERS_FILE,)
