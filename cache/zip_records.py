"""Records of a zip archive that lie in it as they are: where in the file each begins."""

from typing import BinaryIO
from zipfile import ZipInfo


def record_start(file: BinaryIO, record: ZipInfo) -> int:
    """First byte of a record's content.

    Args:
        file: The archive; its position changes.
        record: A record of it.
    """
    file.seek(record.header_offset + 26)  # this header has its own lengths of name and extra field
    name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
    return record.header_offset + 30 + name + extra
