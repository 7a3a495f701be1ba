"""Rules on acts and options: between whom, on which front, with what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from offramp.crisis.draft import Draft
from offramp.crisis.problems import Finding, Path, field_name
from offramp.crisis.references import opposed
from offramp.crisis.rules.meetings import meetings
from offramp.crisis.schema import Act, Munition, Option

_ROUNDING = 0.01


def _pairs_described(draft: Draft) -> Iterator[Finding]:
    if "pairs" in draft.incomplete:
        return
    described = {frozenset(pair.between) for pair in draft.crisis.pairs}
    for path, front in draft.each("fronts", draft.crisis.fronts):
        for index, (one, other) in enumerate(front.pairs):
            sound = {one, other} <= draft.declared["actors"] and one != other
            if sound and frozenset((one, other)) not in described:
                message = f"`pairs` has no entry between {one} and {other}"
                fix = f"add one, with 'between: [{one}, {other}]'"
                yield Finding((*path, "pairs", index), message, fix)


def _opposed(draft: Draft) -> Iterator[Finding]:
    if "fronts" in draft.incomplete:
        return
    fronts, declared = draft.crisis.fronts, draft.declared
    for path, (one, other, front) in meetings(draft):
        sound = {one, other} <= declared["actors"] and front in {None, *declared["fronts"]}
        if sound and one != other and not opposed(fronts, one, other, front):
            where, whose = ("any front", "a front") if front is None else (f"front {front}",) * 2
            message = f"{one} and {other} do not face each other on {where}"
            fix = f"add [{one}, {other}] to the pairs of {whose}, or correct this"
            yield Finding(path, message, fix)


def _acts(draft: Draft) -> Iterator[Finding]:
    options = {option.id: option for option in draft.crisis.options}
    first: dict[tuple[str, str, str, date], Path] = {}
    for path, act in draft.each("timeline", draft.crisis.timeline):
        if not isinstance(act, Act):
            continue
        if act.level == "hold":
            fix = "leave the act out: a coded day without an act is a hold"
            yield Finding((*path, "level"), "hold is no act", fix)
        same = first.setdefault((act.actor, act.target, act.front, act.day), path)
        if same != path:
            message = f"{act.actor} acts on {act.target} here on the day of {field_name(same)}"
            yield Finding(path, message, "join the two: a day has one act, of the higher level")
        if act.option in options:
            yield from _as_option((*path, "option"), act, options[act.option])
        yield from _munitions(path, act)


def _as_option(path: Path, act: Act, option: Option) -> Iterator[Finding]:
    for field in ("actor", "target", "level"):
        of_option, of_act = getattr(option, field), getattr(act, field)
        if of_option != of_act:
            message = f"{option.id} has {field} {of_option}, the act has {of_act}"
            yield Finding(path, message, "name an option that fits, or none")


def _munitions(path: Path, act: Act) -> Iterator[Finding]:
    for index, munition in enumerate(act.munitions):
        if (munition.intercepted or 0) > munition.launched:
            message = f"{munition.intercepted} intercepted of {munition.launched} launched"
            at = (*path, "munitions", index, "intercepted")
            yield Finding(at, message, "correct one of the two")
            return
    if act.intercepted_share is None or not act.munitions:
        return
    low, high = _share_bounds(act.munitions)
    if not low - _ROUNDING <= act.intercepted_share <= high + _ROUNDING:
        span = f"{low:.3g}" if low == high else f"between {low:.3g} and {high:.3g}"
        message = f"{act.intercepted_share:.3g}, but by the munitions it is {span}"
        yield Finding((*path, "intercepted_share"), message, "correct one of the two")


def _share_bounds(munitions: list[Munition]) -> tuple[float, float]:
    """Return the least and greatest share intercepted that the counts leave room for."""
    launched = sum(munition.launched for munition in munitions)
    low = sum(munition.intercepted or 0 for munition in munitions)
    unknown = sum(munition.launched for munition in munitions if munition.intercepted is None)
    return low / launched, (low + unknown) / launched


def _options(draft: Draft) -> Iterator[Finding]:
    for path, option in draft.each("options", draft.crisis.options):
        if option.level == "hold":
            yield Finding((*path, "level"), "hold is no act", "remove the option")


RULES = (_pairs_described, _opposed, _acts, _options)
