"""Details of an attack that a sentence gives: harm, munitions, interceptions, warning."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offramp.crisis.schema import MunitionClass
from offramp.reader.counts import Count, counts
from offramp.reader.proposals import Amount, HarmProposal, MunitionProposal

_PEOPLE = (
    r"people|persons?|civilians?|soldiers?|troops?|(?:service )?members?|fighters?|militants?|"
    r"officers?|commanders?|generals?|leaders?|advisers?|advisors?|diplomats?|children|child|"
    r"girls?|boys?|women|woman|men|man|police(?:men)?|guards?|personnel|sailors?|crew|seamen|"
    r"workers?|residents?|villagers?|students?|journalists?|Palestinians|Israelis|Iranians|others|"
    r"Ukrainians|Russians|Indians|Pakistanis|Lebanese|Americans|passengers?|members"
)
_KILL = r"kill(?:ed|ing|s)?|dead|died|die|deaths?|martyred|slain"
_WOUND = r"wound(?:ed|ing|s)?|injur(?:ed|ing|es|ies)|hurt"
_AFTER = re.compile(r"\b(?P<verb>kill(?:ed|ing|s)?|wound(?:ed|ing|s)?|injur(?:ed|ing|es))\b", re.I)
_BEFORE = re.compile(rf"\b(?P<verb>{_KILL}|{_WOUND})\b", re.I)
_SOMEONE = re.compile(rf"\b(?:{_PEOPLE})\b", re.I)
_HARMED = re.compile(r"^(?:kill|dead|die|death|martyr|slain)", re.I)

_CLASSES: tuple[tuple[re.Pattern[str], str, MunitionClass | None], ...] = (
    (re.compile(r"\bcruise missiles?", re.I), "cruise missile", MunitionClass.CRUISE),
    (re.compile(r"\bballistic missiles?", re.I), "ballistic missile", MunitionClass.BALLISTIC),
    (re.compile(r"\b(?:drones?|UAVs?|"
                r"unmanned aerial vehicles?)", re.I), "drone", MunitionClass.DRONE),
    (re.compile(r"\b(?:rockets?|mortars?|mortar (?:shells?|"
                r"rounds?))", re.I), "rocket", MunitionClass.ROCKET),
    (re.compile(r"\bmissiles?", re.I), "missile", None),
    (re.compile(r"\b(?:projectiles?|munitions?|shells?)", re.I), "projectile", None),
)  # fmt: skip
_REACH = 40
_ARRIVED = re.compile(
    r"\W*(?:\w+ ){0,4}(?:hit|struck|landed|got through|came through|reached|penetrated|fell|were "
    r"(?:intercepted|shot|destroyed|downed))\b",
    re.I,
)
_SHARES = (
    (
        re.compile(r"\b(?:virtually|nearly|almost) (?:all|every)|vast majority|overwhelming", re.I),
        0.95,
    ),
    (re.compile(r"\ball\b|\bevery one\b", re.I), 1.0),
    (re.compile(r"\bmost\b|\bmajority\b", re.I), 0.75),
    (re.compile(r"\bhalf\b", re.I), 0.5),
)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?(?:%|percent|per cent)", re.I)
_INTERCEPT = re.compile(
    r"\b(?:intercept(?:ed|s|ing|ion)?|shot down|shoot(?:s|ing)? down|downed|knocked down)\b", re.I
)
_CRAFT = re.compile(
    r"(?:\W+\w+){0,5}?\W+(?:aircraft|jets?|warplanes?|planes?|fighters?|helicopters?|mig\S*|"
    r"bombers?|airliner)\b",
    re.I,
)
"""What is shot down as an act of its own, not as part of a raid that is warded off."""

_WARNED = re.compile(
    r"\btelegraph(?:ed|ing)|\badvance (?:warning|notice)|\bheads[- ]up|\bforewarn|\bin advance\b|"
    r"\bwarned (?:\w+ ){0,4}(?:days|hours) before|\bsignal(?:l)?ed (?:\w+ ){0,3}(?:attack|strike)",
    re.I,
)
_DAMAGE = (
    (re.compile(r"\b(?:no|without) (?:any )?damage", re.I), "none"),
    (re.compile(r"\blittle damage|\bno (?:real|serious|significant|major|great|lasting) damage|"
                r"\b(?:light|minor|slight|limited|minimal)\W{0,3} ?damage|"
                r"lightly damaged", re.I), "light"),
    (re.compile(r"\b(?:heavy|extensive|severe|massive|major|serious)\W{0,3} ?damage|(?:heavily|"
                r"severely|"
                r"badly) damaged|\blevell?ed\b", re.I), "heavy"),
    (re.compile(r"\b(?:moderate|some|significant) damage", re.I), "moderate"),
)  # fmt: skip


_HARM_HINT = re.compile(r"kill|dead|die|death|martyr|slain|wound|injur|hurt|damag|level", re.I)
_MUNITION_HINT = re.compile(
    r"missile|drone|uav|unmanned|rocket|mortar|projectile|munition|shell", re.I
)


@dataclass(frozen=True, slots=True)
class Intercepted:
    """That munitions were intercepted: what share, if told, and the words for it."""

    share: float | None
    words: str


_UNIT = re.compile(r"\W*(?:missile|drone|rocket|day|week|year|month|%|percent|per)", re.I)
"""What is counted where it is no people."""


def harm(sentence: str) -> HarmProposal | None:
    """Return the harm to people and the damage that a sentence tells, or None."""
    if _HARM_HINT.search(sentence) is None:
        return None
    found = counts(sentence)
    killed, wounded = _toll(sentence, found, True), _toll(sentence, found, False)
    damage = next((word for pattern, word in _DAMAGE if pattern.search(sentence)), None)
    if killed is None and wounded is None and damage is None:
        return None
    return HarmProposal.model_validate({"killed": killed, "wounded": wounded, "damage": damage})


def _toll(sentence: str, found: list[Count], killed: bool) -> Amount | None:
    """Return how many were killed (or wounded) by the counts nearest to the verb."""
    best: Amount | None = None
    for verb in _BEFORE.finditer(sentence):
        if bool(_HARMED.match(verb["verb"])) != killed:
            continue
        told = _beside(sentence, found, verb.start(), verb.end())
        if told is not None and (best is None or told.value > best.value):
            best = told
    return best


def _beside(sentence: str, found: list[Count], start: int, end: int) -> Amount | None:
    """Return the people counted after a verb, or before it where none are."""
    counted = [c for c in found if 0 <= start - c.end <= 1]
    if counted:  # "at least 3 killed, 14 wounded"
        one = counted[0]
        return Amount.model_validate({"value": one.value, "bound": one.bound, "words": one.text})
    after = [
        count
        for count in found
        if 0 <= count.start - end <= 60
        and _SOMEONE.match(sentence, _skip(sentence, count.end))
        and not re.search(
            r"[.;]|\bincluding\b|\b(?:and|but) \w+ (?:was|were)|wound|injur",
            sentence[end : count.start],
        )
    ]
    transitive = _AFTER.match(sentence, start) and not re.search(
        r"\b(?:was|were|been|be)\W+(?:\w+ly )?$", sentence[max(0, start - 20) : start]
    )
    if after and transitive:
        total = sum(count.value for count in after)
        uncounted = len(after) > 1 or _SOMEONE.search(sentence[end : after[0].start])
        bound = "at_least" if uncounted else after[0].bound
        words = sentence[after[0].start : _noun_end(sentence, after[-1].end)]
        return Amount.model_validate({"value": total, "bound": bound, "words": words})
    near = [c for c in found if 0 <= c.start - end <= 1 and not _UNIT.match(sentence, c.end)]
    if near and transitive:
        one = near[0]
        return Amount.model_validate({"value": one.value, "bound": one.bound, "words": one.text})
    before = [
        c for c in found if 0 <= start - c.end <= 45 and _only_people(sentence[c.end : start])
    ]
    if before:
        one = before[-1]
        return Amount.model_validate(
            {"value": one.value, "bound": one.bound, "words": sentence[one.start : start].strip()}
        )
    return None


def _skip(sentence: str, place: int) -> int:
    """Return where the noun of a counted group begins: past at most three adjectives."""
    for match in re.finditer(r"[\w'’-]+", sentence[place : place + 60]):
        if _SOMEONE.match(match[0]) and _SOMEONE.fullmatch(match[0]):
            return place + match.start()
        if match.start() > 35:
            break
    return place


def _noun_end(sentence: str, place: int) -> int:
    start = _skip(sentence, place)
    match = _SOMEONE.match(sentence, start)
    return match.end() if match else place


def _only_people(between: str) -> bool:
    """Whether between a count and its verb nothing stands but people and auxiliaries."""
    if re.search(r"[.;:]|missile|drone|rocket|percent|%", between):
        return False
    stripped = re.sub(
        rf"\b(?:{_PEOPLE}|were|was|been|have|has|had|reportedly|later|others|more|are|is|and|of|"
        r"them|top|senior|\w+ish|\w+ian|\w+i|service)\b",
        " ",
        between,
        flags=re.I,
    )
    return len(re.findall(r"\w+", stripped)) <= 1


def munitions(sentence: str) -> tuple[MunitionProposal, ...]:
    """Return the munitions that a sentence counts; classes counted together stay together."""
    out: list[MunitionProposal] = []
    if _MUNITION_HINT.search(sentence) is None:
        return ()
    found = counts(sentence)
    for place, count in enumerate(found):
        ahead = sentence[count.end : count.end + _REACH]
        if place + 1 < len(found):
            ahead = sentence[count.end : min(count.end + _REACH, found[place + 1].start)]
        if ahead.lstrip().startswith(("%", "percent", "per cent", "years", "days", "killed")):
            continue
        if _ARRIVED.match(sentence, count.end):
            continue
        classes = _classes(ahead)
        if not classes or count.text.lower() in {"a", "an", "no", "one"}:
            continue
        kind = classes[0][1] if len(classes) == 1 else None
        amount = Amount.model_validate(
            {"value": count.value, "bound": count.bound, "words": count.text}
        )
        out.append(
            MunitionProposal(classes=tuple(name for name, _ in classes), launched=amount, type=kind)
        )
    return tuple(one for one in out if one.launched.value > 0)


def _classes(text: str) -> list[tuple[str, MunitionClass | None]]:
    """Return the classes named right after a count, as "missiles and drones"."""
    found: list[tuple[int, str, MunitionClass | None]] = []
    covered: list[tuple[int, int]] = []
    for pattern, name, kind in _CLASSES:
        match = pattern.search(text)
        if match and not any(a < match.end() and match.start() < b for a, b in covered):
            covered.append(match.span())
            found.append((match.start(), name, kind))
    found.sort()
    kept: list[tuple[str, MunitionClass | None]] = []
    for place, name, kind in found:
        before = text[:place]
        if re.search(r"[.,;:()]|\b(?:at|on|by|with|in|to|of which)\b", before) or (
            not kept and len(before.split()) > 3
        ):
            break
        kept.append((name, kind))
    return kept


def intercepted(sentence: str) -> Intercepted | None:
    """Return that munitions were intercepted, and what share, if the sentence says so.

    Words stand for shares: "all" 1, "nearly all" .95, "most" .75, "half" .5.
    """
    verb = _INTERCEPT.search(sentence)
    if verb is None:
        return None
    if _CRAFT.match(sentence, verb.end()):
        return None
    around = sentence[max(0, verb.start() - 80) : verb.end() + 80]
    percent = _PERCENT.search(around)
    if percent and float(percent[1]) <= 100:
        return Intercepted(float(percent[1]) / 100, percent[0])
    for pattern, share in _SHARES:
        match = pattern.search(around)
        if match:
            return Intercepted(share, match[0])
    return Intercepted(None, verb[0])


def telegraphed(sentence: str) -> bool:
    """Whether a sentence says that an attack was announced or seen coming."""
    return _WARNED.search(sentence) is not None
