"""Small words of English that tell how a clause is built."""

from __future__ import annotations

from offramp.reader.words import word_set

BE = word_set("be is are was were been being am 's 're get got gets")
HAVE = word_set("have has had having 've")
MODALS = word_set("will would can could may might shall should must 'll 'd")
AUXILIARIES = BE | HAVE | MODALS | word_set("do does did to not never n't")
NEGATIONS = word_set("not never no without neither nor cannot n't hardly barely")
RELATIVES = word_set("who which that whom whose")
SUBORDINATORS = word_set(
    "that after before while when because as if unless since although though whether until "
    "where amid despite following but whereas so"
)
OBJECT_CONTROL = word_set(
    "ask urge tell order call want force compel allow permit persuade press require pressure "
    "demand instruct encourage invite advise request beg appeal push warn let help enable "
    "authorize expect"
)
STOPS = frozenset({";", ":", ".", "?", "!"})
QUOTES = frozenset({'"', "“", "”", "'", "‘", "’", "``", "''"})
ADVERBS = word_set(
    "also again still already once now then today yesterday tomorrow even just only far soon "
    "later earlier twice back immediately jointly together reportedly allegedly formally "
    "publicly strongly recently finally repeatedly always often both all each have been"
)
TIME = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday week month year "
    "night morning evening afternoon day weekend january february march april may june july august "
    "september october november december"
)
NOMINAL_ONLY = word_set(
    "airstrike air military drone missile rocket joint barrage war offensive onslaught incursion "
    "invasion bombardment counterattack counteroffensive talk negotiation dialogue meeting warning "
    "threat protest demonstration ceasefire truce cooperation commitment resignation withdrawal "
    "accusation allegation criticism condemnation solidarity retaliation reprisal revenge "
    "assassination massacre ambush genocide crackdown detention arrest"
)
