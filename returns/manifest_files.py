"""The file of a list as it came, sealed in pieces until the list is thrown away, its people are erased, or its time is over."""

from __future__ import annotations

from returns.enums import PieceKind
from returns.models import ManifestPiece, ManifestUpload

_PIECE = 1 << 20


def keep_file(upload: ManifestUpload, content: bytes) -> None:
    """Keep the file, once."""
    if upload.pieces.filter(kind=PieceKind.FILE).exists():
        return
    ManifestPiece.objects.bulk_create(
        ManifestPiece(
            upload=upload,
            mission_id=upload.mission_id,
            kind=PieceKind.FILE,
            number=start,
            content=content[start : start + _PIECE],
        )
        for start in range(0, len(content), _PIECE)
    )


def file_as_sent(upload: ManifestUpload) -> bytes:
    """Give the file, or nothing where it is not kept any more."""
    return b"".join(piece.content for piece in upload.pieces.filter(kind=PieceKind.FILE).order_by("number"))
