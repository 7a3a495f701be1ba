"""Imports run one way through the rooms of the house; running needs no dataset readers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import accumulate, chain
from pathlib import Path

import pytest

from offramp.choice.fingerprints import SOURCES

PACKAGE = Path(__file__).parents[1] / "src" / "offramp"
FLOORS: tuple[tuple[str, ...], ...] = (
    ("ladder", "state_names", "storing", "compiling"),
    ("lanes", "store"),
    ("elementary",),
    ("quantiles", "history", "crisis"),
    ("choice", "raid"),
    ("engine",),
    ("forecast", "reader", "score"),
    ("ledger", "library"),
    ("brief",),
    ("board",),
    ("cli",),
)
"""From the ground up: a room imports itself and the floors below, not its neighbours."""
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}
READS_HISTORY = {"choice.pairing", "choice.deriving", "choice.gathering"}
"""What derives figures from the datasets; no other module of `choice` reads them."""

KEEPS_FIGURES = {"choice.editions", "choice.figures", "choice.fingerprints"}
"""What writes, reads and names them."""


def modules() -> dict[str, ast.Module]:
    """Return every module, named as "choice.model"; the package itself is ""."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


MODULES = modules()


def imported(body: list[ast.stmt], name: str) -> Iterator[str]:
    """Yield the full names that statements import, those inside functions and branches too."""
    for node in chain.from_iterable(ast.walk(statement) for statement in body):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}, line {node.lineno}: a relative import"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inside(names: Iterator[str]) -> set[str]:
    """Return the modules of the package among names, as "choice.model"."""
    found = set()
    for name in names:
        if name.split(".")[0] != "offramp":
            continue
        parts = name.split(".")[1:]
        while ".".join(parts) not in MODULES:
            parts = parts[:-1]
        found.add(".".join(parts))
    return found


@pytest.mark.parametrize("name", [name for name in MODULES if name])
def test_imports_run_one_way(name: str) -> None:
    room = name.split(".")[0]
    assert room in FLOOR_OF, f"{room} has no floor: say in this test where it stands"
    for other in inside(imported(MODULES[name].body, name)):
        assert other, f"{name} imports the public API, which stands above it"
        there = other.split(".")[0]
        below = FLOOR_OF[there] < FLOOR_OF[room]
        assert there == room or below, f"{name} imports {other}, which does not stand below it"


def test_the_package_opens_only_what_stands_in_it() -> None:
    assert inside(imported(MODULES[""].body, "offramp")) <= set(MODULES)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("choice")])
def test_only_the_derivation_reads_history(name: str) -> None:
    rooms = {other.split(".")[0] for other in inside(imported(MODULES[name].body, name))}
    assert name in READS_HISTORY or "history" not in rooms


def at_run_time(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Return what runs when a module is imported: no functions, nothing for type checkers."""
    out: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            continue
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            continue
        out.append(statement)
    return out


def packages(name: str) -> Iterator[str]:
    """Yield a module and the packages it stands in, which are imported before it."""
    return accumulate(name.split("."), lambda outer, inner: f"{outer}.{inner}")


def test_a_forecast_needs_no_pandas() -> None:
    """The readers of datasets need it; it is no dependency of the package."""
    waiting, seen = ["cli"], {"cli"}
    while waiting:
        name = waiting.pop()
        names = list(imported(at_run_time(MODULES[name].body), name))
        assert not any(one.split(".")[0] == "pandas" for one in names), f"{name} imports pandas"
        new = {package for one in inside(iter(names)) for package in packages(one)} - seen
        seen |= new
        waiting += new
    assert "engine.kernel" in seen
    assert not any(name.startswith("history") for name in seen)


def test_what_decides_figures_is_in_their_fingerprint() -> None:
    """Beside what keeps figures, every module that the derivation imports and that computes."""
    waiting, seen = ["choice.deriving"], {"choice.deriving"}
    while waiting:
        name = waiting.pop()
        new = inside(imported(MODULES[name].body, name)) - seen - KEEPS_FIGURES
        new = {
            one for one in new if one.split(".")[0] in ("choice", "elementary", "ladder", "lanes")
        }
        seen |= new
        waiting += new
    held = {f"{room}.{name}".strip(".") for room, names in SOURCES.items() for name in names}
    assert seen <= held


def test_what_an_import_is() -> None:
    text = "import offramp.choice.model\ndef f():\n    from offramp.history import icb\n"
    assert inside(imported(ast.parse(text).body, "x")) == {"choice.model", "history.icb"}
    assert inside(imported(at_run_time(ast.parse(text).body), "x")) == {"choice.model"}
