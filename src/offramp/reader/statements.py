"""Stances: what a statement commits its speaker to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from offramp.crisis.schema import Stance
from offramp.reader.actors import Actor
from offramp.reader.cast import LISTED
from offramp.reader.clauses import Sentence
from offramp.reader.mentions import Mention
from offramp.reader.speech import SAY, Speaker
from offramp.reader.words import word_set

_FORCE = (
    r"(?:counter-?attack|attack|strike|offensive|retaliat\w+|operation|war|action|response|"
    r"reprisal|assault|military)"
)
_NOT = r"(?:not|n['’]t|never|no longer|refus\w+ to|declin\w+ to|rul\w+ out)"
_ITSELF = (
    r" (?:(?:it|him|her)self|(?:our|them)selves|(?:its|our|their|his) (?:\w+ )?(?:territor\w+|soil|"
    r"land|borders?|airspace|people|citizens|nationals|sovereignty|interests|waters|islands?|rights))"
)
"""What a state defends of its own, which stands by nobody."""

_AUX = r"(?:will|would|won['’]?t|wouldn['’]?t|is|are|does|do|did|has|have|can|could)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words that express a stance; `addressed` if it is said of the actor named after them."""

    stance: Stance
    words: re.Pattern[str]
    probability: float


def _compiled(stance: Stance, probability: float, *words: str) -> list[Pattern]:
    return [Pattern(stance, re.compile(word, re.IGNORECASE), probability) for word in words]


_HINTS: dict[Stance, tuple[str, ...]] = {
    Stance.CONCLUDED: ("conclu", "clos", "complet", "finish", "over", "settl", "plan", "intend",
                       "needed", "seek", "want", "done"),
    Stance.REFUSE_TO_JOIN: ("join", "part", "support", "back", "involved"),
    Stance.REFUSE_TO_DEFEND: ("defen", "protect", "interven"),
    Stance.RESTRAIN: ("slow", "win", "restrain", "not to", "against", "to avoid", "refrain", "hold",
                      "stand down", "escalat", "back", "to limit", "must not", "should not",
                      "talk", "calm", "heads", "temperature", "negotiat", "differences"),
    Stance.GO_AHEAD: ("green", "go-ahead", "free hand", "right to", "back", "support"),
    Stance.WILL_DEFEND: ("defen", "protect", "commit", "ironclad"),
    Stance.WILL_JOIN: ("join", "enter", "fight", "take part"),
    Stance.THREAT: ("stay", "will ", "would ", "shall ", "vow", "threat", "swor", "swear", "promis",
                    "pledg", "consequence", "response", "punish", "unanswered", "blow", "warn",
                    "fitting", "reply", "answer", "must ", "right to", "hesita", "ready to",
                    "prepared to", "all options", "peril", "trigger", "with fire", "lesson",
                    "act of war", "expect us", "score", "rue"),
    Stance.UNDECIDED: ("decid", "decision", "weigh", "debat", "consider", "mull"),
}  # fmt: skip
"""Letters without which no pattern of a stance can fit: looked for first, because it is fast."""

PATTERNS: tuple[Pattern, ...] = (
    *_compiled(
        Stance.CONCLUDED,
        0.9,
        r"\b(?:deemed|considered?|regarded as|declared|is|are|was|as) (?:now )?(?:concluded|closed|"
        r"complete[d]?|over and done|finished)\b",
        r"\b(?:matter|operation|response|retaliation|case|chapter|issue) (?:is|was|has been|"
        r"had been) "
        r"(?:now )?(?:concluded|closed|over|complete[d]?|finished|settled)\b",
        r"\bconsider\w* (?:the |this |that |our )?(?:\w+ ){1,2}(?:closed|over|concluded|settled|"
        r"finished)\b",
        r"\bno (?:further|more) (?:strikes?|attacks?|action|response|retaliation) (?:is|are|"
        r"was|were) "
        r"(?:planned|needed|intended)\b",
        r"\bdo(?:es)? not (?:intend|plan|want|seek) (?:to (?:continue|escalate)|any further|"
        r"escalation)",
    ),
    *_compiled(
        Stance.REFUSE_TO_JOIN,
        0.9,
        rf"\b(?:won['’]t|wouldn['’]t|{_AUX}?\s?{_NOT}) (?:be )?(?:going to )?(?:join|joining|"
        rf"take part|taking part|participat\w+|"
        rf"support(?:ing)?|back(?:ing)?|be (?:part|involved))\b[^.;]{{0,70}}\b{_FORCE}",
        rf"\b(?:refus\w+|declin\w+) to (?:join|take part|participate|"
        rf"support)\b[^.;]{{0,70}}\b{_FORCE}",
    ),
    *_compiled(
        Stance.REFUSE_TO_DEFEND,
        0.8,
        rf"\b{_NOT} (?:come to the (?:defen[cs]e|aid)|defend|protect|intervene)\b",
    ),
    *_compiled(
        Stance.RESTRAIN,
        0.85,
        r"\bslow (?:things|it|down|this)\b",
        r"\b(?:take|taking|accept) the [“\"‘']?win\b",
        r"\b(?:show|exercise|exercising|showing|urg\w+|counsel\w*|use|maintain|for|"
        r"with) (?:maximum |"
        r"utmost |the utmost |more |greater )?(?:self-)?restraint\b",
        r"\b(?:urg\w+|told|tell\w*|ask\w+|press\w*|advis\w+|call\w* on|warn\w+|implor\w+|"
        r"appeal\w+ to|"
        r"persuad\w+|convinc\w+|pressed|counsel\w+|caution\w+)\b[^.;]{0,60}\b(?:not to|against|"
        r"to avoid|to "
        r"refrain|to prevent|to exercise|to calm|to cease|"
        r"to hold (?:back|fire|off)|to stand down|to de-?escalate|to step back|to limit|"
        r"to hold its fire|must not|should not)\b",
        r"\b(?:must|should) not (?:respond|retaliate|escalate|strike)\b",
        r"\bde-?escalat\w+\b",
        r"\bhold (?:its|their) fire\b",
        r"\b(?:discourag\w+|avoid\w*|avert\w*|prevent\w*|against) (?:any |a |an |the )?"
        r"(?:further |new |more |another |risk of )?(?:\w+ )?escalation\b",
        r"\b(?:sides|parties|countries|governments|capitals|neighbou?rs|leaders) (?:should|must|"
        r"need to|ought to|had to|have to) (?:\w+ )?(?:talk|negotiate|meet|sit down|calm|step back|"
        r"pull back|settle|resolve|return to)\b",
        r"\bkeep (?:cool|calm|(?:its|their) (?:heads?|cool|temper))|"
        r"\bcool (?:down|heads|tempers)\b|"
        r"\b(?:lower|cool) the temperature\b|\b(?:appeal\w*|call\w*|urg\w+) (?:for )?calm\b",
        r"\b(?:step|pull|draw) back from the (?:brink|edge|abyss)\b",
    ),
    *_compiled(
        Stance.GO_AHEAD,
        0.75,
        r"\b(?:green[- ]light|go-ahead|free hand)\b",
        r"\b(?:has|have|had) (?:every|the|a) (?:legitimate )?right to (?:respond|retaliate|"
        r"strike|hit back)",
        r"\b(?:would|will) (?:back|support) (?:a|any|an) (?:\w+ ){0,2}(?:strike|response|"
        r"retaliation)",
    ),
    *_compiled(
        Stance.WILL_DEFEND,
        0.85,
        r"\b(?:will|would|vow\w*|pledg\w+|promis\w+|commit\w+|ready|prepared|"
        r"stand\w* ready) (?:\w+ ){0,3}"
        rf"(?:defend|protect|help defend)\b(?!{_ITSELF})",
        r"\bcommitment to (?:the )?(?:\w+['’]s |its |their )?(?:defen[cs]e|security)\b",
        r"\bironclad\b",
        r"\bcommitted to (?:the )?(?:\w+['’]s |its |their )?(?:defen[cs]e|security)\b",
    ),
    *_compiled(
        Stance.WILL_JOIN,
        0.8,
        r"\b(?:will|would|vow\w* to|pledg\w+ to|ready to|prepared to) (?:join|enter|"
        r"fight alongside|take "
        rf"part in)\b[^.;]{{0,60}}\b{_FORCE}",
    ),
    *_compiled(
        Stance.THREAT,
        0.85,
        r"\bmust stay away\b",
        r"\b(?:will|would|shall) (?:\w+ ){0,2}(?:settle (?:the|its|this) score|even the score|"
        r"take (?:its |our )?revenge|make (?:\w+ ){1,3}pay|reap|rue|regret|smart for)\b",
        r"\bnot go (?:unpunished|unanswered)\b",
        r"\bstay (?:away|out)\b",
        r"\b(?:will|would|shall) (?:\w+ ){0,3}(?:respond|retaliate|strike back|hit back|avenge|"
        r"punish|"
        r"be punished|pay (?:a|the|dearly)|regret|face|be met with|exact|deliver|crush|destroy|"
        r"strike|attack|target)\b",
        r"\b(?:vow\w*|threat\w+|swor\w|swear\w*|promis\w+|pledg\w+)\b[^.;]{0,40}\b(?:revenge|"
        r"retaliat\w+|"
        r"respon\w+|punish\w*|attack|strike|avenge|destroy|close|withdraw|consequences|act|force|"
        r"hit|escalate|blockade)\b",
        r"\b(?:severe|serious|grave|dire|harsh|crushing|painful|decisive) (?:consequences|response|"
        r"punishment|blow|reply|answer)\b",
        r"\b(?:be)?fitting (?:reply|response|answer)\b",
        r"\b(?:warn\w*|threat\w+)\b[^.;]{0,40}\bof [^.;]{0,30}\b(?:retaliation|reprisals?|"
        r"consequences|response|punishment)\b",
        r"\b(?:will|would|shall|may) (?:\w+ ){0,2}use (?:every|all|any)\b[^.;]{0,30}\b(?:means|"
        r"force|measures?)\b",
        r"\b(?:will|would|shall|must) (?:\w+ ){0,2}(?:be made to pay|pay (?:a|the) |inflict|"
        r"avenge|repel|meet (?:\w+ ){0,3}with force)",
        r"\b(?:will|would|shall|must) (?:\w+ ){0,2}be (?:\w+ly )?(?:repell?ed|repulsed|answered|"
        r"avenged|resisted|crushed|destroyed|shot down|sunk|fired (?:on|upon)|(?:treated|regarded|"
        r"considered|seen) as (?:an? )?(?:act of (?:war|aggression)|declaration of war|"
        r"(?:legitimate |military )?targets?))\b",
        r"\b(?:will|would|shall|can|could) ?(?:not|never|n['’]t)(?:, \w+,)? (?:hesitate|tolerate|"
        r"stand (?:idly )?by|stand idle|sit (?:idly by|idle|still)|stay silent|remain (?:silent|"
        r"idle|passive)|look on|back down|let (?:this|it|such|that)|allow (?:any|this|such|"
        r"that|anyone|them|(?:its|our|their) (?:\w+ )?(?:territory|soil|land|borders?|airspace|"
        r"waters|sovereignty|forces|people)))\b",
        r"\b(?:won['’]t) (?:hesitate|tolerate|stand by|back down|let (?:this|it|such))\b",
        r"\b(?:expect|imagine|think) (?:that )?(?:us|we) (?:to|will|would|are)\b[^.;]{0,20}"
        r"\b(?:silent|idle|idly|still|yield|surrender|weak|afraid|accept)\b",
        r"\b(?:reserv\w+|keep\w*|kept|retain\w*|ha(?:s|ve)) (?:the|its|our|their|every|full) "
        r"(?:\w+ )?right to (?:respond|retaliate|act|strike|answer|use force|hit back|"
        r"self-defen[cs]e|take (?:\w+ ){0,4}(?:steps|measures|action|reply|response))\b",
        r"\b(?:ready|prepared|determined) to (?:\w+ ){0,2}(?:take|use) (?:every|all|any|whatever)\b"
        r"[^.;]{0,20}\b(?:means|measures?|steps?|force)\b",
        r"\bconsequences\b[^.;]{0,40}\b(?:will|would|could|shall) be (?:very |most )?(?:grave|"
        r"severe|serious|dire|terrible|incalculable|catastrophic)\b",
        r"\ball options (?:are|were|remain\w*) (?:\w+ )?(?:on the table|open)\b|"
        r"\bfingers? (?:is|are|were|was)? ?on the trigger\b|\bplay\w* with fire\b|"
        r"\bat (?:its|their|your|his) (?:own )?peril\b|\bteach \w+ a lesson\b",
    ),
    *_compiled(
        Stance.UNDECIDED,
        0.75,
        r"\b(?:undecided|no (?:final )?decision|(?:has|have|had) (?:not|"
        r"n['’]t) (?:yet )?(?:decided|made a "
        r"decision)|(?:is|are|was|were) (?:still )?(?:weighing|debating|considering|"
        r"mulling) (?:\w+ ){0,3}"
        r"(?:options?|response|whether|how))\b",
    ),
)
"""Tried in order; the first that fits a sentence for a stance counts."""

OF_CLIENT = frozenset(
    {
        Stance.RESTRAIN,
        Stance.GO_AHEAD,
        Stance.REFUSE_TO_JOIN,
        Stance.WILL_JOIN,
        Stance.WILL_DEFEND,
        Stance.REFUSE_TO_DEFEND,
    }
)
"""Stances that are said of a client or partner, not to a rival."""

_OF_NAMED = OF_CLIENT - {Stance.RESTRAIN, Stance.WILL_DEFEND}
"""Stances that count only where the sentence names of whom they are said."""

_SPECULATION = re.compile(
    r"\b(?:if|whether|could|might|may|unclear|likely|probably|expected to|experts?|analysts?)\b",
    re.I,
)
_ASKED = re.compile(r"\b(?:how|whether|unclear|when|what) (?:[\w’']+ ){0,4}$", re.I)
_OWN_THREAT = ("vow", "threat", "swor", "swear", "promis", "pledg")
"""Beginnings of words that say of themselves that something is threatened."""

_CLOSE = 2
"""How many characters may lie between a subject and its verb."""

_OFFICE = re.compile(
    r"\b(?:minister|secretary|president|premier|chancellor|speaker|spokes\w+|general|admiral|"
    r"ambassador|envoy|officials?|leader|commander|chief)\b",
    re.IGNORECASE,
)
_SHIELDS = frozenset({"defend", "defending", "protect", "protecting", "help", "aid", "shield"})
"""Verbs before one for whose sake a threat is made."""

_ENDURED = re.compile(r"stay|be punished|pay|regret|face|be met", re.I)
"""Words of a threat whose subject is the one who is threatened."""


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A stance found in a sentence; `about` and `against` may be left to the context."""

    speaker: Actor
    stance: Stance
    about: Actor | None
    against: Actor | None
    start: int
    end: int
    probability: float


def statements(sentence: Sentence, who: Speaker | None) -> list[FoundStatement]:
    """Return the stances that a sentence reports.

    Args:
        sentence: cut by the lexicon of acts.
        who: its speaker; where a verb of speech has none, its subject speaks.
    """
    found: dict[Stance, FoundStatement] = {}
    text = sentence.text
    if text.rstrip("”\"’' ").endswith("?"):
        return []
    lower = text.lower()
    possible = {stance for stance, hints in _HINTS.items() if any(hint in lower for hint in hints)}
    if who is None and not any(word in lower for word in _OWN_THREAT):
        possible.discard(Stance.THREAT)  # nobody speaks, and no word says that it is a threat
    for pattern in PATTERNS:
        if pattern.stance not in possible or pattern.stance in found:
            continue
        match = pattern.words.search(text)
        if match is None:
            continue
        author = _author(sentence, who, match)
        if author is None or author.sort not in LISTED:
            continue
        if _speculative(sentence, pattern.stance, match, who):
            continue
        about, against = _parties(sentence, pattern.stance, author, match)
        if pattern.stance in _OF_NAMED and about is None:
            continue
        found[pattern.stance] = FoundStatement(
            author, pattern.stance, about, against, match.start(), match.end(), pattern.probability
        )
    if Stance.REFUSE_TO_JOIN in found:
        found.pop(Stance.WILL_JOIN, None)
        found.pop(Stance.THREAT, None)
    if Stance.RESTRAIN in found and Stance.THREAT in found:
        found.pop(Stance.THREAT)
    return list(found.values())


def _author(sentence: Sentence, who: Speaker | None, match: re.Match[str]) -> Actor | None:
    """Return for whom a statement speaks: the speaker, or the subject nearest before it."""
    if who is not None:
        here = who.mention in sentence.mentions  # and not remembered from one before
        return who.actor or (_committed(sentence, who, match) if here else None)
    before = [
        m
        for m in sentence.mentions
        if sentence.tokens[m.end - 1].end <= match.start() + 12
        and m.actor is not None
        and m.actor.sort in LISTED
        and not _owned(sentence, m)
    ]
    return before[0].actor if before else None


def _committed(sentence: Sentence, who: Speaker, match: re.Match[str]) -> Actor | None:
    """Return whom an official of no named state commits: of whom the clause speaks.

    As in "the speaker of parliament said that Iran would answer".
    """
    place = sentence.tokens[who.mention.start].start
    if not _OFFICE.search(sentence.text[max(0, place - 40) : place + len(who.mention.text)]):
        return None
    near = [
        m
        for m in sentence.mentions
        if m != who.mention and 0 <= match.start() - sentence.tokens[m.end - 1].end <= _CLOSE
    ]
    return near[-1].actor if near else None


def _owned(sentence: Sentence, mention: Mention) -> bool:
    before = sentence.lower[mention.start - 1] if mention.start else ""
    return before in {"in", "of", "with", "from", "against", "at", "by", "on"}


def _speculative(
    sentence: Sentence, stance: Stance, match: re.Match[str], who: Speaker | None
) -> bool:
    """Whether the words are the writer's guess and not the speaker's own."""
    before = sentence.text[max(0, match.start() - 70) : match.start()]
    if _ASKED.search(before[-40:]):
        return True
    if stance is Stance.THREAT and who is None:
        own = re.search(rf"\b(?:{'|'.join(_OWN_THREAT)})", match[0], re.I)
        return own is None or bool(_SPECULATION.search(before))
    if stance in {Stance.WILL_JOIN, Stance.GO_AHEAD, Stance.WILL_DEFEND} and who is None:
        return bool(_SPECULATION.search(before))
    if stance in OF_CLIENT and who is None and stance is not Stance.REFUSE_TO_JOIN:
        return not speaks(sentence)
    return bool(who is None and re.search(r"\bif\b", before[-45:], re.I))


def _parties(
    sentence: Sentence, stance: Stance, author: Actor, match: re.Match[str]
) -> tuple[Actor | None, Actor | None]:
    """Return of whom a stance is said, and against whom, by the mentions in the sentence."""
    named: list[Actor] = []
    ahead: list[Actor] = []
    for mention in sentence.mentions:
        actor = mention.actor
        if actor is None or actor.sort not in LISTED or actor.id == author.id:
            continue
        start = sentence.tokens[mention.start].start
        before = sentence.lower[mention.start - 1] if mention.start else ""
        if before == "in" and mention.place:
            continue
        if stance is Stance.THREAT and _shielded(sentence.lower[: mention.start]):
            continue
        (ahead if start >= match.start() - 45 else named).append(actor)
    if stance is Stance.THREAT and _ENDURED.search(match[0]):
        before_it = [
            m.actor
            for m in sentence.mentions
            if m.actor is not None and sentence.tokens[m.start].start < match.start()
        ]
        if before_it and before_it[-1].id != author.id and before_it[-1].sort in LISTED:
            return before_it[-1], None
    order = [*ahead, *named] if stance in OF_CLIENT else [*ahead, *reversed(named)]
    distinct = list({actor.id: actor for actor in order}.values())
    about = distinct[0] if distinct else None
    against = distinct[1] if len(distinct) > 1 and stance in OF_CLIENT else None
    return about, against


_ASK = word_set(
    "ask asks asked asking press presses pressed pressing advise advises advised implore implored "
    "appeal appeals appealed counsel counselled counseled persuade persuaded convince convinced"
)


def _shielded(before: Sequence[str]) -> bool:
    """Whether words before an actor say that it is one for whose sake a threat is made."""
    return bool(_SHIELDS & set(before[-2:])) or {"side", "of"} <= set(before[-4:])


def speaks(sentence: Sentence) -> bool:
    """Whether a sentence has a verb of speech or of asking."""
    return any(word in SAY or word in _ASK for word in sentence.lower)
