"""A small crisis between two states, and an article about it."""

from __future__ import annotations

CRISIS = """\
# a comment at the top
offramp: 1
id: border
title: The border
summary: Two states.   # kept
as_of: 2031-03-13
coded_from: 2031-01-01
sources:
  book: {title: A book, publisher: P, date: 2030-01-01}   # kept too
actors:
  - {id: IND, name: India, kind: state, cow: 750, iso3: IND, known: 2030-01-01, source: [book]}
  - {id: PAK, name: Pakistan, kind: state, cow: 770, iso3: PAK, known: 2030-01-01, source: [book]}
pairs:
  - {between: [IND, PAK], contiguous: true, distance_km: 0, rivals: true, confrontations: 3,
     known: 2030-01-01, source: [book]}
fronts:
  - {id: kashmir, name: Kashmir, pairs: [[IND, PAK]], known: 2030-01-01, source: [book]}

# before the timeline
timeline: []
# before the questions
questions:
  - {id: war, type: war, text: War?, front: kashmir, within_days: 30}
# the end
"""

STORY = """Raid on the border

India bombed a camp inside Pakistan on 12 March 2031, killing four people.
Pakistan vowed on Thursday to respond with full force. China told India to show restraint.
"""

ACT = {
    "day": "2031-03-12",
    "actor": "IND",
    "target": "PAK",
    "front": "kashmir",
    "level": "limited",
    "text": "India bombed a camp.",
    "harm.killed": "4",
    "source": "book",
}
STATEMENT = {
    "day": "2031-03-13",
    "speaker": "PAK",
    "stance": "threat",
    "about": "IND",
    "text": "We shall respond.",
    "new.title": "Vow",
    "new.publisher": "Wire",
    "new.date": "2031-03-13",
}
