"""Who speaks: the author of reported and quoted words in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from offramp.reader.actors import Actor, ActorSort
from offramp.reader.clause_words import BE, HAVE, MODALS
from offramp.reader.clauses import Sentence
from offramp.reader.mentions import Mention
from offramp.reader.words import word_set

SAY = word_set(
    "say says said saying tell tells told add adds added warn warns warned announce announces "
    "announced declare declares declared state stated insist insists insisted vow vows vowed "
    "write wrote post posted argue argues argued note notes noted call called urge urges urged "
    "reiterate reiterated stress stressed tweet tweeted explain explained claim claims claimed "
    "describe described believe believes promise promised pledge pledged confirm "
    "according comment commented reply replied predict predicted suggest suggests "
    "suggested cautioned caution wondered observed acknowledged"
)
_NOUNS = word_set("post note comment claim call reply promise pledge caution warn urge")
"""Of them, those that are nouns too, as in "an army post"."""

_MEDIA = re.compile(
    r"\b(?:media|newspaper|television|TV|daily|agency|news|broadcaster|press)\b", re.I
)
_OFFICIAL = re.compile(
    r"\b(?:officials?|spokes\w+|adviser|advisor|aide|source|diplomat|general|commander|envoy|army|"
    r"military|ambassador|mission|lawmaker|chief)\b",
    re.I,
)
_ROLE_END = re.compile(r"[.;“”\"]|,? (?:who|said|says|told|added|in an?|on \w+day|when|as|but)\b")
_ROLE_WORD = re.compile(
    r"\b(?:analyst|fellow|professor|expert|director|researcher|scholar|lecturer|historian|author|"
    r"former|retired|scientist|study|studies|teaches|sociologist|academic|adviser|advisor|strategist|economist|president|head|chief|specialist|chair|"
    r"correspondent|editor|columnist|ambassador|general|officer|minister|official|member|senior|"
    r"co-founder|founder|resident|associate|diplomat|consultant|trader|manager|negotiator)\b",
    re.I,
)
_QUOTE = re.compile(r"[“\"]([^“”\"]{2,1500})(?:[”\"]|$)")

Voice = Literal["government", "official", "media"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks.

    Attributes:
        mention: the words that name the speaker.
        actor: the listed actor for whom it speaks, or None for a person of no listed side.
        voice: whether it is the government itself, an official, or media.
        name: the words, as written.
        role: what the sentence says the speaker is; empty if nothing.
    """

    mention: Mention
    actor: Actor | None
    voice: Voice
    name: str
    role: str


def quotes(text: str) -> list[str]:
    """Return the quoted words in a sentence."""
    return [match[1].strip() for match in _QUOTE.finditer(text)]


def speaker(sentence: Sentence) -> Speaker | None:
    """Return who says what a sentence reports, or None; a pronoun is returned as such."""
    quoted = [match.span() for match in _QUOTE.finditer(sentence.text)]
    for place, word in enumerate(sentence.lower):
        if word not in SAY or place in sentence.mention_at:
            continue
        if place and sentence.lower[place - 1] in BE and not word.endswith("ing"):
            continue  # "was warned": said to the subject, not by it
        if word in _NOUNS and not _says(sentence.lower[place - 1] if place else ""):
            continue
        start = sentence.tokens[place].start
        if any(begin < start < end for begin, end in quoted):
            continue
        mention = _beside(sentence, place)
        if mention is not None:
            return _speaker(sentence, mention)
    return None


def _says(before: str) -> bool:
    """Whether a word that is a noun too is a verb, by the word before it."""
    return before.endswith("s") or before in {"to", "i", "we", "they", "you"} | MODALS


def _beside(sentence: Sentence, place: int) -> Mention | None:
    """Return the mention that stands as the subject of a verb of saying, before or after it."""
    lower = sentence.lower
    inverted = place > 0 and lower[place - 1] in {",", "”", '"', "’"} and place > 2
    if lower[place] == "according":
        inverted = True
    elif (
        lower[place] in {"told", "tell", "tells"}
        or _past_aside(lower, place - 1) < place - 1
        or _clause_after(sentence, place)
    ):
        inverted = False
    if inverted:
        for after in range(place + 1, min(len(lower), place + 4)):
            if after in sentence.mention_at:
                return sentence.mention_at[after]
    before = _past_aside(lower, place - 1)
    while before >= 0 and place - before < 26:
        mention = sentence.mention_at.get(before)
        if mention is not None:
            head = _first(sentence, mention)
            start = head.start - 1
            if lower[start] not in {"in", "of", "at", "for", "from", "with", "on"} or start < 0:
                return head
            before = head.start - 2
            continue
        if lower[before] in {".", ";", "”", "who", "that"}:
            return None
        before -= 1
    return None


def _clause_after(sentence: Sentence, place: int) -> bool:
    """Whether what is said follows a verb of saying: "said that X", "said X would"."""
    lower = sentence.lower
    if lower[place + 1 : place + 2] == ("that",):
        return True
    after = next(
        (sentence.mention_at[k] for k in (place + 1, place + 2) if k in sentence.mention_at), None
    )
    following = set(lower[after.end : after.end + 1]) if after is not None else set()
    return bool(following & (MODALS | HAVE | BE))


def _past_aside(lower: Sequence[str], place: int) -> int:
    """Return the place before a relative clause between commas that ends at *place*, or *place*.

    As in "the president, who flew to the front last week, told reporters".
    """
    if lower[place : place + 1] != (",",):
        return place
    for before in range(place - 2, max(0, place - 30), -1):
        if lower[before] in {".", ";", "”", '"'}:
            return place
        if lower[before] in {"who", "which", "whose", "speaking"} and lower[before - 1] == ",":
            return before - 2
    return place


def _first(sentence: Sentence, mention: Mention) -> Mention:
    """Return the name that an apposition explains: "Kenneth Pollack, an expert in …, said"."""
    index = sentence.mentions.index(mention)
    lower = sentence.lower
    while index > 0:
        earlier = sentence.mentions[index - 1]
        gap = lower[earlier.end : sentence.mentions[index].start]
        apposed = "," in gap[:1] or (sentence.mentions[index].role is not None and "," in gap)
        linked = all(w not in {"said", "and", "that", "who"} for w in gap) and len(gap) <= 6
        if not (linked and (apposed or set(gap) & {"at", "of", "for", "in", "on"})):
            break
        if earlier.actor is not None and earlier.actor.sort is ActorSort.PLACE:
            break
        index -= 1
    first = sentence.mentions[index]
    named = first.actor is None and first.text[:1].isupper()
    return first if named or index == sentence.mentions.index(mention) else mention


def _speaker(sentence: Sentence, mention: Mention) -> Speaker:
    named = sentence.text[
        sentence.tokens[mention.start].start : sentence.tokens[mention.end - 1].end
    ]
    voice: Voice = "government"
    around = named + sentence.text[sentence.tokens[mention.end - 1].end :][:12]
    if _MEDIA.search(around):
        voice = "media"
    elif _OFFICIAL.search(named):
        voice = "official"
    return Speaker(mention, mention.actor, voice, named, role_after(sentence, mention))


def role_after(sentence: Sentence, mention: Mention) -> str:
    """Return what follows a name as its role: ", a former analyst and fellow at X"; else ""."""
    end = sentence.tokens[mention.end - 1].end
    rest = sentence.text[end : end + 220]
    if not rest.startswith(","):
        return ""
    rest = rest[1:].lstrip()
    stop = _ROLE_END.search(rest)
    role = (rest[: stop.start()] if stop else rest).strip(" ,")
    return role if _ROLE_WORD.search(role) else ""


def expert(name: Speaker) -> bool:
    """Whether somebody speaks for no government or armed group, but from knowledge."""
    if not name.role:
        return False
    known = re.search(r"\b(?:minister|spokes\w+|president|prime minister)\b", name.role, re.I)
    former = re.search(r"\b(?:former|retired)\b", name.role, re.I)
    return bool(former) or not known


def is_person(mention: Mention) -> bool:
    """Whether a mention looks like the name of a person: two or three capitalized words."""
    words = mention.text.split()
    return mention.actor is None and 2 <= len(words) <= 4 and all(w[:1].isupper() for w in words)


def joined(parts: Sequence[str]) -> str:
    """Return quotes of one speaker as one."""
    return " ".join(part.strip() for part in parts)
