"""Charts and documents: one forecast as a page in the terminal, HTML, Markdown or JSON."""

from offramp.brief.formats import FORMATS, render
from offramp.brief.terminal import terminal_page

__all__ = ["FORMATS", "render", "terminal_page"]
