"""The brief as Markdown with tables (CommonMark, with the tables of GitHub's dialect)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from offramp.brief import phrases
from offramp.brief.inert import inert
from offramp.forecast.document import Answer, Forecast, RaidCheck
from offramp.forecast.words import day, interval, number, percent, share, signed

ACTIVE = re.compile(r"([\\`*_\[\]<>|~&#$])|^(\s*)([-+=]|\d+(?=[.)]))|(?<=://)|(?<=www)(?=\.)")
"""Characters that Markdown acts on, marks that open a list or heading, and bare links."""


def escape(text: str) -> str:
    """Return *text* so that Markdown shows it as it is, on one line."""

    def quiet(match: re.Match[str]) -> str:
        if match[1]:
            return f"\\{match[1]}"
        if match[3]:
            return f"{match[2]}&#{ord(match[3][0])};{match[3][1:]}"
        return "&#8203;"

    return ACTIVE.sub(quiet, " ".join(text.split()))


def markdown(forecast: Forecast) -> str:
    """Return the whole brief."""
    forecast = inert(forecast)
    blocks = [
        f"# {escape(forecast.title)}",
        f"As of {day(forecast.as_of)}, {forecast.horizon_days} days ahead, "
        f"{forecast.futures:,} futures.",
        escape(forecast.summary),
        *_section("Bottom line", _bullets(forecast.bottom_line)),
        *_section("The questions", _answers(forecast.answers)),
        *_section("Next moves, and when", _moves(forecast)),
        *_section("Where it can lead", _levels(forecast)),
        *_section("Spillover by front", _fronts(forecast)),
        *_section("The raid against what was expected", _raids(forecast.raids)),
        *_section("Why", _reasons(forecast)),
        *_section("From base rate to forecast", _decompositions(forecast)),
        *_section("The nearest past decisions", _analogues(forecast)),
        *_section("Claims in the debate", _claims(forecast)),
        *_section("What it rests on", _grounds(forecast)),
        *_section("Latest facts", _facts(forecast)),
        *_section("Limits", _bullets(forecast.limits)),
        *_section("How to reproduce it", _again(forecast)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(title: str, blocks: Iterable[str]) -> list[str]:
    """Return a section's blocks under its heading; nothing where all are empty."""
    filled = [block for block in blocks if block]
    return [f"## {title}", *filled] if filled else []


def _bullets(lines: Iterable[str]) -> list[str]:
    return ["\n".join(f"- {escape(line)}" for line in lines)]


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of texts, escaped here; empty where there is no row."""
    if not rows:
        return ""
    lines = [titles, ["---"] * len(titles), *([escape(cell) for cell in row] for row in rows)]
    lines[0] = [escape(title) for title in titles]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _answers(answers: Sequence[Answer]) -> Iterator[str]:
    yield table(
        ["question", "closes", "answer", "90 % interval", "base rate"],
        [
            [
                answer.text,
                day(answer.closes),
                answer.words,
                phrases.credible(answer),
                phrases.base_rate(answer),
            ]
            for answer in answers
        ],
    )
    for answer in answers:
        if answer.categories:
            yield f"**{escape(answer.text)}**"
            yield table(
                ["category", "probability", "90 % interval"],
                [
                    [name, percent(chance), interval(*spread) if spread else ""]
                    for name, chance, spread in phrases.categories(answer)
                ],
            )
        elif answer.quantiles:
            yield f"**{escape(answer.text)}**"
            yield table(["quantile", "value"], phrases.quantiles(answer))


def _moves(forecast: Forecast) -> Iterator[str]:
    for move in forecast.next_moves:
        yield f"### {escape(phrases.dyad(move.actor, move.target))} ({escape(move.front)})"
        yield f"No act above words within 30 days: {percent(move.quiet)}."
        shown = [curve for curve in move.curves if curve.days]
        yield table(
            ["within days", *(f"{curve.name}, 90 % interval" for curve in shown)],
            [
                [
                    str(days),
                    *(" ".join(phrases.chance_and_interval(curve, days)) for curve in shown),
                ]
                for days in phrases.shown_days(shown)
            ],
        )


def _levels(forecast: Forecast) -> Iterator[str]:
    for levels in forecast.levels:
        yield f"### {escape(phrases.front_name(forecast, levels.front))}"
        yield table(
            ["day", *levels.levels],
            [
                [str(levels.days[k]), *(percent(value) for value in levels.shares[k])]
                for k in phrases.checkpoints(levels.days)
            ],
        )


def _fronts(forecast: Forecast) -> Iterator[str]:
    titles = ["front", "now", "attacks a week", "in 30 days", "at war by the last day"]
    yield table(
        [*titles, "fighting stops by day 90"],
        [
            [
                front.name,
                front.status,
                number(7 * front.tempo_now),
                phrases.ratio(front.tempo_change) if front.tempo_change else "–",
                phrases.war(front),
                "–" if front.ends is None else percent(front.ends),
            ]
            for front in forecast.spillover
        ],
    )


def _raids(raids: Sequence[RaidCheck]) -> Iterator[str]:
    for raid in raids:
        yield f"### {escape(raid.text)}"
        yield (
            f"Launched: {raid.launched:,}. The defenders claim to have stopped "
            f"{share(raid.claimed_share)}, above {percent(raid.percentile)} of what the model "
            "predicted before it was told."
        )
        yield table(
            ["share stopped", "median and 90 % interval"],
            [[name, phrases.middle(triple)] for name, triple in phrases.raid_rows(raid)],
        )
        yield table(
            ["layer", "owner", "against", "kill probability before", "after"],
            [
                [
                    *(kill.layer, kill.owner, kill.munition),
                    *(phrases.middle(kill.before), phrases.middle(kill.after)),
                ]
                for kill in raid.kill
            ],
        )


def _reasons(forecast: Forecast) -> Iterator[str]:
    for reason in forecast.reasons:
        yield f"### {escape(phrases.dyad(reason.actor, reason.target))}"
        yield table(
            [
                "term",
                "backed by",
                "adds to log-odds of force",
                "value × weight",
                "note",
            ],
            [
                [
                    term.meaning,
                    "elicited" if term.elicited else "estimated",
                    signed(term.value * term.weight),
                    f"{number(term.value)} × ({phrases.normal((term.weight, term.spread))})",
                    term.reason,
                ]
                for term in phrases.weightiest(reason)
            ],
        )


def _analogues(forecast: Forecast) -> Iterator[str]:
    if forecast.analogues:
        yield escape(phrases.analogue_source(forecast.analogues))
    for note in forecast.analogues:
        dyad = phrases.dyad(note.actor, note.target)
        yield f"### {escape(f'{dyad}: {phrases.awaited(note)}')}"
        yield escape(phrases.analogue_summary(note))
        yield table(
            ["who", "when", "received", "did", "distance"],
            [[*phrases.analogue(case), number(case.distance)] for case in note.nearest],
        )


def _decompositions(forecast: Forecast) -> Iterator[str]:
    if forecast.decompositions:
        yield escape(phrases.ORDER_NOTE)
    for found in forecast.decompositions:
        yield f"### {escape(found.text)}"
        yield table(phrases.STEP_COLUMNS, phrases.step_rows(found))


def _claims(forecast: Forecast) -> Iterator[str]:
    for claim in forecast.claims:
        yield (
            f"> {escape(claim.quote)}\n>\n> {escape(claim.by)}, {escape(claim.role)}; speaks of "
            f"{escape(claim.term)}: {claim.sense} the chance of force. {escape(claim.source)}"
        )
        yield escape(phrases.support(claim))
        yield table(phrases.CLAIM_COLUMNS, phrases.claim_rows(claim))


def _grounds(forecast: Forecast) -> Iterator[str]:
    weights = forecast.weights
    yield from _bullets(
        [
            f"{phrases.whose_weights(weights)}: fitted by {weights.command} on "
            f"{'; '.join(weights.datasets) or 'no data set'}, to {weights.edition}: "
            f"{weights.records:,} records with {weights.acts:,} acts.",
            phrases.draws_note(forecast),
        ]
    )
    yield table(
        ["actor", "resolve from its record", "given the timeline", "held by others"],
        [
            [
                *(note.actor, phrases.normal(note.prior), phrases.normal(note.posterior)),
                signed(note.public),
            ]
            for note in forecast.resolve
        ],
    )
    yield table(
        ["elicited prior", "meaning", "prior", "posterior", "reason"],
        [
            [
                *(prior.name, prior.meaning),
                *(phrases.normal(prior.prior), phrases.normal(prior.posterior), prior.reason),
            ]
            for prior in forecast.elicited
        ],
    )


def _facts(forecast: Forecast) -> list[str]:
    return _bullets(
        f"{day(fact.day)}: {fact.text}{' (disputed)' if fact.disputed else ''} "
        f"[{'; '.join(fact.sources)}]"
        for fact in forecast.latest_facts
    )


def _again(forecast: Forecast) -> Iterator[str]:
    yield f"    {phrases.command_line(forecast)}"
    yield table(
        ["what", "value"],
        [
            ["version", f"offramp {forecast.version}"],
            ["facts, SHA-256", forecast.facts_sha256],
            ["weights, SHA-256", forecast.weights.sha256],
        ],
    )
