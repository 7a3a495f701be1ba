from __future__ import annotations

import pytest

from offramp.reader.act_lexicon import act_lexicon
from offramp.reader.acts import acts
from offramp.reader.clauses import cut


def told(text: str) -> list[tuple[str, str | None, str]]:
    found = acts(cut(text, act_lexicon()))
    return [(a.actor.id, a.target.id if a.target else None, a.kind.level.label) for a in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Israel bombed an airport in Syria.", ("ISR", "SYR", "limited")),
        ("An airport in Syria was bombed by Israel.", ("ISR", "SYR", "limited")),
        ("Iran fired missiles at Israel.", ("IRN", "ISR", "limited")),
        ("Russia has invaded Ukraine.", ("RUS", "UKR", "war")),
        ("The United States imposed sanctions on Russia.", ("USA", "RUS", "pressure")),
        ("Russia deployed troops on the border with Ukraine.", ("RUS", "UKR", "display")),
        ("Tehran condemned Israel for the raid.", ("IRN", "ISR", "verbal")),
        ("India, which had shelled Pakistan for days, said nothing.", ("IND", "PAK", "limited")),
        ("The Israeli strike on Iran was brief.", ("ISR", "IRN", "limited")),
        ("The Houthis, attacking ships in the Red Sea, went on.", ("HOU", "SHIP", "limited")),
    ],
)
def test_an_act_that_was_done(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "The United States will not join Israel in an attack on Iran.",
        "Israel could strike Iran.",
        "Israel did not attack Iran.",
        "If Israel attacks Iran, oil will rise.",
        "Iran fears an Israeli strike.",
        "Israel denied attacking Iran.",
        "Israel threatened to bomb Iran unless it withdrew."[:34] + ".",
        "Iran told Israel not to attack Iran.",
        "Will Israel attack Iran?",
        "“Israel attacked Iran,” he said.",
        "The risk of an Israeli attack on Iran has grown.",
        "Biden asked Israel to avoid bombing Iran.",
        "The president has told Israel to slow things down.",
        "Any Israeli attack on Iran would be costly.",
        "Israel is expected to strike Iran.",
        "Chinese steel bombarded the European market.",
    ],
)
def test_what_was_not_done_is_no_act_of_force(text: str) -> None:
    assert [one for one in told(text) if one[2] in {"limited", "major", "war"}] == []


def test_an_exchange_is_an_act_of_each() -> None:
    found = told("Israel and Hezbollah exchanged fire across the border.")
    assert found == [("ISR", "HZB", "limited"), ("HZB", "ISR", "limited")]


def test_where_it_fell() -> None:
    (found,) = acts(cut("Israel struck an Iranian consulate in Syria.", act_lexicon()))
    assert found.soil == "SYR"
