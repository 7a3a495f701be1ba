"""From a crisis as of a day to its forecast: the main job, end to end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from offramp.choice.editions import edition_for
from offramp.choice.figures import Figures
from offramp.crisis.as_of import content_hash
from offramp.crisis.schema import Crisis
from offramp.engine.compile import compile_crisis
from offramp.engine.condition import DRAWS, ENOUGH, Posterior
from offramp.engine.ensemble import Futures, run
from offramp.engine.prior import Prior, prior_of
from offramp.engine.threads import in_order
from offramp.forecast.analogues import analogues
from offramp.forecast.answering import Answering
from offramp.forecast.claims import claim_notes
from offramp.forecast.conditioned import conditioned
from offramp.forecast.decomposition import FUTURES, decompositions
from offramp.forecast.document import Answer, Forecast, WeightsNote
from offramp.forecast.evidence import (
    elicited_notes,
    latest_facts,
    raid_checks,
    reasons,
    resolve_notes,
)
from offramp.forecast.outcomes import explained, horizon_needed, outcomes_of
from offramp.forecast.outlook import levels_over_time, next_moves, spillover

Progress = Callable[[str, int, int], None]
"""Told the name of a step, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Simulated:
    """A crisis that was conditioned and simulated, before any question is asked of it."""

    prior: Prior
    posterior: Posterior
    futures: Futures


def simulate_crisis(
    crisis: Crisis,
    count: int,
    seed: int,
    *,
    first: int = 0,
    draws: int = DRAWS,
    figures: Figures | None = None,
    progress: Progress | None = None,
) -> Simulated:
    """Condition a crisis on its timeline and simulate its futures.

    Args:
        crisis: read as of its day.
        count: how many futures.
        seed: same seed, same result.
        first: number of the first future.
        draws: how many posterior draws the futures take turns with.
        figures: what history says; if absent, the newest edition that ends before the as-of date.
        progress: told how far the work is.
    """
    figures = figures or edition_for(crisis.as_of)
    tell = progress or (lambda step, done, total: None)
    tell("conditioning on the timeline", 0, 1)
    prior = prior_of(compile_crisis(crisis), figures)
    posterior = conditioned(prior, seed, draws)
    tell("conditioning on the timeline", 1, 1)
    needed = [horizon_needed(question, crisis.as_of) for question in crisis.questions]
    futures = run(
        prior.compiled,
        posterior,
        count,
        seed,
        max([crisis.horizon_days, *needed]),
        first=first,
        progress=lambda done: tell("simulating futures", done, count),
    )
    return Simulated(prior, posterior, futures)


def forecast(
    crisis: Crisis,
    count: int,
    seed: int,
    *,
    draws: int = DRAWS,
    figures: Figures | None = None,
    decomposed: bool = False,
    progress: Progress | None = None,
) -> Forecast:
    """Return the forecast of a crisis; arguments as in :func:`simulate_crisis`.

    Where it is to be decomposed, some ten small ensembles more are simulated.
    """
    figures = figures or edition_for(crisis.as_of)
    simulated = simulate_crisis(
        crisis, count, seed, draws=draws, figures=figures, progress=progress
    )
    futures, questions = simulated.futures, crisis.questions
    answering = Answering(futures, simulated.posterior, figures.base_rates)
    answers = list(in_order(lambda k: answering.answer(questions[k]), range(len(questions))))
    return Forecast(
        crisis=crisis.id,
        title=crisis.title,
        summary=crisis.summary,
        as_of=crisis.as_of,
        horizon_days=futures.horizon,
        version=version("offramp"),
        seed=seed,
        futures=count,
        draws=draws,
        facts_sha256=content_hash(crisis),
        weights=weights_note(figures),
        bottom_line=_bottom_line(answers),
        answers=answers,
        next_moves=next_moves(futures),
        levels=levels_over_time(futures),
        spillover=spillover(futures),
        latest_facts=latest_facts(crisis),
        limits=_limits(crisis, simulated.posterior, futures, figures),
        **_draws(simulated, figures, seed),
        **_explanations(simulated, answers, seed, decomposed),
    )


def _draws(simulated: Simulated, figures: Figures, seed: int) -> dict[str, Any]:
    """Return the parts of a forecast that are read from the draws behind its futures."""
    prior, posterior = simulated.prior, simulated.posterior
    compiled = prior.compiled
    return {
        "effective_sample_size": posterior.sample_size,
        "effective_sample_size_before_repair": posterior.prior_sample_size,
        "tempering_steps": posterior.steps,
        "raids": raid_checks(prior, posterior, seed),
        "resolve": resolve_notes(prior, posterior),
        "reasons": reasons(prior, posterior, compiled.crisis.fronts[0].id),
        "analogues": analogues(compiled, posterior.worlds.dyads[0], figures),
        "elicited": elicited_notes(prior, posterior),
    }


def _explanations(
    simulated: Simulated, answers: list[Answer], seed: int, decomposed: bool
) -> dict[str, Any]:
    """Return what explains the answers, where there is something to explain them by."""
    prior, posterior, futures = simulated.prior, simulated.posterior, simulated.futures
    crisis = prior.compiled.crisis
    if not crisis.claims and not decomposed:
        return {"claims": [], "decompositions": []}
    settled = {answer.id for answer in answers if answer.settled}
    outcomes = [outcomes_of(one, futures) for one in explained(crisis.questions, settled)]
    found = {"claims": claim_notes(prior, posterior, futures, outcomes, seed)}
    if not decomposed:
        return found | {"decompositions": []}
    count = min(futures.count, FUTURES)
    steps = decompositions(prior, posterior, futures, outcomes, answers, seed, count)
    return found | {"decompositions": steps}


def weights_note(figures: Figures) -> WeightsNote:
    """Return where the weights come from."""
    made: dict[str, Any] = figures.provenance
    judged = json.dumps(figures.judgements, sort_keys=True).encode()
    digest = hashlib.sha256(figures.mean.tobytes() + figures.root.tobytes() + judged).hexdigest()
    return WeightsNote(
        edition=made["until"],
        file=made.get("file"),
        command=made["command"],
        datasets=made["datasets"],
        records=made["records"],
        acts=made["acts"],
        sha256=digest,
    )


def _bottom_line(answers: list[Answer]) -> list[str]:
    chosen = [answer for answer in answers if answer.headline] or answers[:3]
    return [f"{answer.text.rstrip('?')}: {answer.words}." for answer in chosen]


def _limits(crisis: Crisis, posterior: Posterior, futures: Futures, figures: Figures) -> list[str]:
    limits = [
        f"Weights come from states' acts up to {figures.provenance['until']}; armed groups, "
        "cyber operations and acts through proxies are not in that record.",
        "Deniable acts, conciliation, patrons' pressure, partners and the credit of a failed "
        "attack rest on elicited priors, marked as such.",
        "A raid is counted against layers of defence; places and targets are not modelled.",
        "Interceptions are the defender's claims, and count for a quarter of their number.",
        "Deaths on fronts that burn without being at war are not counted.",
    ]
    if date.fromisoformat(figures.provenance["until"]) >= crisis.as_of:
        limits.append("Hindsight: the weights have seen what came after the as-of date.")
    if posterior.prior_sample_size < ENOUGH * len(posterior.z):
        limits.append(
            f"The timeline surprised the prior: {posterior.prior_sample_size:.0f} effective "
            f"draws of {len(posterior.z)} before {posterior.steps} tempering steps, "
            f"{posterior.sample_size:.0f} after."
        )
    if futures.overflowed:
        limits.append(f"{futures.overflowed} futures had more acts than are kept.")
    if any(entry.disputed for entry in crisis.timeline):
        limits.append("Some facts of the timeline are disputed; they are marked.")
    return limits
