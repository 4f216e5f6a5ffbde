"""Draw the pages of a PDF: the file on the standard input, pictures with their lengths on the standard output.

A program of its own with little time and memory: the arguments are the most pages and the longest side in pixels. It ends with
one of the codes below where it does not draw; a file that kills it has killed nothing else.
"""

from __future__ import annotations

import io
import resource
import sys

LOCKED, LONG, DAMAGED = 3, 4, 5
MEMORY, SECONDS = 1 << 30, 25
QUALITY = 88


def main(most: int, longest_side: int) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2  # noqa: PLC0415  # only under the limits

    try:
        letter = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return LOCKED if "password" in str(error).lower() else DAMAGED
    if len(letter) > most:
        return LONG
    try:
        for number in range(len(letter)):
            page = letter[number]
            picture = page.render(scale=longest_side / max(page.get_size()), may_draw_forms=False).to_pil()
            written = io.BytesIO()
            picture.convert("RGB").save(written, "JPEG", quality=QUALITY)
            sys.stdout.buffer.write(len(written.getvalue()).to_bytes(4, "big") + written.getvalue())
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError, MemoryError):
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
