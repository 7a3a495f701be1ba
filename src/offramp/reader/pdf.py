"""The text of a PDF on standard input, as JSON on standard output; run in a process of its own.

Limits: 1 GiB of memory, 15 seconds of processor time, 80 pages.
"""

from __future__ import annotations

import io
import json
import sys

try:
    import resource
except ImportError:  # Windows has no such limits; the time-out of the caller remains
    resource = None  # type: ignore[assignment]

PAGES_LIMIT = 80
TEXT_LIMIT = 400_000
SECONDS = 15
MEMORY = 1024 * 1024 * 1024


def text_of(content: bytes) -> str:
    """Return the text of a PDF's pages, at most 400,000 characters.

    Raises:
        ValueError: it is encrypted, or no PDF that can be read.
    """
    try:
        from pypdf import PdfReader
    except ImportError:
        raise ValueError("PDFs need pypdf: pip install 'offramp[reader]'") from None
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise ValueError("it is encrypted")
    parts: list[str] = []
    length = 0
    for number, page in enumerate(reader.pages):
        if number >= PAGES_LIMIT or length > TEXT_LIMIT:
            break
        part = page.extract_text() or ""
        parts.append(part)
        length += len(part)
    return "\n\n".join(parts)[:TEXT_LIMIT]


def limit() -> None:
    """Limit this process to its time and memory, where the system can."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Read a PDF from standard input within limits, and print its text or what went wrong."""
    limit()
    try:
        answer = {"text": text_of(sys.stdin.buffer.read())}
    except (Exception, RecursionError) as error:
        # a broken file may fail anywhere in the parser; whatever it is, the file is at fault
        answer = {"error": str(error)[:200] or type(error).__name__}
    print(json.dumps(answer))


if __name__ == "__main__":
    import logging
    import warnings

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    main()
