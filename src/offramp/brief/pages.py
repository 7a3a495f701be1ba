"""Pages that explain a forecast: paragraphs, tables and charts, put once and shown in each format.

What explains a forecast is mostly tables. A page is put together from them as data, and the
terminal, Markdown and HTML are views of it. Text is made inert here, and escaped by each view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from markupsafe import Markup
from pydantic import BaseModel
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from offramp.brief.columns import Columns
from offramp.brief.html import environment
from offramp.brief.inert import inert_text
from offramp.brief.markdown import escape, table


@dataclass(frozen=True)
class Section:
    """One heading with what stands under it.

    Attributes:
        title: the heading.
        notes: paragraphs.
        columns: of the table; none where there is no table.
        rows: of the table, a text a column.
        chart: drawn beside the table, in HTML only; the table says the same.
    """

    title: str
    notes: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    chart: Markup = field(default_factory=Markup)

    def inert(self) -> Section:
        """Return the section with every text made inert."""
        return Section(
            inert_text(self.title),
            [inert_text(note) for note in self.notes],
            [inert_text(column) for column in self.columns],
            [[inert_text(cell) for cell in row] for row in self.rows],
            self.chart,
        )


@dataclass(frozen=True)
class Page:
    """A page of sections.

    Attributes:
        title: of the crisis.
        kicker: what the page is, with its day.
        notes: paragraphs before the sections.
        sections: in order.
        again: the command that makes it again.
    """

    title: str
    kicker: str
    notes: Sequence[str]
    sections: Sequence[Section]
    again: str

    def inert(self) -> Page:
        """Return the page with every text made inert."""
        return Page(
            inert_text(self.title),
            inert_text(self.kicker),
            [inert_text(note) for note in self.notes],
            [section.inert() for section in self.sections],
            inert_text(self.again),
        )


def page_terminal(page: Page) -> RenderableType:
    """Return a page for a rich console; its text is never taken for markup."""
    page = page.inert()
    parts: list[RenderableType] = [
        Text.assemble((page.title, "bold"), "\n", (page.kicker, "dim")),
        *(Text(note, "dim") for note in page.notes),
    ]
    for section in page.sections:
        parts.append(Text.assemble("\n", (section.title, "bold")))
        parts += [Padding(Text(note), (0, 0, 0, 2)) for note in section.notes]
        if section.rows:
            parts.append(Padding(Columns(section.columns, section.rows), (0, 0, 0, 2)))
    return Group(*parts)


def page_text(page: Page, width: int = 110) -> str:
    """Return a page as plain text, at most *width* columns wide."""
    stream = StringIO()
    console = Console(file=stream, width=width, color_system=None, force_terminal=False)
    console.print(page_terminal(page))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def page_markdown(page: Page) -> str:
    """Return a page as Markdown."""
    page = page.inert()
    blocks = [f"# {escape(page.title)}", escape(page.kicker), *map(escape, page.notes)]
    for section in page.sections:
        blocks += [f"## {escape(section.title)}", *map(escape, section.notes)]
        blocks.append(table(section.columns, section.rows))
    blocks += ["## How to reproduce it", f"    {page.again}"]
    return "\n\n".join(block for block in blocks if block) + "\n"


def page_html(page: Page) -> str:
    """Return a page as one HTML file that needs nothing else."""
    return environment().get_template("explained.html.j2").render(page=page.inert())


VIEWS: dict[str, Callable[[Page], str]] = {
    "html": page_html,
    "md": page_markdown,
    "txt": page_text,
}
"""What writes each format of a page, by file suffix; ``json`` is of the data behind it."""


def suffix_of(out: Path) -> str:
    """Return the format that a file's suffix names.

    Raises:
        ValueError: no format has that suffix; the message lists those there are.
    """
    name = out.suffix.lower().removeprefix(".")
    known = sorted([*VIEWS, "json"])
    if name not in known:
        shown = ", ".join(f".{one}" for one in known)
        raise ValueError(f"--out {out}: unknown suffix {out.suffix!r}; one of {shown}")
    return name


def written(page: Page, data: BaseModel, suffix: str) -> str:
    """Return a page, or the data behind it, in the format of a suffix."""
    return data.model_dump_json(indent=1) + "\n" if suffix == "json" else VIEWS[suffix](page)
