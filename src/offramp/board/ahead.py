"""What is answered before anybody asks: each view that is one move from a page of levers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from offramp.board.computing import Task
from offramp.board.lever_page import SHOWN, LeverNote, Move, buttons, groups, moved, notes
from offramp.board.seeing import Seen
from offramp.board.state import MOST_SETTINGS


def moves(look: Seen) -> list[Task]:
    """Return what each move asks for, in the order in which they are likely.

    First what stands open on the page: each lever at its proposed value, then what is set taken
    back, then the other button of each. Then those folded away, as proposed. A slider is moved to
    its proposed factor alone. What is left is set by hand, and answered when it is.
    """
    here = frozenset(look.view.settings)
    found: dict[frozenset[str], Task] = {}
    for move in _ordered(look):
        settings = moved(look, move).settings
        if len(settings) <= MOST_SETTINGS and frozenset(settings) != here:
            found.setdefault(frozenset(settings), replace(look.task, settings=settings))
    return list(found.values())


def _ordered(look: Seen) -> Iterator[Move]:
    kinds = groups(notes(look))
    standing = [_presses(one) for kind in kinds for one in kind.foremost[:SHOWN]]
    for presses in standing:
        yield from presses[:1]
    for name in look.view.held:
        yield Move(pull=f"{name}=")
    for presses in standing:
        yield from presses[1:]
    for kind in kinds:
        for one in kind.foremost[SHOWN:]:
            yield from _presses(one)[:1]


def _presses(one: LeverNote) -> list[Move]:
    """Return the moves that set a lever to what it is not, the proposed value first."""
    if one.factor is not None:
        return [] if one.proposed is None else [Move(lever=one.name, factor=one.proposed)]
    proposed = "false" if one.proposed == 0.0 else "true"
    values = sorted(buttons(one), key=lambda value: value != proposed)
    return [Move(pull=f"{one.name}={value}") for value in values if value != one.set]
