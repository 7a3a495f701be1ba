"""Claims: judgements of named people, tied to a term of the choice model and to their sense."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

_TERMS: tuple[tuple[str, str], ...] = (
    ("partner_refusal", r"\b(?:not|n['’]t|won['’]t|refus\w+)\b[^.]{0,40}\b(?:join|take part|"
                        r"support|back)\b|"
                        r"\b(?:alone|isolat\w+|without (?:allies|partners|washington))\b"),
    ("patron_restraint", r"\b(?:restrain\w*|pressure (?:from|by)|press\w* (?:\w+ ){0,3}not|"
                         r"hold\w* back|"
                         r"leash|lean\w* on|limits)\b"),
    ("patron_go_ahead", r"\b(?:green light|go-ahead|blessing|free hand|permission)\b"),
    ("partner_defence", r"\b(?:allies|partners|coalition|friends)\b[^.]{0,50}\b(?:defend\w*|"
                        r"intercept\w*|"
                        r"show\w* up|help\w*|shield\w*)\b"),
    ("win_credit", r"\b(?:winner|win|won|victory|success|fizzled|failed|defeat\w*|intercepted|"
                   r"no damage|"
                   r"little damage)\b"),
    ("concluded_by_rival", r"\b(?:off-?ramp|concluded|way out|signal\w* (?:the|an) end|"
                           r"de-?escalat\w+)\b"),
    ("defence_estimate", r"\b(?:air defen[cs]e\w*|interceptors?|learned|testing|depth|"
                         r"stockpile|penetrat\w+|"
                         r"information)\b"),
    ("own_resolve", r"\b(?:resolve|downshift\w*|determin\w+|cannot let|can['’]t let|must respond|"
                    r"back(?:ed|s|ing)? down|climb\w* down|appetite|want\w* to|"
                    r"(?:pull|step)(?:ed|s|ped)? back|faces? an? election|neither \w+ wants?|"
                    r"deterrence|tone|credib\w+)\b"),
    ("expected_retaliation", r"\b(?:retaliat\w+|respond|response|hit back|counter-?attack|"
                             r"consequences|"
                             r"escalat\w+|spiral)\b"),
    ("linked_fronts", r"\b(?:gaza|lebanon|red sea|fronts?|spill\w*|wider|regional|proxies)\b"),
    ("power", r"\b(?:stronger|weaker|superior\w*|capabilit\w+|outgunned|military power)\b"),
    ("nuclear_both", r"\bnuclear\b"),
    ("rivals", r"\b(?:rival\w*|decades|history|enmity)\b"),
)  # fmt: skip
_COMPILED = tuple((term, re.compile(words, re.IGNORECASE)) for term, words in _TERMS)

_LOWERS = re.compile(
    r"\b(?:downshift\w*|easier|eases?|restraint|restrain\w*|calm\w*|off-?ramp|avoid\w*|unlikely|"
    r"less (?:likely|pressure)|does(?:n['’]t| not) (?:face|want|need|seek)|do(?:n['’]t| not) want|"
    r"de-?escalat\w+|not going to|won['’]t|contain\w*|cool\w*|relief|winner|win|deter(?:red|s)?|"
    r"step\w* back|satisf\w+|no interest|limited|success|peace\w*|ceasefire|diplomacy|hold\w* back|"
    r"climb\w* down|pull\w* back|way out|patien\w+|settle\w*|neither \w+ wants?|blow\w* over|"
    r"d(?:ie|ying) down|fad(?:e|es|ing)|subsid\w+|go(?:es|ing)? home|bluff\w*|postur\w+|bluster)\b",
    re.IGNORECASE,
)
_RAISES = re.compile(
    r"\b(?:escalat\w+|inevitable|must (?:respond|act|retaliate|strike)|have to (?:respond|act|hit)|"
    r"war|spiral\w*|dangerous|risk\w*|likely to (?:strike|attack|respond|retaliate)|miscalculation|"
    r"cannot (?:let|ignore|afford)|can['’]t (?:let|ignore|afford)|no choice|hit back|revenge|"
    r"provok\w+|emboldened?|worse|tension\w*|threat\w*|more (?:strikes|attacks)|explode|brink|"
    r"retaliat\w+|wider|pressure to|(?:cannot|will not) (?:be seen to )?back down|"
    r"collision|out of (?:control|hand)|election)\b",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(r"^[“\"]?\s*(?:if \w+ (?:had|were)|had)\b", re.IGNORECASE)

Sense = Literal["raises", "lowers"]


def term_of(quote: str, terms: Collection[str]) -> str | None:
    """Return the first term, of those that claims may speak of, whose words a quote uses."""
    for term, words in _COMPILED:
        if term in terms and words.search(quote):
            return term
    return None


def sense_of(quote: str) -> Sense | None:
    """Return whether a quote says that force is likelier or less likely, or None if neither.

    A sentence that supposes what did not happen counts for nothing: the rest of the quote says
    what follows.
    """
    lowers = raises = 0
    for part in re.split(r"(?<=[.!?])\s+", quote):
        if _HYPOTHETICAL.match(part):
            continue
        lowers += len(_LOWERS.findall(part))
        raises += len(_RAISES.findall(part))
    if lowers == raises == 0:
        return None
    return "lowers" if lowers >= raises else "raises"


FALLBACK_TERM = "own_resolve"
"""What a judgement is taken to speak of where its words tell no term: for a person to mend."""
