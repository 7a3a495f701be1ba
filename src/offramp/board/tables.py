"""Every table of the board as comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from offramp.board.document import BoardPage
from offramp.forecast.document import Curve, Forecast, RaidCheck

Row = Sequence[object]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""


def cell(value: object) -> object:
    """Return a value for a cell; text that a spreadsheet would compute gets an apostrophe."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def written(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return a table as CSV, as RFC 4180 has it."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _questions(page: BoardPage, made: Forecast) -> str:
    columns = (
        *("question", "type", "text", "opens", "closes", "settled", "probability"),
        *("interval_low", "interval_high", "monte_carlo_error", "base_rate", "base_rate_cases"),
        *("reference_class", "words", "answer"),
    )
    rows = []
    for one in made.answers:
        low, high = one.interval or (None, None)
        rate = one.base_rate
        given = one.categories or one.quantiles or {}
        rows.append(
            (
                *(one.id, one.type, one.text, one.opens, one.closes, one.settled),
                *(one.probability, low, high, one.monte_carlo_error),
                *((rate.rate, rate.cases, rate.reference_class) if rate else (None,) * 3),
                one.words,
                "; ".join(f"{name}: {value}" for name, value in given.items()),
            )
        )
    return written(columns, rows)


def _facts(page: BoardPage) -> str:
    columns = ("day", "known", "kind", "who", "whom", "level", "front", "text", "disputed")
    rows = (
        (
            *(one.day, one.known, one.kind, one.who, one.whom, one.level, one.front, one.text),
            one.disputed,
            "; ".join(f"{source.publisher}, {source.date}" for source in one.sources),
            " ".join(source.url or "" for source in one.sources).strip(),
        )
        for one in page.facts
    )
    return written((*columns, "sources", "urls"), rows)


def _ties(page: BoardPage) -> str:
    rows = ((one.one, one.relation, one.other, one.note) for one in page.ties)
    return written(("one", "relation", "other", "note"), rows)


def _curve_rows(names: Sequence[str], curve: Curve) -> Iterable[Row]:
    columns = (curve.days, curve.probability, curve.low, curve.high)
    return ((*names, curve.name, *row) for row in zip(*columns, strict=True))


CURVE = ("move", "day", "probability", "interval_low", "interval_high")


def _moves(page: BoardPage, made: Forecast) -> str:
    rows = [
        row
        for move in made.next_moves
        for curve in move.curves
        for row in _curve_rows((move.actor, move.target, move.front), curve)
    ]
    return written(("actor", "target", "front", *CURVE), rows)


def _fronts(page: BoardPage, made: Forecast) -> str:
    rows = [
        row
        for front in made.spillover
        for row in _curve_rows((front.front, front.name, front.status), front.war)
    ]
    return written(("front", "name", "status", *CURVE), rows)


def _levels(page: BoardPage, made: Forecast) -> str:
    rows = [
        (one.front, day, level, value)
        for one in made.levels
        for day, shares in zip(one.days, one.shares, strict=True)
        for level, value in zip(one.levels, shares, strict=True)
    ]
    return written(("front", "day", "level", "share"), rows)


def _analogues(page: BoardPage, made: Forecast) -> str:
    columns = ("actor", "target", "case_actor", "case_rival", "case_day", "received", "crisis")
    rows = [
        (
            *(note.actor, note.target, one.actor, one.rival, one.day, one.received, one.crisis),
            *(one.done, one.after_days, one.distance, one.weight),
        )
        for note in made.analogues
        for one in note.nearest
    ]
    return written((*columns, "done", "after_days", "distance", "weight"), rows)


def _claims(page: BoardPage, made: Forecast) -> str:
    columns = ("claim", "by", "role", "quote", "source", "term", "sense", "prior", "posterior")
    rows = (
        (
            *(one.id, one.by, one.role, one.quote, one.source, one.term, one.sense),
            *(one.prior, one.posterior, to.question, to.now, to.holds, to.fails),
            *(to.error_holds, to.error_fails),
        )
        for one in made.claims
        for to in one.answers
    )
    more = ("question", "now", "if_it_holds", "if_not", "error_holds", "error_not")
    return written((*columns, *more), rows)


def _raids(page: BoardPage, made: Forecast) -> str:
    def told(raid: RaidCheck) -> Iterable[Row]:
        head = (raid.act, raid.launched, raid.claimed_share, raid.percentile)
        yield (*head, "share stopped, expected", *raid.predicted)
        yield (*head, "share stopped, learned", *raid.learned)
        yield (*head, "share stopped without partners", *raid.without_partners)
        yield (*head, "share stopped without warning", *raid.without_warning)
        for kill in raid.kill:
            name = f"{kill.layer} of {kill.owner} against {kill.munition}"
            yield (*head, f"{name}, before", *kill.before)
            yield (*head, f"{name}, after", *kill.after)

    columns = ("act", "launched", "claimed_share", "percentile", "quantity", "low", "middle")
    return written((*columns, "high"), (row for raid in made.raids for row in told(raid)))


def _reasons(page: BoardPage, made: Forecast) -> str:
    columns = ("actor", "target", "term", "meaning", "elicited", "value", "weight", "spread")
    rows = (
        (
            *(one.actor, one.target, term.term, term.meaning, term.elicited, term.value),
            *(term.weight, term.spread, term.reason),
        )
        for one in made.reasons
        for term in one.terms
    )
    return written((*columns, "reason"), rows)


def _grounds(page: BoardPage, made: Forecast) -> str:
    rows = [
        ("resolve", one.actor, "log-odds of force", *one.prior, *one.posterior, "")
        for one in made.resolve
    ]
    rows += [
        ("elicited", one.name, one.meaning, *one.prior, *one.posterior, one.reason)
        for one in made.elicited
    ]
    columns = ("kind", "name", "meaning", "prior_mean", "prior_sd", "posterior_mean")
    return written((*columns, "posterior_sd", "reason"), rows)


def _logged(page: BoardPage) -> str:
    rows = [(one.question, day, chance) for one in page.logged for day, chance in one.points]
    return written(("question", "as_of", "probability"), rows)


OF_FACTS: dict[str, Callable[[BoardPage], str]] = {"facts": _facts, "ties": _ties}
OF_FORECAST: dict[str, Callable[[BoardPage, Forecast], str]] = {
    "questions": _questions,
    "next-moves": _moves,
    "levels": _levels,
    "fronts": _fronts,
    "analogues": _analogues,
    "claims": _claims,
    "raids": _raids,
    "reasons": _reasons,
    "grounds": _grounds,
}
OF_LEDGER: dict[str, Callable[[BoardPage], str]] = {"logged": _logged}
NAMES = (*OF_FACTS, *OF_FORECAST, *OF_LEDGER)


def needs_forecast(name: str) -> bool:
    """Whether a table shows a forecast."""
    return name not in OF_FACTS


def table(name: str, page: BoardPage) -> str:
    """Return the table of that name, one of `NAMES`; its page has a forecast where it needs one."""
    if name in OF_FORECAST:
        assert page.forecast is not None
        return OF_FORECAST[name](page, page.forecast)
    return (OF_FACTS | OF_LEDGER)[name](page)
