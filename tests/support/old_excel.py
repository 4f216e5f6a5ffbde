"""Write the smallest XLS (BIFF8 in a compound file) that Excel 97 would open: no library of ours writes it."""

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def old_workbook(rows: list[list[str | float | None]], *, cells: dict[tuple[int, int], str] | None = None) -> bytes:
    """Give an XLS with one sheet; `cells` adds texts at places (row, column) counted from 0."""
    written = {(row, column): cell for row, values in enumerate(rows) for column, cell in enumerate(values)}
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for (row, column), cell in sorted((written | (cells or {})).items()):
        if isinstance(cell, str):
            text = cell.encode("utf-16-le")
            sheet += _record(0x204, struct.pack("<HHHHB", row, column, 0, len(cell), 1) + text)
        elif cell is not None:
            sheet += _record(0x203, struct.pack("<HHHd", row, column, 0, cell))
    sheet += _record(0x0A, b"")
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 0x05, 0, 0, 0, 0))
    name = "List".encode("ascii")
    bound_length = 4 + 6 + 2 + len(name)
    offset = len(head) + bound_length + 4
    head += _record(0x85, struct.pack("<IHBB", offset, 0, len(name), 0) + name) + _record(0x0A, b"")
    return _compound(head + sheet)


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _compound(stream: bytes) -> bytes:
    """Pack one stream "Workbook" into a compound file: sector 0 is the FAT, 1 the directory, the rest the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    chain = [FAT, END, *range(3, 2 + sectors), END]
    fat = struct.pack(f"<{SECTOR // 4}I", *(chain + [FREE] * (SECTOR // 4 - len(chain))))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    directory = (
        _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream)) + _entry("", 0, FREE, 0, 0) * 2
    )
    return header + fat + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    body = text.ljust(64, b"\0") + struct.pack("<HBB", length, kind, 1) + struct.pack("<III", FREE, FREE, child)
    return body + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", start, size)
