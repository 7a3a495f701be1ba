"""The table of terms: every covariate of the choice model, in order, with what backs it.

One table feeds the covariate function, the fit, the conditioning, the engine, the brief and
the documentation. An *estimated* term gets one weight a level from history. An *elicited*
term gets one weight in log-odds, with a spread, spread over the levels by its shape; it is
marked as elicited wherever it shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offramp.ladder import LEVEL_COUNT, Level

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Term:
    """One covariate of the choice model.

    Attributes:
        name: the identifier used in files, output and documentation.
        unit: what one unit of the covariate is.
        meaning: what it says, in a line.
        mean: elicited prior mean of the weight, log-odds a unit; None where estimated.
        spread: elicited prior standard deviation; None where estimated.
        shape: elicited multiplier by level, length 9; None where estimated.
        reason: why this prior; empty where estimated.
    """

    name: str
    unit: str
    meaning: str
    mean: float | None = None
    spread: float | None = None
    shape: tuple[float, ...] | None = None
    reason: str = ""

    @property
    def elicited(self) -> bool:
        """Whether the weight is a prior by judgement and not an estimate from history."""
        return self.mean is not None


def _from(level: Level, conciliate: float = 0.0) -> tuple[float, ...]:
    shape = [0.0] * LEVEL_COUNT
    shape[Level.CONCILIATE] = conciliate
    for rung in range(level, LEVEL_COUNT):
        shape[rung] = 1.0
    return tuple(shape)


ESTIMATED: tuple[Term, ...] = (
    Term("provoked_words", "0/1", "gravest unanswered act of the rival: words or pressure"),
    Term("provoked_display", "0/1", "gravest unanswered act of the rival: display of force"),
    Term("provoked_force", "0/1", "gravest unanswered act of the rival: use of force"),
    Term("provoked_war", "0/1", "gravest unanswered act of the rival: war"),
    Term("provoked_indirect", "0/1", "that act was deniable, by proxy, or on a friend"),
    Term("crisis", "0/1", "that act triggered a crisis in ICB's sense"),
    Term("crisis_day_0", "0/1", "a crisis was triggered that very day"),
    Term("crisis_day_1", "0/1", "it was triggered the day before"),
    Term("crisis_days_2", "0/1", "it was triggered 2 or 3 days before"),
    Term("crisis_days_4", "0/1", "it was triggered 4 to 7 days before"),
    Term("crisis_days_8", "0/1", "it was triggered 8 to 14 days before"),
    Term("crisis_days_15", "0/1", "it was triggered 15 to 30 days before"),
    Term("crisis_display", "0/1", "a display of force triggered it"),
    Term("crisis_force", "0/1", "force triggered it"),
    Term("crisis_group", "0/1", "no state triggered it"),
    Term("crisis_others", "log(1+n)", "others that the crisis had drawn in before its trigger"),
    Term("crisis_own_recent", "log(1+days)", "in a crisis: `own_recent`"),
    Term("crisis_power", "log ratio", "in a crisis: `power`"),
    Term("crisis_nuclear_rival", "0/1", "in a crisis: `nuclear_rival`"),
    Term("unanswered_harm", "log(1+killed)", "killed and not yet answered, half-life 30 days"),
    Term("answered_partly", "0/1", "has replied, below the level of the provocation"),
    Term("answered", "0/1", "has replied in kind since the last provocation"),
    Term(
        "own_recent",
        "log(1+days)",
        "days with own displays or overt force, discounted over 30 days",
    ),
    Term("rival_recent", "log(1+days)", "the same of the rival"),
    Term(
        "own_year", "log(1+days)", "days with own displays or overt force, discounted over 365 days"
    ),
    Term("rival_year", "log(1+days)", "the same of the rival"),
    Term("own_force", "log(1+days)", "own days of overt force, discounted over 90"),
    Term("rival_force", "log(1+days)", "the same of the rival"),
    Term("reciprocity", "log(1+days)", "the smaller of both sides' discounted days in a year"),
    Term("exchange", "0/1", "both sides used overt force on two discounted days or more"),
    Term("public_threat", "0/1", "own public threat of the last 30 days, not yet carried out"),
    Term("power", "log ratio", "log of own over rival's material capabilities (CINC), within 4"),
    Term("nuclear_self", "0/1", "holds nuclear weapons"),
    Term("nuclear_rival", "0/1", "the rival holds nuclear weapons"),
    Term("nuclear_both", "0/1", "both hold nuclear weapons"),
    Term("contiguous", "0/1", "share a land border or at most 24 miles of water"),
    Term("distance", "log(1+1000 km)", "minimum distance between territories"),
    Term("allied", "0/1", "bound by a defence pact (ATOP)"),
    Term("rivals", "0/1", "strategic rivals (Thompson)"),
    Term("confrontations", "log(1+n)", "militarized confrontations of the two in 20 years"),
    Term("overstretch", "log(1+n)", "other opponents with whom force was exchanged in 30 days"),
    Term("heated_own_year", "log(1+days)", "on heated days: `own_year`"),
    Term("heated_rival_year", "log(1+days)", "on heated days: `rival_year`"),
    Term("heated_own_force", "log(1+days)", "on heated days: `own_force`"),
    Term("heated_rival_force", "log(1+days)", "on heated days: `rival_force`"),
    Term(
        "heated_force_share",
        "share − ½",
        "on heated days: overt force among own counted days, discounted over 1825",
    ),
    Term(
        "heated_rival_long",
        "log(1+days)",
        "on heated days: the rival's days with displays or overt force, discounted over 1825",
    ),
    Term(
        "heated_fought",
        "log(1+days)",
        "on heated days: days on which both used overt force, discounted over 365",
    ),
    Term("heated_public_threat", "0/1", "on heated days: `public_threat`"),
    Term("heated_power", "log ratio", "on heated days: `power`"),
    Term("heated_contiguous", "0/1", "on heated days: `contiguous`"),
    Term("heated_distance", "log(1+1000 km)", "on heated days: `distance`"),
    Term("heated_allied", "0/1", "on heated days: `allied`"),
    Term("heated_rivals", "0/1", "on heated days: `rivals`"),
)

ELICITED: tuple[Term, ...] = (
    Term(
        "provoked_major",
        "0/1",
        "the unanswered act was a large strike or barrage",
        0.4,
        0.4,
        _from(Level.LIMITED),
        "MIE cannot tell a large strike from a bounded one unless many died; scale "
        "should call for more, by an amount history does not show here",
    ),
    Term(
        "provoked_on_soil",
        "0/1",
        "the unanswered act fell on own territory",
        0.3,
        0.4,
        _from(Level.LIMITED),
        "an attack on the homeland threatens a basic value more than one abroad",
    ),
    Term(
        "win_credit",
        "share",
        "share of the unanswered attack that the defence defeated",
        -0.6,
        0.5,
        _from(Level.LIMITED),
        "an attack that failed leaves less to answer, but intent still counts",
    ),
    Term(
        "concluded_by_rival",
        "0/1",
        "the rival has declared the matter concluded in the last 90 days",
        -0.3,
        0.4,
        _from(Level.DENIABLE, conciliate=-1.0),
        "an offered off-ramp; the target may not take it",
    ),
    Term(
        "concluded_by_self",
        "0/1",
        "has itself declared the matter concluded in the last 90 days",
        -0.8,
        0.5,
        _from(Level.DENIABLE, conciliate=-0.5),
        "going back on a public word costs the author (audience cost)",
    ),
    Term(
        "patron_restraint",
        "dependence",
        "patrons urging restraint, times dependence on them",
        -0.7,
        0.6,
        _from(Level.LIMITED),
        "in case studies restraint by allies works about as often as it fails (Pressman, "
        "Warring Friends, 2008): at full dependence the hazard is about halved",
    ),
    Term(
        "patron_go_ahead",
        "dependence",
        "patrons giving a go-ahead, times dependence on them",
        0.8,
        0.5,
        _from(Level.LIMITED),
        "the mirror of restraint, thought weaker: permission is not need",
    ),
    Term(
        "partner_refusal",
        "dependence",
        "partners refusing to join an attack, times dependence on them",
        -0.6,
        0.5,
        _from(Level.MAJOR),
        "without partners a large attack is harder and lonelier; a bounded one less so",
    ),
    Term(
        "partner_defence",
        "share",
        "partners who took part, or promised to, in the defence: share of the ties",
        0.0,
        0.4,
        _from(Level.LIMITED),
        "two ways: cover emboldens, and it satisfies; the sign is left open",
    ),
    Term(
        "linked_fronts",
        "strength",
        "strength of the links from fronts that burn or are at war",
        0.15,
        0.15,
        _from(Level.DENIABLE),
        "a wider war supplies occasions; weak because the tempo carries most of it",
    ),
    Term(
        "recent_acts",
        "log(1+days)",
        "days with displays or overt force of either side, discounted over 30 days, within 2 logs",
        0.5,
        0.4,
        tuple(float(level == Level.CONCILIATE) for level in range(LEVEL_COUNT)),
        "offers, talks and mediation come while a crisis is hot more than when nothing happens",
    ),
)

CRISIS_DAYS = tuple(term.name for term in ESTIMATED if term.name.startswith("crisis_day"))
"""The hazard in a crisis by bin of days since its trigger; the last bin is the reference."""
CARRIED_INTO_CRISES = {
    "own_recent": "crisis_own_recent",
    "power": "crisis_power",
    "nuclear_rival": "crisis_nuclear_rival",
}
"""Routine terms that bear on a crisis too, with a weight of its own there."""
IN_CRISES = frozenset(term.name for term in ESTIMATED if term.name.startswith("crisis")) | {
    "provoked_indirect"
}
"""Terms of crises: ICB informs their weights. While a crisis's trigger is unanswered, these and
`answered_partly` are read, and no other estimated term."""

HEATED = frozenset(term.name for term in ESTIMATED if term.name.startswith("heated_"))
"""Terms of heated days: 1 to 90 days after an act of the rival outside a crisis. On these the
routine terms are silent but for those of the provocation."""
CARRIED_INTO_HEAT = {
    name.removeprefix("heated_"): name
    for name in (term.name for term in ESTIMATED if term.name in HEATED)
    if name.removeprefix("heated_") in {term.name for term in ESTIMATED}
}
"""Routine terms that bear on heated days too, with a weight of its own there."""
OF_PROVOCATION = frozenset(
    ("provoked_words", "provoked_display", "provoked_force", "provoked_war")
) | {"answered_partly", "answered"}
"""What an act of the rival left, which counts on heated days as on its evening."""
FACED = IN_CRISES | HEATED | OF_PROVOCATION
"""Estimated terms that may bear on one who has an act to answer."""

TERMS: tuple[Term, ...] = ESTIMATED + ELICITED
TERM_COUNT = len(TERMS)
ESTIMATED_COUNT = len(ESTIMATED)
INDEX: dict[str, int] = {term.name: number for number, term in enumerate(TERMS)}

EXPECTED_RETALIATION = Term(
    "expected_retaliation",
    "probability above history's mean",
    "probability that the rival answers this level with overt force within a week, one step "
    "ahead by the same model over the belief about the rival's resolve",
    -1.0,
    0.7,
    _from(Level.VERBAL),
    "states shy from acts that they expect to be answered; the estimated part already "
    "carries the average case, so only the departure from history's mean counts",
)

OTHER_ELICITED_NAMES = (
    "expected_retaliation",
    "own_resolve",
    "defence_estimate",
)
"""Quantities besides the covariates that a claim may speak of."""

GRADES: dict[str, float] = {"low": 0.25, "medium": 0.5, "high": 0.75}
"""Dependence of a client and strength of a link, by the word in the crisis file."""


def elicited_shapes() -> FloatArray:
    """Return the shapes of the elicited terms, an array (elicited terms, 9)."""
    return np.array([term.shape for term in ELICITED], dtype=np.float64)


def claimable_terms() -> tuple[str, ...]:
    """Return the names that a claim in a crisis file may speak of."""
    return tuple(term.name for term in TERMS) + OTHER_ELICITED_NAMES
