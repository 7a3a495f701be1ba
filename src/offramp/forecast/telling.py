"""One simulated future, told day by day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from offramp.engine.ensemble import Futures
from offramp.engine.outcome import WEEK
from offramp.forecast.words import share
from offramp.ladder import LEVEL_MEANINGS, Level


def tell(futures: Futures, row: int) -> list[str]:
    """Return the acts of one future as lines, by day, and what burning fronts do by the month.

    Args:
        futures: the futures.
        row: which one of them, from 0.
    """
    crisis = futures.compiled.crisis
    lines = [
        f"{crisis.title}",
        f"Future {futures.first + row}, from the end of {crisis.as_of.isoformat()}, "
        f"{futures.horizon} days. Simulated; nothing here has happened.",
        "",
    ]
    told = sorted([*_acts(futures, row), *_wars(futures, row)])
    lines += [f"{crisis.as_of + timedelta(days=day)}  {text}" for day, _, text in told]
    if not told:
        lines.append("No act on any front.")
    lines += ["", *_tempo(futures, row)]
    return lines


def _acts(futures: Futures, row: int) -> list[tuple[int, int, str]]:
    compiled = futures.compiled
    out = []
    for place in range(int(futures.start[row]), int(futures.start[row + 1])):
        dyad = compiled.dyads[futures.dyad[place]]
        level = Level(int(futures.level[place]))
        option = int(futures.option[place])
        what = compiled.options[option].text if option >= 0 else LEVEL_MEANINGS[level]
        text = f"{dyad.actor} → {dyad.target} [{level.label}] {what}"
        if futures.failed[place] > 0:
            text += f"; {share(float(futures.failed[place]))} intercepted"
        if futures.killed[place] > 0:
            text += f"; {futures.killed[place]:.0f} killed"
        out.append((int(futures.day[place]), place, text))
    return out


def _wars(futures: Futures, row: int) -> list[tuple[int, int, str]]:
    """Days, by the week, on which a war begins or ends."""
    out = []
    now = {front.id: front.war for front in futures.compiled.crisis.fronts}
    for place, front in enumerate(futures.compiled.crisis.fronts):
        at_war = futures.war_days[row, place] > 0
        before = np.concatenate([[now[front.id]], at_war[:-1]])
        for week in np.flatnonzero(before & ~at_war):
            out.append((int(week) * WEEK + 1, -1, f"The war ends: {front.name}"))
    return out


def _tempo(futures: Futures, row: int) -> list[str]:
    out = []
    for place, front in enumerate(futures.compiled.crisis.fronts):
        attacks = futures.attacks[row, place]
        if attacks.sum() == 0:
            continue
        months = [attacks[week : week + 4].sum() for week in range(0, len(attacks), 4)]
        numbers = ", ".join(f"{month:.0f}" for month in months)
        out.append(f"{front.name}: attacks by four weeks: {numbers}")
        if futures.toll[row, place].sum() > 0:
            out.append(f"{front.name}: killed in war: {futures.toll[row, place].sum():.0f}")
    return out
