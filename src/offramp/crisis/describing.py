"""A crisis as a person reads it: tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from offramp.crisis.parts import Fact
from offramp.crisis.schema import Act, Actor, Crisis, Defence, Front, Statement

Cell = str | Text
_DIM = "dim"
_NARROWEST = 20


def describe(crisis: Crisis) -> RenderableType:
    """Return all that a crisis holds, as tables that read well from 80 columns up.

    Text from the file is never taken for markup, and line breaks in it are flattened.
    """
    span = f"As of {crisis.as_of}, coded from {crisis.coded_from}, {crisis.horizon_days} days on."
    tables = (
        _actors(crisis),
        _ties(crisis),
        _pairs(crisis),
        _fronts(crisis),
        _links(crisis),
        _defences(crisis),
        _options(crisis),
        _timeline(crisis),
        _claims(crisis),
        _questions(crisis),
        _sources(crisis),
    )
    body = [item for table in tables if table.row_count for item in (Text(), table)]
    heading = Text(_flat(crisis.title), style="bold")
    return Group(heading, Text(span, style=_DIM), Text(), Text(_flat(crisis.summary)), *body)


def _actors(crisis: Crisis) -> Table:
    def kind(actor: Actor) -> str:
        words = f"nuclear {actor.kind}" if actor.nuclear else actor.kind.value
        return f"{words} of {', '.join(actor.members)}" if actor.members else words

    return _table(
        "Actors",
        ("id", "*name", "kind", "#COW", "#share of power"),
        (
            (
                actor.id,
                _marked(actor.name, actor),
                kind(actor),
                "" if actor.cow is None else str(actor.cow),
                "" if actor.cinc is None else f"{100 * actor.cinc:.2f} %",
            )
            for actor in crisis.actors
        ),
    )


def _ties(crisis: Crisis) -> Table:
    return _table(
        "Ties",
        ("from", "is", "of", "dependence", "*what"),
        (
            (
                tie.giver,
                tie.kind.replace("_", " "),
                tie.receiver,
                tie.dependence.value,
                _marked(tie.text or "", tie),
            )
            for tie in crisis.ties
        ),
    )


def _pairs(crisis: Crisis) -> Table:
    def bonds(*flags: tuple[bool, str]) -> str:
        return ", ".join(word for flag, word in flags if flag)

    return _table(
        "Pairs",
        ("between", "#km", "#confrontations", "*what"),
        (
            (
                " – ".join(pair.between),
                f"{pair.distance_km:,.0f}",
                str(pair.confrontations),
                _marked(
                    bonds(
                        (pair.contiguous, "contiguous"),
                        (pair.rivals, "rivals"),
                        (pair.allied, "allied"),
                    ),
                    pair,
                ),
            )
            for pair in crisis.pairs
        ),
    )


def _fronts(crisis: Crisis) -> Table:
    def tempo(front: Front) -> str:
        return "\n".join(
            f"{part.acts_per_day:g} attacks a day, {part.start} to {part.end}"
            for part in front.tempo
        )

    return _table(
        "Fronts",
        ("id", "*name", "who", "at war"),
        (
            (
                front.id,
                _with_note(_marked(front.name, front), tempo(front)),
                Text("\n".join(" – ".join(pair) for pair in front.pairs)),
                "yes" if front.war else "",
            )
            for front in crisis.fronts
        ),
    )


def _links(crisis: Crisis) -> Table:
    return _table(
        "Links between fronts",
        ("from", "to", "strength", "*reason"),
        ((x.giver, x.receiver, x.strength.value, _marked(x.reason, x)) for x in crisis.links),
    )


def _defences(crisis: Crisis) -> Table:
    def note(layer: Defence) -> str:
        said = f"against {', '.join(layer.against)}"
        said += "" if layer.capacity is None else f"; at most {layer.capacity:,} in a raid"
        return said + ("; only if warned" if layer.needs_warning else "")

    layers = sorted(crisis.defences, key=lambda layer: (layer.defender, layer.order))
    return _table(
        "Defences",
        ("defends", "#layer", "owner", "*name"),
        (
            (
                layer.defender,
                str(layer.order),
                layer.owner,
                _with_note(_marked(layer.name, layer), note(layer)),
            )
            for layer in layers
        ),
    )


def _options(crisis: Crisis) -> Table:
    return _table(
        "Options (priors)",
        ("who", "level", "#weight", "*what"),
        (
            (
                f"{option.actor} → {option.target}",
                option.level,
                f"{option.weight:g}",
                _with_note(Text(_flat(option.text)), _flat(option.reason)),
            )
            for option in crisis.options
        ),
    )


def _timeline(crisis: Crisis) -> Table:
    def row(entry: Act | Statement) -> tuple[Cell, ...]:
        notes = [_consequences(entry) if isinstance(entry, Act) else _rival(entry)]
        if entry.known != entry.day:
            notes.append(f"known {entry.known}")
        notes.append(f"[{', '.join(entry.source)}]")
        what = _with_note(_marked(entry.text, entry), "; ".join(filter(None, notes)))
        if isinstance(entry, Act):
            who, level = f"{entry.actor} → {entry.target}", Text(entry.level, style="bold")
        else:
            who = f"{entry.speaker} → {entry.about}"
            level = Text(f"“{entry.stance.replace('_', ' ')}”")
        return str(entry.day), who, level, what

    return _table("Timeline", ("day", "who", "level", "*what"), map(row, crisis.timeline))


def _rival(statement: Statement) -> str:
    return "" if statement.against is None else f"against {statement.against}"


def _consequences(act: Act) -> str:
    """Say where and how an act was done and what came of it, as far as the file says."""
    said = [f"on {act.front}"]
    if act.soil:
        said.append(f"on the soil of {act.soil}")
    if act.through:
        said.append(f"through {act.through}")
    if act.attribution.value != "acknowledged":
        said.append(act.attribution.value)
    if act.telegraphed:
        said.append("telegraphed")
    for munition in act.munitions:
        count = f"{munition.launched:,} {munition.type} launched"
        met = munition.intercepted
        said.append(count if met is None else f"{count}, {met:,} intercepted")
    if act.intercepted_share is not None:
        said.append(f"{100 * act.intercepted_share:.0f} % intercepted by claim")
    if act.harm is not None:
        said.append(f"killed {act.harm.killed:,}, wounded {act.harm.wounded:,}")
        said += [f"damage {act.harm.damage}"] if act.harm.damage else []
    return "; ".join(said)


def _claims(crisis: Crisis) -> Table:
    return _table(
        "Claims",
        ("*who", "*quote", "speaks of"),
        (
            (
                f"{claim.by.name}, {claim.by.role}",
                _marked(f"“{claim.quote}”", claim),
                f"{claim.term}{f' of {claim.about}' if claim.about else ''}: {claim.sense} risk",
            )
            for claim in crisis.claims
        ),
    )


def _questions(crisis: Crisis) -> Table:
    def closes(by: object, days: int | None) -> str:
        return str(by) if days is None else str(crisis.as_of + timedelta(days=days))

    return _table(
        "Questions",
        ("id", "*question", "closes"),
        (
            (
                Text(question.id, style="bold" if question.headline else ""),
                question.text,
                closes(question.by, question.within_days),
            )
            for question in crisis.questions
        ),
    )


def _sources(crisis: Crisis) -> Table:
    return _table(
        "Sources",
        ("id", "date", "*title"),
        (
            (name, str(source.date), _with_note(Text(_flat(source.title)), _flat(source.publisher)))
            for name, source in crisis.sources.items()
        ),
    )


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    """Return a table; a column named with * takes what room is left, one with # holds numbers."""
    table = Table(
        title=Text(title, style="bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        expand=True,
        pad_edge=False,
    )
    for column in columns:
        table.add_column(
            Text(column.lstrip("*#")),
            justify="right" if column.startswith("#") else "left",
            ratio=1 if column.startswith("*") else None,
            min_width=_NARROWEST if column.startswith("*") else None,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(_flat(cell)) for cell in row))
    return table


def _marked(text: str, fact: Fact) -> Text:
    """Return text, followed by a mark if good sources disagree on the fact."""
    marked = Text(_flat(text))
    return marked.append(" (disputed)", style="bold yellow") if fact.disputed else marked


def _with_note(text: Text, note: str) -> Text:
    return text.append(f"\n{note}", style=_DIM) if note else text


def _flat(text: str) -> str:
    return " ".join(text.split())
