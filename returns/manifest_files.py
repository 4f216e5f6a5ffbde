"""The file of a list as it came, sealed in pieces until the list is thrown away, its people are erased, or its time is over."""

from __future__ import annotations

from returns.enums import PieceKind
from returns.models import ManifestPiece, ManifestUpload

_PIECE = 1 << 20


def keep_file(upload: ManifestUpload, content: bytes) -> None:
    """Keep the file, once."""
    if upload.pieces.filter(kind=PieceKind.FILE).exists():
        return
    for start in range(0, len(content), _PIECE):  # one by one: a statement of all would be several times the file
        ManifestPiece.objects.create(
            upload=upload,
            mission_id=upload.mission_id,
            kind=PieceKind.FILE,
            number=start,
            content=content[start : start + _PIECE],
        )


def file_as_sent(upload: ManifestUpload) -> bytes:
    """Give the file, or nothing where it is not kept any more."""
    pieces = upload.pieces.filter(kind=PieceKind.FILE).order_by("number")
    return b"".join(piece.content for piece in pieces.iterator(1))
