"""The map of ties: parties and edges of a crisis as of its day."""

from __future__ import annotations

from markupsafe import Markup

from offramp.brief.charts.network import Edge, Party, network_chart
from offramp.brief.inert import inert_text
from offramp.crisis.schema import ActorKind, Crisis, Front, TieKind
from offramp.engine.timeline import BURNING_RATE, tempo_now
from offramp.forecast.words import number

KINDS = {
    TieKind.PATRON: "patron of",
    TieKind.ALLY: "ally of",
    TieKind.DEFENCE_PARTNER: "partner in the defence of",
    TieKind.OFFENCE_PARTNER: "partner in the offence of",
    TieKind.SPONSOR: "sponsor of",
}


def heat(crisis: Crisis, front: Front) -> tuple[str, str]:
    """Return how a front burns: the class of its line, and words with the figure."""
    rate = tempo_now(crisis, front.id)
    pace = f", {number(7 * rate)} attacks a week" if rate else ""
    if front.war:
        return "war", f"at war{pace}"
    if rate >= BURNING_RATE:
        return "burns", f"burning{pace}"
    return "quiet", "has burned" if rate else "quiet"


def rows(crisis: Crisis) -> list[tuple[str, str, str, str]]:
    """Return all edges as rows: one end, what it is, the other end, how grave it is."""
    fronts = [
        (one, f"faces on {front.name}", other, heat(crisis, front)[1])
        for front in crisis.fronts
        for one, other in front.pairs
    ]
    ties = [
        (tie.giver, KINDS[tie.kind], tie.receiver, f"{tie.dependence} dependence")
        for tie in crisis.ties
    ]
    return [*fronts, *ties]


def edges(crisis: Crisis) -> list[Edge]:
    """Return the edges of the map; only actors that have one stand on it."""
    found = []
    for front in crisis.fronts:
        kind, words = heat(crisis, front)
        name = inert_text(front.name)
        for one, other in front.pairs:
            text = f"{one} faces {other} on {name}: {words}"
            found.append(Edge(one, other, kind, text, front.id.replace("-", " ")))
    for tie in crisis.ties:
        text = f"{tie.giver} is {KINDS[tie.kind]} {tie.receiver}, {tie.dependence} dependence"
        found.append(Edge(tie.giver, tie.receiver, "tie", text))
    return found


def ties_chart(crisis: Crisis) -> Markup:
    """Return the map of ties."""
    found = edges(crisis)
    named = {end for edge in found for end in (edge.start, edge.end)}
    parties = [
        Party(actor.id, inert_text(actor.name), actor.kind is ActorKind.STATE)
        for actor in crisis.actors
        if actor.id in named
    ]
    return network_chart(
        parties,
        found,
        crisis.fronts[0].pairs[0],
        title=f"Map of ties, as of {crisis.as_of.isoformat()}",
        identifier="ties-map",
    )
