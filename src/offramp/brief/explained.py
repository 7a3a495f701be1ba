"""The pages of signposts, claims, decompositions and traces."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from offramp.brief import drawings, phrases
from offramp.brief.pages import Page, Section
from offramp.crisis.library import shipped
from offramp.forecast.explanations import (
    Asked,
    ClaimReport,
    Effect,
    Run,
    Signpost,
    Trace,
    TracedFuture,
    WatchList,
    Why,
)
from offramp.forecast.words import day, interval, percent, points, words

SHOWN = 12
"""Signposts of a watch list that a page shows; all stand in the data."""
SURE = 3.0
"""A signpost is shown if its bits are so many standard errors above 0: many are looked at."""
SURE_FACT, LEAST_FACT = 3.0, 0.0005
"""A fact is shown if its effect is so many standard errors, and at least so much."""


def watch_page(found: WatchList, flags: Sequence[str] = ()) -> Page:
    """Return the watch list as a page."""
    telling = [post for post in found.signposts if post.bits > SURE * post.bits_error]
    questions = {one.id: one for one in found.questions}
    notes = [
        "What to look for by a day, how likely it is, and what it would tell of the answers if "
        "the question is still open on that day. Most telling first, by expected information in "
        "bits. “It would decide”: once seen, the question is all but settled, so it is not ranked.",
        f"{found.considered:,} observations looked at, {found.left_out:,} left out: fewer than "
        f"{found.least_futures} futures with or without, or no question open then. "
        f"{len(found.signposts) - len(telling):,} tell nothing beyond chance.",
    ]
    # Of a single question the section below says the same and more.
    sections = [_watch(telling, questions)] if telling and len(questions) > 1 else []
    if not telling:
        notes.append("No observation tells anything beyond chance: more futures may show one.")
    sections += [_by_question(one, telling) for one in found.questions]
    return _page(found.run, "What to watch", "signposts", notes, sections, flags)


def _watch(posts: Sequence[Signpost], questions: dict[str, Asked]) -> Section:
    rows = []
    for post in posts[:SHOWN]:
        most = max(post.effects, key=lambda each: each.bits)
        rows.append(
            (
                post.text,
                f"by {day(post.by)}",
                percent(post.probability),
                f"{1000 * post.bits:.1f} ± {1000 * post.bits_error:.1f}",
                questions[most.question].text,
                _change(most),
            )
        )
    columns = ("watch for", "when", "chance", "millibits", "tells most of", "if seen, if not")
    return Section("The watch list", (), columns, rows)


def _change(one: Effect) -> str:
    return f"{_chance(one.if_seen)}, {_chance(one.if_not_seen)}"


def _chance(chance: float | None) -> str:
    return "–" if chance is None else percent(chance)


def _by_question(asked: Asked, posts: Sequence[Signpost]) -> Section:
    """Return what each signpost does to one question, and which would decide it."""
    effects = [(post, each) for post in posts for each in post.effects if each.question == asked.id]
    ranked = sorted(
        (pair for pair in effects if not pair[1].decides), key=lambda pair: -pair[1].bits
    )
    rows = [
        (
            post.text,
            f"by {day(post.by)}",
            percent(post.probability),
            _chance(each.before),
            phrases.with_error(each.if_seen, each.error_seen),
            phrases.with_error(each.if_not_seen, each.error_not_seen),
            f"{1000 * each.bits:.1f} ± {1000 * each.bits_error:.1f}",
        )
        for post, each in ranked[:SHOWN]
        if each.bits > SURE * each.bits_error
    ]
    deciding = [post.text for post, each in effects if each.decides]
    notes = [f"Now {words(asked.probability)}, closes {day(asked.closes)}."]
    if deciding:
        notes.append(f"It would decide: {'; '.join(deciding)}.")
    columns = ("if", "when", "chance", "either way", "seen", "not seen", "millibits")
    return Section(asked.text, notes, columns, rows)


def claims_page(found: ClaimReport, flags: Sequence[str] = ()) -> Page:
    """Return the claims as a page."""
    notes = [
        "A claim holds in those draws in which its term moves the log-odds of force, in its "
        f"sense, by more than {found.size:g} a unit; one about a state of affairs, where that "
        "lies on the claim’s side of what was thought before. ± is one standard error over draws.",
    ]
    if not found.claims:
        notes.append("This crisis file quotes no claim.")
    sections = [
        Section(
            f"“{claim.quote}”",
            [
                f"{claim.by}, {claim.role}. Speaks of {claim.term}: {claim.sense} the chance of "
                f"force. {claim.source}.",
                phrases.support(claim),
            ],
            phrases.CLAIM_COLUMNS,
            phrases.claim_rows(claim),
        )
        for claim in found.claims
    ]
    return _page(found.run, "What the quoted claims imply", "claims", notes, sections, flags)


def why_page(found: Why, flags: Sequence[str] = ()) -> Page:
    """Return the decompositions as a page."""
    sections = [
        Section(
            one.text,
            [f"Forecast: {words(one.probability)}."],
            phrases.STEP_COLUMNS,
            phrases.step_rows(one),
            drawings.decomposition_chart(one, f"steps-{number}"),
        )
        for number, one in enumerate(found.decompositions)
    ]
    return _page(
        found.run, "From base rate to forecast", "why", [phrases.ORDER_NOTE], sections, flags
    )


def trace_page(found: Trace, flags: Sequence[str] = ()) -> Page:
    """Return a trace as a page."""
    run = found.run
    notes = [
        f"{found.question.text} {words(found.question.probability)}, credible interval "
        f"{interval(*found.credible)}; closes {day(found.question.closes)}."
    ]
    again = f"offramp future {_named(run)} --seed {run.seed}"
    futures = Section(
        "Futures",
        [f"Read any of them: {again} --number N"],
        ("number", "came to", "by day", "draw"),
        [_future(one) for one in (*found.true, *found.false)],
    )
    return _page(
        run,
        "Where the answer comes from",
        "trace",
        notes,
        [futures, _draws(found), _facts(found)],
        flags,
    )


def _future(one: TracedFuture) -> tuple[str, ...]:
    when = "–" if one.day is None else str(one.day)
    return str(one.number), one.outcome, when, str(one.draw)


def _draws(found: Trace) -> Section:
    error = found.separators[0].error if found.separators else 0.0
    return Section(
        "Draws",
        [
            "Which weights and resolve go with the outcome, over draws: correlation, and the "
            "answer in the thirds of draws where the quantity is lowest and highest. By chance "
            f"alone a correlation is within ± {2.0 * error:.2f} of 0."
        ],
        ("quantity", "correlation", "lowest third", "highest third", "what it is"),
        [
            (
                one.name,
                f"{one.correlation:+.2f}".replace("-", "−"),
                percent(one.low),
                percent(one.high),
                one.meaning,
            )
            for one in found.separators
        ],
    )


def _facts(found: Trace) -> Section:
    sure = [one for one in found.facts if abs(one.effect) > max(SURE_FACT * one.error, LEAST_FACT)]
    few = len(found.facts) - len(sure)
    return Section(
        "Facts",
        [
            "What each fact of the timeline did to the answer: the answer less that without it, in "
            "points, and how much of that it did by what it teaches of weights and resolve; the "
            "rest by the state in which it left the sides.",
            f"The latest {found.facts_considered} facts were left out in turn; {few} moved the "
            "answer by no more than chance.",
        ],
        ("fact", "day", "adds, in points", "by what it teaches", "without it", "how"),
        [
            (
                one.text,
                day(one.day),
                f"{points(one.effect)} ± {100 * one.error:.1f}",
                points(one.by_what_it_teaches),
                percent(one.without),
                f"{one.method}, {one.effective_draws:.0f} effective draws",
            )
            for one in sure
        ],
    )


def _named(run: Run) -> str:
    name = run.crisis if run.crisis in shipped() else f"{run.crisis}.yaml"
    own = "" if run.weights is None else f" --weights {shlex.quote(run.weights)}"
    return f"{shlex.quote(name)} --as-of {run.as_of.isoformat()}{own}"


def _page(
    run: Run,
    what: str,
    command: str,
    notes: Sequence[str],
    sections: Sequence[Section],
    flags: Sequence[str],
) -> Page:
    rest = " ".join(map(shlex.quote, flags))
    again = f"offramp {command} {_named(run)} --futures {run.futures} --seed {run.seed} {rest}"
    kicker = f"{what}, as of {day(run.as_of)}; {run.futures:,} futures from {run.draws:,} draws"
    return Page(run.title, kicker, notes, sections, again.rstrip())
