"""Which files may be attached: known by their extension and by what is in them, so that neither can lie alone."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_HEAD = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word, Excel and PowerPoint until 2003, and WPS.


@dataclass(frozen=True)
class FileType:
    """A kind of file: its media type, its icon, and how its content is recognised."""

    media_type: str
    icon: str
    fits: Callable[[Path, bytes], bool]


def fitting_type(path: Path, extension: str) -> FileType | None:
    """Return the type of this extension if the file's content is of it."""
    kind = FILE_TYPES.get(extension)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return kind if kind is not None and kind.fits(path, head) else None


def _starts(*beginnings: bytes) -> Callable[[Path, bytes], bool]:
    return lambda _path, head: head.startswith(beginnings)


def _holds(member: str) -> Callable[[Path, bytes], bool]:
    """Recognise a ZIP archive with this member."""

    def fits(path: Path, head: bytes) -> bool:
        if not head.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, OSError):
            return False
        return member in names

    return fits


def carries_macros(path: Path) -> bool:
    """Return whether a file of Word, Excel or PowerPoint holds a program, which runs when it is opened."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.lower().endswith("vbaproject.bin") for name in archive.namelist())


def _is_text(_path: Path, head: bytes) -> bool:
    """Recognise text: it holds no control characters, and is of one of the encodings that people here use."""
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):  # The end of what was read may have cut a character apart.
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _is_riff(kind: bytes) -> Callable[[Path, bytes], bool]:
    return lambda _path, head: head.startswith(b"RIFF") and head[8:12] == kind


def _is_heif(_path: Path, head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


_WORD = "application/vnd.openxmlformats-officedocument."
FILE_TYPES: Mapping[str, FileType] = {
    "pdf": FileType("application/pdf", "file-text", _starts(b"%PDF-")),
    "ofd": FileType("application/ofd", "file-text", _holds("OFD.xml")),
    "jpg": FileType("image/jpeg", "image", _starts(b"\xff\xd8\xff")),
    "jpeg": FileType("image/jpeg", "image", _starts(b"\xff\xd8\xff")),
    "png": FileType("image/png", "image", _starts(b"\x89PNG\r\n\x1a\n")),
    "gif": FileType("image/gif", "image", _starts(b"GIF87a", b"GIF89a")),
    "webp": FileType("image/webp", "image", _is_riff(b"WEBP")),
    "heic": FileType("image/heic", "image", _is_heif),
    "bmp": FileType("image/bmp", "image", _starts(b"BM")),
    "tif": FileType("image/tiff", "image", _starts(b"II*\x00", b"MM\x00*")),
    "tiff": FileType("image/tiff", "image", _starts(b"II*\x00", b"MM\x00*")),
    "docx": FileType(f"{_WORD}wordprocessingml.document", "file-text", _holds("word/document.xml")),
    "xlsx": FileType(f"{_WORD}spreadsheetml.sheet", "file-spreadsheet", _holds("xl/workbook.xml")),
    "pptx": FileType(f"{_WORD}presentationml.presentation", "file-text", _holds("ppt/presentation.xml")),
    "doc": FileType("application/msword", "file-text", _starts(_OLE)),
    "xls": FileType("application/vnd.ms-excel", "file-spreadsheet", _starts(_OLE)),
    "ppt": FileType("application/vnd.ms-powerpoint", "file-text", _starts(_OLE)),
    "wps": FileType("application/vnd.ms-works", "file-text", _starts(_OLE)),
    "et": FileType("application/vnd.ms-excel", "file-spreadsheet", _starts(_OLE)),
    "txt": FileType("text/plain", "file-text", _is_text),
    "csv": FileType("text/csv", "file-spreadsheet", _is_text),
}
