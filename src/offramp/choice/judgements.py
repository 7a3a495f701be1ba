"""The table of judgements: elicited quantities that are no weights of covariates.

What past crises inform of them replaces the prior in the editions that end after those crises
(`offramp.choice.editions`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """An elicited quantity that is no weight of a covariate.

    Attributes:
        name: identifier.
        meaning: what it is, with its unit.
        scale: what the prior is normal on: ``identity``, ``log`` or ``logit``.
        mean: of the prior, on that scale.
        spread: standard deviation, on that scale.
        reason: why this prior.
    """

    name: str
    meaning: str
    scale: str
    mean: float
    spread: float
    reason: str


JUDGEMENTS: tuple[Judgement, ...] = (
    Judgement(
        "conciliation",
        "log-odds of a conciliatory act on a day, before covariates",
        "identity",
        -4.5,
        0.7,
        "neither MIE nor ICB records conciliation; about one act in three months",
    ),
    Judgement(
        "deniable_gap",
        "log-odds of a deniable against a bounded overt act, before covariates",
        "identity",
        0.0,
        0.7,
        "neither MIE nor ICB records deniable acts as such; taken as about as frequent",
    ),
    Judgement(
        "diligence_words",
        "log-odds by which a crisis file records words more often than datasets do",
        "identity",
        2.5,
        1.0,
        "a file records most public threats and demands of a tense week; datasets few",
    ),
    Judgement(
        "diligence_pressure",
        "the same for pressure short of displays",
        "identity",
        1.0,
        1.0,
        "MIE has no sanctions, expulsions or closed borders, but ICB counts them as responses",
    ),
    Judgement(
        "diligence_display",
        "the same for displays of force",
        "identity",
        1.0,
        0.7,
        "a file records alerts and call-ups that no dataset would",
    ),
    Judgement(
        "diligence_force",
        "the same for force short of war",
        "identity",
        0.0,
        1.0,
        "a file tells each day of a fight that a dataset holds for one act, and leaves out "
        "incidents that a dataset has; the sign is left open",
    ),
    Judgement(
        "reliability",
        "probability that a launched munition arrives at the defence, by class",
        "logit",
        2.2,
        0.6,
        "about nine in ten, between six and ninety-nine in a hundred",
    ),
    Judgement(
        "killed_per_leaker",
        "mean number killed by a munition that comes through",
        "log",
        -1.5,
        0.8,
        "warned and sheltered people; between one in twenty and one each",
    ),
    Judgement(
        "contagion",
        "multiplier of what acts add to the tempo of linked fronts",
        "log",
        0.0,
        0.5,
        "the table of shocks by level within a factor of about three",
    ),
    Judgement(
        "war_factor",
        "tempo of a front at war over its tempo before",
        "log",
        1.1,
        0.5,
        "about threefold",
    ),
)
"""The table of the other elicited quantities."""
