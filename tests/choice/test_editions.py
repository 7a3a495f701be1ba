"""Editions: which one a day gets, that they hold nothing later, and how they are kept."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from offramp.choice import deriving
from offramp.choice.editions import (
    EDITIONS,
    NEWEST,
    edition_before,
    edition_for,
    figures_for,
    shipped_edition,
    shipped_figures,
)
from offramp.choice.figures import Figures, load_figures
from offramp.choice.fingerprints import fingerprint
from offramp.choice.parameters import FIXED, parameter_names
from offramp.choice.tempo import TEMPO_PRIOR

MEGABYTE = 1_000_000


def made(until: date, **other: Any) -> Figures:
    """Figures of one edition, invented."""
    random = np.random.default_rng(until.year)
    root = np.tril(random.normal(0.0, 0.1, (FIXED, FIXED))) + np.eye(FIXED)
    return Figures(
        mean=random.normal(0.0, 1.0, FIXED),
        root=root.astype(np.float32).astype(np.float64),
        resolve={2: (0.25, 0.125), 365: (-0.5, 0.25)},
        resolve_spread=0.45,
        retaliation_mean=np.linspace(0.0, 0.5, 9),
        harm=np.ones((9, 3)),
        war_toll=(1.5, 2.5),
        war_ending=(-5.5, 0.125),
        kill={"2022-09": {"drone": (3.0, 1.0)}},
        base_rates={"force": {"cases": 7}},
        provenance={"until": until.isoformat(), **other},
        tempo=dict(TEMPO_PRIOR),
    )


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("1960-01-01", "1960"),
        ("1979-12-31", "1970"),
        ("1980-01-01", "1980"),
        ("1982-04-03", "1980"),
        ("2009-12-31", "2000"),
        ("2014-12-31", "2010"),
        ("2015-01-01", "2015"),
        ("2024-04-15", "2015"),
    ],
)
def test_a_day_gets_the_newest_edition_that_ended_before_it(day: str, name: str) -> None:
    assert edition_before(date.fromisoformat(day)) == name


def test_before_the_first_edition_there_is_none() -> None:
    with pytest.raises(ValueError, match="no shipped figures end before 1956-10-29"):
        edition_for(date(1956, 10, 29))
    with pytest.raises(ValueError, match="offramp fit --until"):
        edition_before(min(EDITIONS.values()))


@pytest.mark.parametrize("name", EDITIONS)
def test_a_shipped_edition_holds_what_had_ended(name: str) -> None:
    figures, until = shipped_edition(name), EDITIONS[name]
    assert figures.provenance["until"] == until.isoformat()
    assert np.isfinite(figures.mean).all()
    assert (np.diag(figures.root) > 0.0).all()
    assert set(figures.tempo) == set(TEMPO_PRIOR)
    if name != NEWEST:
        assert all(month <= until.strftime("%Y-%m") for month in figures.kill)


def test_editions_grow() -> None:
    """Each has all the records of those before it, and more; none knows a state to come."""
    known = [shipped_edition(name) for name in sorted(EDITIONS)]
    records = [figures.provenance["records"] for figures in known]
    assert records == sorted(set(records))
    for earlier, later in pairwise(known):
        assert set(earlier.resolve) < set(later.resolve)
    bangladesh, south_sudan = 771, 626
    assert bangladesh not in shipped_edition("1970").resolve
    assert bangladesh in shipped_edition("1980").resolve
    assert south_sudan not in shipped_edition("2010").resolve
    assert shipped_figures() is shipped_edition(NEWEST)


def test_all_editions_are_small() -> None:
    folder = Path(deriving.__file__).parent / "figures"
    assert {path.name for path in folder.iterdir()} >= {f"{name}.npz" for name in EDITIONS}
    assert sum(path.stat().st_size for path in folder.iterdir()) < 10 * MEGABYTE


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    figures = made(date(1979, 12, 31))
    figures.save(tmp_path / "one.npz")
    again = load_figures(tmp_path / "one.npz")
    for name in ("mean", "root", "retaliation_mean", "harm"):
        assert np.array_equal(getattr(again, name), getattr(figures, name)), name
    for name in ("resolve", "resolve_spread", "war_toll", "war_ending", "base_rates", "tempo"):
        assert getattr(again, name) == getattr(figures, name), name
    assert json.loads(json.dumps(figures.kill)) == again.kill
    figures.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_what_is_no_file_of_figures_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    path.write_bytes(b"not a zip")
    with pytest.raises(ValueError, match="not a file of figures"):
        load_figures(path)
    np.savez(path, mean=np.zeros(3))
    with pytest.raises(ValueError, match="not a file of figures"):
        load_figures(path)
    replace(made(date(1979, 12, 31)), mean=np.zeros(3), root=np.eye(3)).save(path)
    with pytest.raises(ValueError, match=f"made for 3 weights, this version has {FIXED}"):
        load_figures(path)


def test_weights_of_another_table_of_terms_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many weights, and other names: two terms changed places."""
    path = tmp_path / "weights.npz"
    made(date(1979, 12, 31)).save(path)
    first, second, *rest = parameter_names()
    monkeypatch.setattr(
        "offramp.choice.figures.parameter_names", lambda: (second, first, *rest), raising=True
    )
    with pytest.raises(ValueError, match="made for another table of terms"):
        load_figures(path)


def test_any_other_file_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "weights.npz"
    made(date(1979, 12, 31)).save(path)
    whole = path.read_bytes()
    np.save(tmp_path / "array.npy", np.zeros(3))
    for content in (b"", whole[: len(whole) // 2], (tmp_path / "array.npy").read_bytes()):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"weights.npz: not a file of figures"):
            load_figures(path)
    with np.load(io.BytesIO(whole)) as arrays:
        parts = dict(arrays)
    for text in (b"[]", b"{}", b"\xff"):
        np.savez(path, **(parts | {"text": np.frombuffer(text, np.uint8)}))
        with pytest.raises(ValueError, match=r"weights.npz: not a file of figures"):
            load_figures(path)


def test_own_figures_stand_in_for_an_edition_that_knows_no_more(tmp_path: Path) -> None:
    own = tmp_path / "weights.npz"
    made(date(1979, 12, 31)).save(own)
    day = date(1980, 1, 1)
    figures = figures_for(day, own)
    assert np.array_equal(figures.mean, made(date(1979, 12, 31)).mean)
    assert figures.provenance["file"] == str(own)
    with pytest.raises(ValueError, match="ended by 1979-12-31, which is not before 1979-12-31"):
        figures_for(date(1979, 12, 31), own)
    with pytest.raises(ValueError, match="no such file"):
        figures_for(day, tmp_path / "none.npz")
    assert figures_for(day) is shipped_edition("1980")


def test_only_what_is_out_of_date_is_derived_again(tmp_path: Path) -> None:
    editions = {"1960": date(1959, 12, 31), "1970": date(1969, 12, 31)}
    digests = {"mie-1.0.csv": "abc"}
    derived: list[date] = []

    def derive(_: object, until: date, progress: Callable[[str], None]) -> SimpleNamespace:
        progress("made")
        if until == stop_at:
            raise KeyboardInterrupt
        derived.append(until)
        return SimpleNamespace(figures=made(until, fingerprint=fingerprint(digests, until)))

    def run() -> list[str]:
        derived.clear()
        return deriving.derive_editions(None, tmp_path / "out", lambda _: None, editions)  # type: ignore[arg-type]

    with (
        patch.object(deriving, "derive", derive),
        patch.object(deriving, "digests_of", lambda _: digests),
        patch.object(deriving.Sources, "read", lambda _: None),
    ):
        stop_at: date | None = editions["1970"]
        with pytest.raises(KeyboardInterrupt):
            run()
        stop_at = None
        assert run() == ["1970"]  # 1960 was whole before the interrupt
        assert derived == [editions["1970"]]
        assert run() == []
        digests = {"mie-1.0.csv": "def"}
        assert run() == ["1960", "1970"]
        (tmp_path / "out" / "1960.npz").write_bytes(b"broken")
        assert run() == ["1960"]
        assert {path.name for path in (tmp_path / "out").iterdir()} == {"1960.npz", "1970.npz"}


def test_a_fingerprint_is_of_day_and_files() -> None:
    day = date(1979, 12, 31)
    one = fingerprint({"a": "1", "b": "2"}, day)
    assert one == fingerprint({"b": "2", "a": "1"}, day)
    assert one != fingerprint({"a": "1", "b": "3"}, day)
    assert one != fingerprint({"a": "1", "b": "2"}, date(1979, 12, 30))


def test_too_early_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="too little had ended by 1930-12-31"):
        deriving.derive(None, date(1930, 12, 31), lambda _: None)  # type: ignore[arg-type]
