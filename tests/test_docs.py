"""The documentation says what the code does: generated pages are current, names exist."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from offramp.choice.judgements import JUDGEMENTS, Judgement
from offramp.choice.terms import ELICITED, EXPECTED_RETALIATION, Term
from offramp.cli import app
from offramp.crisis.as_of import read_crisis

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES: dict[Path, Callable[[], str]] = runpy.run_path(str(DOCS / "generate.py"))["PAGES"]
PROSE = sorted([ROOT / "README.md", *DOCS.glob("*.md")])


COMMAND = r"(?:^|[`$ ])offramp ([a-z]+)\b(?: ([a-z]+(?:-[a-z]+)*)\b(?![./]))?([^`\n#]*)"


def leaves(command: Any, path: str = "") -> Iterator[str]:
    """Yield the names of all commands below *command*, those of groups as "group name"."""
    below: dict[str, Any] = getattr(command, "commands", {})
    if not below:
        yield path
    for name, one in below.items():
        yield from leaves(one, f"{path} {name}".strip())


COMMANDS = list(leaves(get_command(app)))
ROOMS = sorted(
    path.stem
    for path in (ROOT / "src" / "offramp").iterdir()
    if not path.name.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").exists())
)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_generated_pages_are_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), "run: make docs"


def section(command: str) -> str:
    """Return what docs/cli.md says of a command."""
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    return page.partition(f"\n## offramp {command}\n")[2].partition("\n## ")[0]


def test_every_command_is_documented() -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^## offramp ([a-z -]+)$", page, re.M)) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command: str) -> None:
    """Held against the help that the program prints, not against what made the page."""
    printed = CliRunner().invoke(app, [*command.split(), "--help"], prog_name="offramp").output
    options = set(OPTION.findall(printed)) - {"--help"}
    rows = re.findall(r"^\| `([^`]+)` \| [^|]* \| ([^|]*) \|", section(command), re.MULTILINE)
    assert {name for name, _ in rows if name.startswith("--")} == options
    for name, meaning in rows:
        assert meaning.strip(), f"{command} {name} has no help"
        assert meaning.split()[0] in printed


def test_every_elicited_prior_is_on_its_page() -> None:
    page = (DOCS / "elicited.md").read_text(encoding="utf-8")
    priors: list[Term | Judgement] = [*ELICITED, EXPECTED_RETALIATION, *JUDGEMENTS]
    for one in priors:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{one.name}` |")]
        assert one.reason
        assert one.reason in row
        assert f"{abs(one.mean or 0.0):.2f} ± {one.spread:.2f}" in row


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_names_in_prose_exist(path: Path) -> None:
    """A name in backquotes that begins with a room, as `choice.model.masses`, is one."""
    text = path.read_text(encoding="utf-8")
    for dotted in re.findall(rf"`((?:{'|'.join(ROOMS)})(?:\.(?!py`)\w+)+)`", text):
        assert resolves(dotted), f"{path.name}: there is no {dotted}"


def resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        name = ".".join(("offramp", *parts[:cut]))
        try:
            found: Any = import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise  # a dependency is missing, not the module
            continue
        for part in parts[cut:]:
            if not hasattr(found, part) and part not in getattr(found, "__annotations__", {}):
                return False
            found = getattr(found, part, None)
        return True
    return False


def test_resolving_tells_names_apart() -> None:
    assert resolves("choice.model.masses")
    assert resolves("engine.plan.World.fronts")
    assert not resolves("choice.model.mass_of")
    assert not resolves("choice.modell")


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_commands_in_prose_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for first, second, rest in re.findall(COMMAND, text, re.MULTILINE):
        command = f"{first} {second}" if f"{first} {second}" in COMMANDS else first
        if command in COMMANDS:
            printed = CliRunner().invoke(app, [*command.split(), "--help"]).output
            assert set(OPTION.findall(rest)) <= set(OPTION.findall(printed)), (command, rest)
        else:
            assert not OPTION.findall(rest), f"{path.name}: no command {command}"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{path.name}: no make {target}"


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_links_in_prose_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (path.parent / target).exists(), f"{path.name}: {target} is not there"


def test_every_room_is_on_the_plan_of_the_house() -> None:
    page = (DOCS / "layout.md").read_text(encoding="utf-8")
    told = {name.removesuffix(".py") for name in re.findall(r"^\| `([\w.]+)/?` \|", page, re.M)}
    assert told == set(ROOMS)


def test_the_readme_tells_how_the_project_is_tested() -> None:
    runner = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "exec make test" in runner
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_opens_with_a_brief_of_the_flagship() -> None:
    """Pasted by hand; this holds it against the questions that the crisis file asks."""
    command, output = re.findall(r"^<!-- output: (.*) -->\n```\n(.*?)^```$", readme(), re.M | re.S)[
        0
    ]
    flat = " ".join(output.split())
    crisis = read_crisis(command.split()[-1])
    assert command == f"offramp brief {crisis.id}"
    assert crisis.title in flat
    for question in crisis.questions:
        assert not question.headline or question.text.rstrip("?") in flat, "paste it anew"


def test_the_crisis_in_the_readme_is_one(tmp_path: Path) -> None:
    """The file that the README shows passes the check that the README names."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)
    (tmp_path / "example.yaml").write_text(block, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(tmp_path / "example.yaml")])
    assert result.exit_code == 0, result.exception


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")
