"""What a forecast rests on: raids against expectation, resolve, terms at work, priors."""

from __future__ import annotations

import numpy as np

from offramp.choice.covariates import covariates
from offramp.choice.model import BETA_ROW
from offramp.choice.terms import (
    ELICITED,
    EXPECTED_RETALIATION,
    TERM_COUNT,
    TERMS,
)
from offramp.crisis.schema import Act, Crisis
from offramp.engine.compile import Compiled, Raid
from offramp.engine.condition import Posterior, leak_share
from offramp.engine.plan import Draws, FloatArray, LayerColumn
from offramp.engine.prior import RELIABILITY, SINGLE_JUDGEMENTS, Prior
from offramp.forecast.document import (
    Elicited,
    FactNote,
    KillEstimate,
    RaidCheck,
    Reason,
    ResolveNote,
    TermNote,
)
from offramp.ladder import Level
from offramp.raid import CLASS_NAMES

PRIOR_DRAWS = 4000
TERMS_SHOWN = 10
FACTS_SHOWN = 12
THREE = (0.05, 0.5, 0.95)
PAST_CRISES = "how the files of past crises that had ended tell it, around an elicited prior"
"""Why a judgement has the prior that it has, where past crises inform it."""


def _three(values: FloatArray) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, THREE)
    return float(low), float(middle), float(high)


def raid_checks(prior: Prior, posterior: Posterior, seed: int) -> list[RaidCheck]:
    """Compare each raid of the timeline with what was expected before it was told."""
    compiled = prior.compiled
    random = np.random.Generator(np.random.Philox(key=[seed, 0x5A1D]))
    before = prior.draws(random.standard_normal((PRIOR_DRAWS, prior.layout.size)))
    acts = {act.id: act for act in compiled.crisis.timeline if isinstance(act, Act)}
    return [
        _raid_check(compiled, before, posterior.draws, raid, acts[raid.act])
        for raid in compiled.raids
        if compiled.plan.layer_start[raid.defender] < compiled.plan.layer_start[raid.defender + 1]
        and (raid.share is not None or not np.isnan(raid.intercepted[raid.launched > 0]).any())
    ]


def _raid_check(compiled: Compiled, before: Draws, after: Draws, raid: Raid, act: Act) -> RaidCheck:
    total = raid.launched.sum()
    claimed = raid.share if raid.share is not None else float(np.nansum(raid.intercepted) / total)

    def stopped(draws: Draws, partners: bool = True, warned: bool = raid.warned) -> FloatArray:
        leak = leak_share(compiled, draws, raid, partners=partners, warned=warned)
        share: FloatArray = 1.0 - (leak * raid.launched).sum(axis=1) / total
        return share

    predicted = stopped(before)
    return RaidCheck(
        act=raid.act,
        text=act.text,
        launched=int(total),
        claimed_share=claimed,
        predicted=_three(predicted),
        percentile=float((predicted <= claimed).mean()),
        learned=_three(stopped(after)),
        without_partners=_three(stopped(after, partners=False)),
        without_warning=_three(stopped(after, warned=False)),
        kill=_kill_estimates(compiled, before, after, raid),
    )


def _kill_estimates(
    compiled: Compiled, before: Draws, after: Draws, raid: Raid
) -> list[KillEstimate]:
    out = []
    for place, layer in enumerate(compiled.layers):
        if compiled.actors.index(layer.defender) != raid.defender:
            continue
        for k, name in enumerate(CLASS_NAMES):
            engages = compiled.plan.layers[place, LayerColumn.AGAINST + k] > 0
            if engages and raid.launched[k] > 0:
                out.append(
                    KillEstimate(
                        layer=layer.name,
                        owner=layer.owner,
                        munition=name,
                        before=_three(before.kill[:, 1 + place, k]),
                        after=_three(after.kill[:, 1 + place, k]),
                    )
                )
    return out


def resolve_notes(prior: Prior, posterior: Posterior) -> list[ResolveNote]:
    """Return what is believed of the resolve of the actors that face another."""
    compiled, draws = prior.compiled, posterior.draws
    facing = sorted({int(row[0]) for row in compiled.plan.dyads})
    public = (posterior.worlds.belief * prior.resolve_nodes).sum(axis=2).mean(axis=0)
    return [
        ResolveNote(
            actor=compiled.actors[k],
            prior=(float(prior.resolve_mean[k]), float(prior.resolve_spread[k])),
            posterior=(float(draws.resolve[:, k].mean()), float(draws.resolve[:, k].std())),
            public=float(public[k]),
        )
        for k in facing
    ]


def reasons(prior: Prior, posterior: Posterior, front: str) -> list[Reason]:
    """Return, for each dyad of a front, the terms at work on the day after the as-of date."""
    compiled = prior.compiled
    out = []
    for place, dyad in enumerate(compiled.dyads):
        if dyad.front != front:
            continue
        x = np.zeros(TERM_COUNT)
        covariates(posterior.worlds.dyads[0, place], compiled.plan.as_of_day + 1, x)
        weights = posterior.draws.choice[:, BETA_ROW:, Level.LIMITED]
        mean, spread = weights.mean(axis=0), weights.std(axis=0)
        at_work = sorted(np.flatnonzero(x), key=lambda k: -abs(float(x[k] * mean[k])))[:TERMS_SHOWN]
        notes = [
            TermNote(
                term=TERMS[k].name,
                meaning=TERMS[k].meaning,
                elicited=TERMS[k].elicited,
                value=float(x[k]),
                weight=float(mean[k]),
                spread=float(spread[k]),
                reason=TERMS[k].reason,
            )
            for k in at_work
        ]
        out.append(Reason(actor=dyad.actor, target=dyad.target, terms=notes))
    return out


def elicited_notes(prior: Prior, posterior: Posterior) -> list[Elicited]:
    """Return every elicited prior, and what the timeline made of it."""
    z, layout = posterior.z, prior.layout
    out = []
    terms = [*ELICITED, EXPECTED_RETALIATION]
    blocks = np.concatenate([z[:, layout.elicited], z[:, layout.retaliation]], axis=1)
    for column, term in zip(blocks.T, terms, strict=True):
        assert term.mean is not None
        assert term.spread is not None
        value = term.mean + term.spread * column
        out.append(
            Elicited(
                name=term.name,
                meaning=f"{term.meaning} (log-odds a unit)",
                prior=(term.mean, term.spread),
                posterior=(float(value.mean()), float(value.std())),
                reason=term.reason,
            )
        )
    judged = [
        *((one.name, one) for one in SINGLE_JUDGEMENTS),
        *((f"{RELIABILITY.name}, {name}", RELIABILITY) for name in CLASS_NAMES),
    ]
    blocks = np.concatenate([z[:, layout.judgements], z[:, layout.reliability]], axis=1)
    for column, (name, judgement) in zip(blocks.T, judged, strict=True):
        mean, spread = prior.judged(judgement)
        value = mean + spread * column
        scale = "" if judgement.scale == "identity" else f" ({judgement.scale} scale)"
        out.append(
            Elicited(
                name=name,
                meaning=judgement.meaning + scale,
                prior=(mean, spread),
                posterior=(float(value.mean()), float(value.std())),
                reason=PAST_CRISES
                if judgement.name in prior.figures.judgements
                else judgement.reason,
            )
        )
    return out + _elicited_tempo(prior, posterior)


def _elicited_tempo(prior: Prior, posterior: Posterior) -> list[Elicited]:
    """What of a burning front's tempo the figures do not estimate."""
    return [
        Elicited(
            name=f"tempo, {name}",
            meaning="of a burning front; scales as in the page on the model",
            prior=pair,
            posterior=(
                float(pair[0] + pair[1] * column.mean()),
                float(pair[1] * column.std()),
            ),
            reason="the record of a burning region begins in 1979; before, a judgement",
        )
        for column, (name, pair) in zip(
            posterior.z[:, prior.layout.tempo].T, prior.tempo_prior.items(), strict=True
        )
        if name not in prior.figures.tempo
    ]


def latest_facts(crisis: Crisis) -> list[FactNote]:
    """Return the last facts of the timeline, in order of time, with their sources."""
    newest = sorted(crisis.timeline, key=lambda entry: entry.day)[-FACTS_SHOWN:]
    return [
        FactNote(
            day=entry.day,
            text=entry.text,
            sources=[
                f"{crisis.sources[one].publisher}, {crisis.sources[one].date.isoformat()}"
                for one in entry.source
            ],
            disputed=entry.disputed,
        )
        for entry in newest
    ]
