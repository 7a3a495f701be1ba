"""Words of English reporting: cutting text into tokens, and their base forms.

There is no statistical tagger: base forms come from a table of irregular verbs and from the
regular endings, preferring forms that the lexicon knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set: how the lists of words are written."""
    return frozenset(text.split())


TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., a.m.
    r"|\d[\d.,]*\d|\d"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W_]+)*"
    r"|[^\w\s]|_",
)

_IRREGULAR = """
arise arose arisen|awake awoke awoken|be is are was were been being am|bear bore borne
beat beaten|become became|begin began begun|behead|bend bent|bet|bid|bind bound|bite bit bitten
blow blew blown|break broke broken|bring brought|build built|burn burnt|buy bought|catch caught
choose chose chosen|come came|cut|deal dealt|dig dug|do did done does|draw drew drawn
drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt
fight fought|find found|flee fled|fly flew flown flies|forbid forbade forbidden
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten
give gave given|go went gone goes|grow grew grown|hang hung hanged|have has had|hear heard
hide hid hidden|hit|hold held|hurt|keep kept|know knew known|lay laid|lead led|leave left
lend lent|let|lie lain|light lit|lose lost|make made|mean meant|meet met|mislead misled
overcome overcame|overrun overran|oversee oversaw overseen|overthrow overthrew overthrown
pay paid|put|quit|ride rode ridden|ring rang rung|rise rose risen|run ran|say said says
see saw seen|seek sought|sell sold|send sent|set|shake shook shaken|shoot shot|show showed shown
shut|sing sang sung|sink sank sunk|sit sat|slay slew slain|sleep slept|speak spoke spoken
spend spent|split|spread|stand stood|steal stole stolen|stick stuck|strike struck stricken
swear swore sworn|sweep swept|swim swam|take took taken|teach taught|tear tore torn|tell told
think thought|throw threw thrown|undergo underwent undergone|understand understood
undertake undertook undertaken|uphold upheld|wear wore worn|win won|withdraw withdrew withdrawn
withhold withheld|wound|write wrote written|retake retook retaken|rebuild rebuilt|repay repaid
remake remade|withstand withstood|hang-up|bleed bled|breed bred|flee fled|strive strove striven
man men|woman women|child children|person people|foot feet|life lives|thief thieves
"""
IRREGULAR = {
    form: line.split()[0]
    for line in _IRREGULAR.replace("\n", "|").split("|")
    for form in line.split()
}
"""Irregular forms to base forms."""

_KEEP = word_set(
    "is was as us this has his its less press process progress congress access business hostess "
    "always perhaps news series crisis basis analysis united states nations during king thing "
    "nothing something everything anything morning evening spring string bring ring sing wing "
    "building red bed need speed seed breed feed bleed indeed hundred embed shed weed greed "
    "bias chaos diplomatic politics gas bus virus status campus texas arms los"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark in a text.

    Attributes:
        text: as written.
        lower: in lower case, with plain apostrophes.
        start: index of its first character in the text.
        end: index after its last character.
    """

    text: str
    lower: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Cut a text into words, numbers and marks; the possessive is a token of its own."""
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in TOKEN.finditer(text):
        word, start, end = match[0], match.start(), match.end()
        lower = word.lower().replace("’", "'")
        if len(word) > 2 and lower.endswith("'s"):
            yield Token(word[:-2], lower[:-2], start, end - 2)
            yield Token(word[-2:], "'s", end - 2, end)
        elif lower.endswith("n't") and len(word) > 3:
            stem = {"ca": "can", "wo": "will", "sha": "shall"}.get(lower[:-3], lower[:-3])
            yield Token(word[:-3], stem, start, end - 3)
            yield Token(word[-3:], "not", end - 3, end)
        else:
            yield Token(word, lower, start, end)


def base_forms(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return the base forms that a lower-case word may have, likeliest first; at least one.

    Args:
        word: in lower case.
        known: base forms that are preferred, and whole words that stand for themselves too.
    """
    if word in IRREGULAR:
        base = IRREGULAR[word]
        return (base, word) if word != base and word in known else (base,)
    stem = _stem(word, known)
    if stem == word:
        return (word,)
    return (word, stem) if word in known else (stem,)


def _stem(word: str, known: frozenset[str]) -> str:
    if len(word) < 4 or word in _KEEP or not word.isalpha():
        return word
    for candidate in _candidates(word):
        if candidate in known:
            return candidate
    return _regular(word)


def _candidates(word: str) -> Iterator[str]:
    if word.endswith(("ies", "ied")):
        yield word[:-3] + "y"
    if word.endswith("ying") and len(word) > 5:
        yield word[:-4] + "ie"
    if word.endswith(("ed", "es")):
        yield from (word[:-2], word[:-1])
        if len(word) > 5 and word[-3] == word[-4]:
            yield word[:-3]
    elif word.endswith("s"):
        yield word[:-1]
    elif word.endswith("ing") and len(word) > 5:
        yield from (word[:-3], word[:-3] + "e")
        if word[-4] == word[-5]:
            yield word[:-4]


@lru_cache(maxsize=65536)
def _regular(word: str) -> str:
    """Strip the ending of a word of which nothing is known."""
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if word.endswith("s"):
        return word[:-1]
    if word.endswith("ed") and len(word) > 4:
        return _undouble(word[:-2])
    if word.endswith("ing") and len(word) > 5:
        return _undouble(word[:-3])
    return word


def _undouble(stem: str) -> str:
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    if stem[-1] in "vcgus" and len(stem) > 2:
        return stem + "e"
    return stem
