from __future__ import annotations

import pytest

from offramp.crisis.schema import MunitionClass
from offramp.reader.counts import counts
from offramp.reader.details import harm, intercepted, munitions, telegraphed


@pytest.mark.parametrize(
    ("text", "value", "bound"),
    [
        ("more than 300 drones", 300, "at_least"),
        ("a few projectiles", 3, "vague"),
        ("two top leaders", 2, "exact"),
        ("at least 1,200 people", 1200, "at_least"),
        ("twenty-one soldiers", 21, "exact"),
        ("about 40 rockets", 40, "about"),
        ("up to 16 advisers", 16, "at_most"),
        ("2.5 million people", 2_500_000, "exact"),
        ("dozens of civilians", 24, "vague"),
    ],
)
def test_counts(text: str, value: int, bound: str) -> None:
    (found,) = counts(text)
    assert (found.value, found.bound) == (value, bound)


@pytest.mark.parametrize(
    ("text", "killed", "wounded", "damage"),
    [
        ("The raid left 12 people dead and 30 wounded.", 12, 30, None),
        ("killing at least 21 people and injuring 45 others", 21, 45, None),
        ("Three US soldiers were killed and 34 injured in the attack", 3, 34, None),
        ("which killed diplomats and two top leaders in the Guard Corps", 2, None, None),
        ("One girl was reportedly wounded, and a missile did “light damage”", None, 1, "light"),
        ("killing two soldiers and wounding five", 2, 5, None),
        ("At least 3 killed, 14 soldiers injured.", 3, 14, None),
        ("Iran did no real damage.", None, None, "light"),
        ("There was no damage.", None, None, "none"),
        ("It caused extensive damage to the runway.", None, None, "heavy"),
    ],
)
def test_harm(text: str, killed: int | None, wounded: int | None, damage: str | None) -> None:
    found = harm(text)
    assert found is not None
    assert (found.killed.value if found.killed else None) == killed
    assert (found.wounded.value if found.wounded else None) == wounded
    assert found.damage == damage


@pytest.mark.parametrize("text", ["Iran fired 30 missiles.", "Talks went on.", "The deal is dead."])
def test_no_harm(text: str) -> None:
    assert harm(text) is None


def test_munitions_by_class() -> None:
    text = "It fired 170 drones, more than 30 cruise missiles and 120 ballistic missiles."
    found = [(one.type, one.launched.value, one.launched.bound) for one in munitions(text)]
    assert found == [
        (MunitionClass.DRONE, 170, "exact"),
        (MunitionClass.CRUISE, 30, "at_least"),
        (MunitionClass.BALLISTIC, 120, "exact"),
    ]


def test_munitions_counted_together_have_no_class() -> None:
    (found,) = munitions("Iran directed more than 300 missiles and drones at Israel")
    assert found.classes == ("missile", "drone")
    assert found.type is None
    assert found.launched.value == 300


def test_what_came_through_was_not_all_that_was_launched() -> None:
    assert munitions("so only a few projectiles hit Israel") == ()


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("99 percent of them were intercepted", 0.99),
        ("They intercepted most of the assault", 0.75),
        ("nearly all were shot down", 0.95),
        ("a drone was intercepted", None),
    ],
)
def test_intercepted(text: str, share: float | None) -> None:
    found = intercepted(text)
    assert found is not None
    assert found.share == share


def test_telegraphed() -> None:
    assert telegraphed("Iran telegraphed its attack")
    assert telegraphed("Iran gave a big heads up about this salvo")
    assert not telegraphed("Iran attacked Israel")
