"""Records of a zip archive that lie in it as they are: where in the file each begins."""

import os
from io import BufferedReader
from typing import BinaryIO
from zipfile import BadZipFile, ZipInfo

MAX_READ = 1 << 26
"""Bytes of one read; the directory of an archive with 100,000 records has a sixth."""


_SIGNATURE, _HEADER = b"PK\x03\x04", 30


class LimitedReads(BufferedReader):
    """A file that does not believe what an archive states: sizes have a limit, and places lie in the file."""

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place.

        Raises:
            BadZipFile: It lies before the file.
        """
        if whence == os.SEEK_SET and offset < 0:
            raise BadZipFile("a place lies before the file")
        return super().seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most ``size`` bytes.

        Raises:
            BadZipFile: They are more than `MAX_READ`.
        """
        if size is not None and size > MAX_READ:
            raise BadZipFile(f"{size} bytes would be read at once; the limit is {MAX_READ}")
        return super().read(size)


def record_start(file: BinaryIO, record: ZipInfo) -> int:
    """First byte of a record's content.

    Args:
        file: The archive; its position changes.
        record: A record of it.

    Raises:
        BadZipFile: No record begins where the archive's directory states.
    """
    file.seek(record.header_offset)
    header = file.read(_HEADER)
    if len(header) < _HEADER or not header.startswith(_SIGNATURE):
        raise BadZipFile(f"'{record.filename}' does not begin where it should")
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    return record.header_offset + _HEADER + lengths  # the name and an extra field, as long as stated here
