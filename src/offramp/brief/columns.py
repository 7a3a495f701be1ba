"""Tables for the terminal in which no figure is cut and no long text squeezed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2
LEAST = 24
"""A longer cell is a text, which may wrap; into fewer columns than this no text is put."""


@dataclass(frozen=True)
class Columns:
    """A table of texts, laid out for the width at which it is printed.

    Short cells are not wrapped. Texts share what these leave; where that is too little to read,
    texts beside the figures go below the row, each with the title of its column, and then the
    first column goes above its figures. Text is never taken for markup.

    Attributes:
        titles: of the columns; the first tells the rows apart.
        rows: a text a column.
    """

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = self._widths(options.max_width)
        beside = sorted(widths)
        for number, row in enumerate([self.titles, *self.rows]):
            style = "dim" if not number else ""
            cells = [row[place] for place in beside]
            if _longest(cells[0].split()) > widths[0]:
                yield Text(cells[0], style, overflow="fold")
                cells[0] = ""
            if any(cells):
                yield _line((Text(cell, style) for cell in cells), [widths[n] for n in beside])
            for place in sorted(set(range(len(row))) - widths.keys()) if number else ():
                if row[place]:
                    text = Text(f"{self.titles[place]}: {row[place]}", "dim", overflow="fold")
                    yield Padding(text, (0, 0, 0, 2 * GAP))

    def _widths(self, width: int) -> dict[int, int]:
        """Return the widths of the columns that stand beside each other, by their places."""
        cells = {
            place: max((_longest(row[place].splitlines()) for row in self.rows), default=0)
            for place in range(len(self.titles))
        }
        texts = [place for place in cells if place and cells[place] > LEAST]
        for beside in ([0, *texts], [0]):
            for whole in (True, False):  # titles on one line, where there is room
                natural = {
                    place: max(each, _longest([title] if whole else title.split()))
                    for (place, each), title in zip(cells.items(), self.titles, strict=True)
                }
                short = {n: each for n, each in natural.items() if n and n not in texts}
                room = width - sum(short.values()) - GAP * (len(short) + len(beside) - 1)
                shared = _shared({place: natural[place] for place in beside}, room)
                if all(shared[place] >= min(natural[place], LEAST) for place in beside):
                    return shared | short
        return {0: 0, **short} if room >= 0 else {0: width}


def _shared(natural: dict[int, int], room: int) -> dict[int, int]:
    """Share room among texts: none gets more than it needs, the others alike."""
    shared: dict[int, int] = {}
    for left, place in enumerate(sorted(natural, key=lambda each: natural[each]), -len(natural)):
        shared[place] = min(natural[place], max(0, room) // -left)
        room -= shared[place]
    return shared


def _line(cells: Iterable[Text], widths: Sequence[int]) -> Table:
    line = Table.grid(padding=(0, GAP, 0, 0))
    for width in widths:
        line.add_column(width=width, overflow="fold")
    line.add_row(*cells)
    return line


def _longest(parts: Iterable[str]) -> int:
    return max(map(cell_len, parts), default=0)
