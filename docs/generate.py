"""Write what follows from the code and from saved results: cli.md, elicited.md, tables of scores.

`make docs` runs this; a test fails where a page is out of date.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
from typer import Typer
from typer.main import get_command
from typer.models import ArgumentInfo

from offramp.choice.editions import NEWEST, shipped_figures
from offramp.choice.judgements import JUDGEMENTS
from offramp.choice.terms import ELICITED, ESTIMATED, EXPECTED_RETALIATION, GRADES, Term
from offramp.cli import app
from offramp.ladder import LEVEL_NAMES

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
RESULTS = DOCS.parent / "benchmarks" / "results"
SCORES = re.compile(r"(<!-- scores: ([a-z0-9-]+) -->\n).*?(<!-- /scores -->)", re.S)
SPLITS = re.compile(r"(<!-- splits -->\n).*?(<!-- /splits -->)", re.S)
NOTICE = "<!-- Written by `make docs`; do not edit. -->"

SPLITS_SHOWN: dict[str, str] = {
    "mie-rolling": "backtest mie",
    "mie-1970": "backtest mie --split 1970",
    "mie-1980": "backtest mie --split 1980",
    "mie-1990": "backtest mie --split 1990",
    "mie-2000": "backtest mie --split 2000",
    "icb-rolling": "backtest icb",
    "icb-1960": "backtest icb --split 1960",
    "icb-1970": "backtest icb --split 1970",
    "icb-1980": "backtest icb --split 1980",
    "icb-1990": "backtest icb --split 1990",
    "icb-leave-one-out": "backtest icb --leave-one-crisis-out",
}
"""Saved results by file, and the commands that gave them."""

CONSTANTS: tuple[tuple[str, str], ...] = (
    ("choice.dyad.PENDING_DAYS", "days after which an unanswered act is no longer pending"),
    ("choice.dyad.HARM_HALF_LIFE", "days in which unanswered harm halves"),
    ("choice.dyad.THREAT_DAYS", "days for which a public threat stands"),
    ("choice.dyad.CONCLUDED_DAYS", "days for which the word that it is concluded stands"),
    ("choice.fit.MAJOR_GAP", "gap between the intercepts of a large and a bounded strike"),
    ("choice.fit.MAJOR_GAP_SPREAD", "its spread"),
    ("choice.deriving.MAJOR_NONE", "probability that a large strike kills none"),
    ("choice.deriving.MAJOR_MEAN", "mean of the log of those it kills, if any"),
    ("choice.deriving.MAJOR_SPREAD", "its spread"),
    ("choice.deriving.DENIABLE_NONE", "probability that a deniable act kills none"),
    ("choice.deriving.DENIABLE_MEAN", "mean of the log of those it kills, if any"),
    ("choice.deriving.DENIABLE_SPREAD", "its spread"),
    ("choice.deriving.ROCKET_KILL", "Beta of the probability of kill of a rocket"),
    ("engine.prior.UNKNOWN_DEFENCE", "Beta of it for a class of which no raid had ended"),
    ("engine.condition.CLAIM_TRUST", "share of its trials that a defender's claim counts for"),
    ("engine.plan.SHOCK_BY_LEVEL", "tempo that an act adds on a linked front, by level from hold"),
    ("engine.plan.INDIRECT_FROM", "level from which an act provokes friends of its target too"),
    ("engine.compile.UNMEASURED_RATE", "attacks a day on a burning front without a measured tempo"),
    ("engine.timeline.BURNING_RATE", "attacks a day from which a front burns"),
    ("engine.timeline.NO_TIE", "dependence on a speaker to whom no tie binds"),
    ("engine.dynamics.EXCHANGE_DAYS", "days for which an exchange of force stretches an actor"),
    ("engine.dynamics.REIGNITE_DAYS", "days within which an exchange sets a front burning again"),
    ("engine.plan.MOST_CROSS", "most that all links to a front pass on together"),
    ("raid.TOLL_LOG_SPREAD", "spread of the log of a raid's toll"),
    ("forecast.levers.plausibility.UNASKED_DAYS", "days within which an act comes unasked"),
    ("forecast.levers.plausibility.JUDGED_WEIGHT", "statements that a judged share counts as"),
    ("forecast.levers.plausibility.JUDGED_LINK", "probability that two fronts are parted unasked"),
)
"""Judgements without a spread: the name in the code, and what it is."""


def command_line_page() -> str:
    """Return docs/cli.md: every command with its arguments and options."""
    parts = [
        "# The command line",
        NOTICE,
        "What `offramp --help` says, on one page. A crisis is the id of one that ships "
        "(`offramp crises`) or a file whose name ends in `.yaml`.",
        "Bad input ends a command with code 2, every reason on standard error, and nothing "
        "half-written. With `--json`, standard output is JSON and nothing else.",
    ]
    for name, function, command in commands(app, get_command(app)):
        rows = list(_parameters(function, command))
        arguments = "".join(f" {row[0]}" for row in rows if not row[0].startswith("--"))
        options = " [OPTIONS]" if any(row[0].startswith("--") for row in rows) else ""
        parts += [
            f"## offramp {name}",
            inspect.cleandoc(function.__doc__ or ""),
            f"```\nofframp {name}{arguments}{options}\n```",
            _table(
                ("", "value", "what it is", "if absent"),
                ((f"`{row[0]}`", *row[1:]) for row in rows),
            ),
        ]
    return _page(parts)


def commands(one: Typer, parsed: Any) -> Iterator[tuple[str, Callable[..., Any], Any]]:
    """Yield name, function and parsed form of each command, those of groups ("a b") too."""
    for registered in one.registered_commands:
        function = registered.callback
        assert function is not None
        name = registered.name or function.__name__.replace("_", "-")
        yield name, function, parsed.commands[name]
    for group in one.registered_groups:
        assert group.typer_instance is not None
        title = group.name or str(group.typer_instance.info.name)
        for name, function, command in commands(group.typer_instance, parsed.commands[title]):
            yield f"{title} {name}", function, command


def _parameters(function: Callable[..., Any], command: Any) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, kind of value, help and default of each parameter of a command."""
    hints = get_type_hints(function, include_extras=True)
    for parameter in command.params:
        kind, declared = get_args(hints[parameter.name])
        value = _kind(kind)
        if declared.min is not None or declared.max is not None:
            value += f", {declared.min} to {declared.max}"
        if isinstance(declared, ArgumentInfo):
            shown = declared.metavar or parameter.name.upper()
        else:
            shown = parameter.opts[0]
            value = declared.metavar or value
        absent = "" if parameter.default in (None, False) else str(parameter.default)
        if kind is int:
            absent = str(parameter.default)  # 0 equals False, and is a default
        needed = parameter.required
        if isinstance(declared, ArgumentInfo):  # its name says whether it may be left out
            unset = parameter.required or parameter.default is None
            needed = unset and not shown.startswith("[")
        yield shown, value, declared.help or "", "must be given" if needed else absent


def _kind(annotation: Any) -> str:
    kinds = [one for one in get_args(annotation) or (annotation,) if one is not type(None)]
    names = {bool: "", int: "whole number", float: "number", str: "text", Path: "path"}
    return (names | {list[str]: "text, several"})[kinds[0]]


def _judged(name: str) -> str:
    pair = shipped_figures().judgements.get(name)
    return "as elicited" if pair is None else _prior(*pair)


def _judgements() -> str:
    heading = ("name", "what it is", "scale", "prior", f"edition {NEWEST}", "reason")
    rows = (
        (
            *(f"`{one.name}`", one.meaning, one.scale, _prior(one.mean, one.spread)),
            *(_judged(one.name), one.reason),
        )
        for one in JUDGEMENTS
    )
    return _table(heading, rows)


def elicited_page() -> str:
    """Return docs/elicited.md: every prior that rests on judgement, with its reason."""
    return _page(
        [
            "# What is elicited",
            NOTICE,
            "What history cannot inform is a prior by judgement. Each has a spread, is marked as "
            "elicited wherever it shows, and is moved by the timeline of a crisis as far as that "
            "speaks of it: a brief gives each before and after. `offramp terms` prints these.",
            "## Weights of the choice model",
            "In log-odds a unit of the covariate, normal. A weight acts on the levels named, "
            "times the number given.",
            _table(
                ("term", "unit", "what it says", "weight", "acts on", "reason"),
                (_term_row(one) for one in (*ELICITED, EXPECTED_RETALIATION)),
            ),
            "## Other quantities",
            "Normal on the scale given. What past crises inform of these (`offramp judgements`) "
            "replaces the prior in the editions that end after them; the last edition's stands "
            "beside it.",
            _judgements(),
            "## Words of the crisis file",
            "Dependence of a client and strength of a link, by the word in the file.",
            _table(("word", "figure"), ((word, str(value)) for word, value in GRADES.items())),
            "The weight and spread of an option stand in the crisis file, with its reason.",
            "## Constants",
            "Judgements without a spread, and cuts where a covariate begins or ends.",
            _table(
                ("name", "value", "what it is"),
                ((f"`{name}`", _value(name), meaning) for name, meaning in CONSTANTS),
            ),
            "## What is estimated",
            "For comparison: the covariates whose weights are estimated from history, one weight "
            "a level.",
            _table(
                ("term", "unit", "what it says"),
                ((f"`{one.name}`", one.unit, one.meaning) for one in ESTIMATED),
            ),
        ]
    )


def _term_row(term: Term) -> tuple[str, ...]:
    assert term.mean is not None
    assert term.spread is not None
    assert term.shape is not None
    prior = _prior(term.mean, term.spread)
    return f"`{term.name}`", term.unit, term.meaning, prior, _levels(term.shape), term.reason


def _prior(mean: float, spread: float) -> str:
    return f"{mean:+.2f} ± {spread:.2f}".replace("-", "−")


def _levels(shape: Sequence[float]) -> str:
    """Return the levels on which a shape acts: "limited and above", "conciliate × −1"."""
    first = next(level for level, factor in enumerate(shape) if factor == 1.0)
    words = (
        [f"{LEVEL_NAMES[first]} and above"] if shape[first:] == (1.0,) * len(shape[first:]) else []
    )
    rest = range(first) if words else range(len(shape))
    words += [f"{LEVEL_NAMES[k]} × {shape[k]:g}" for k in rest if shape[k]]
    return ", ".join(words).replace("-", "−")


def readme() -> str:
    """Return README.md with the tables of scores that were saved in benchmarks/results."""
    text = README.read_text(encoding="utf-8")
    return SCORES.sub(lambda block: f"{block[1]}{_scores(block[2])}\n{block[3]}", text)


def _scores(name: str) -> str:
    saved = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    if name == "library":
        return _library_scores(saved)
    others = saved["variants"] | saved["baselines"]
    rows = [("**Offramp**", *_figures(saved["offramp"]), "")]
    for other, score in others.items():
        paired = saved["paired"].get(other)
        beside = "" if paired is None else _gap(paired["log_loss_difference"], paired["interval"])
        rows.append((other, *_figures(score), beside))
    heading = ("forecast", "log loss", "Brier", "AUC", "slope", "log loss, ours less its (90 %)")
    return _table(heading, rows)


def _library_scores(saved: dict[str, Any]) -> str:
    """Return the scores of the library, each crisis alike and as in the population."""
    weighted = saved["as_in_the_population"]
    rows = [("**Offramp**", *_library_row(saved["offramp"], weighted["offramp"]), "", "")]
    for name, score in saved["baselines"].items():
        paired = saved["paired"][name]
        beside = (_gap(paired[one], paired[f"{one}_interval"]) for one in ("brier", "log_score"))
        rows.append((name, *_library_row(score, weighted["baselines"][name]), *beside))
    heading = ("forecast", "Brier", "log score", "AUC", "slope", "Brier, weighted")
    beside_it = ("Brier, ours less its (90 %)", "log score, ours less its (90 %)")
    return _table((*heading, "log score, weighted", *beside_it), rows)


def _library_row(score: dict[str, Any], weighted: dict[str, Any]) -> tuple[str, ...]:
    slope = "–" if score["slope"] is None else f"{score['slope']:.2f}"
    own = (f"{score['brier']:.3f}", _signed(score["log_score"]), f"{score['auc']:.2f}", slope)
    return *own, f"{weighted['brier']:.3f}", _signed(weighted["log_score"])


def _signed(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def history() -> str:
    """Return docs/history.md with the table of every split."""
    text = (DOCS / "history.md").read_text(encoding="utf-8")
    return SPLITS.sub(lambda block: f"{block[1]}{_splits()}\n{block[2]}", text)


def _splits() -> str:
    """Return a row for each split and each decade: ours, and the baseline of least log loss."""
    rows = []
    for name, command in SPLITS_SHOWN.items():
        saved = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        rows.append(_split_row(f"`{command}`", saved))
        rows += [_split_row(f"– {part['split']}", part) for part in saved["parts"]]
    heading = ("test", "cases", "log loss", "Brier", "AUC", "slope", "best baseline")
    return _table((*heading, "log loss, ours less its (90 %)"), rows)


def _split_row(name: str, saved: dict[str, Any]) -> tuple[str, ...]:
    baselines = saved["baselines"]
    best = min(baselines, key=lambda other: baselines[other]["log_loss"])
    figures = _figures(saved["offramp"])
    paired = saved["paired"][best]
    beside = _gap(paired["log_loss_difference"], paired["interval"])
    return name, f"{saved['cases']:,}", *figures, best, beside


def _figures(score: dict[str, Any]) -> tuple[str, ...]:
    slope = "–" if score["slope"] is None else f"{score['slope']:.2f}"
    return f"{score['log_loss']:.3f}", f"{score['brier']:.4f}", f"{score['auc']:.3f}", slope


def _gap(difference: float, interval: Sequence[float]) -> str:
    low, high = interval
    return f"{difference:+.3f} ({low:+.3f} to {high:+.3f})".replace("-", "−")


def _value(dotted: str) -> str:
    module, _, name = dotted.rpartition(".")
    value = getattr(import_module(f"offramp.{module}"), name)
    return ", ".join(f"{one:g}" for one in np.atleast_1d(value)).replace("-", "−")


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [tuple(heading), ("---",) * len(heading), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "cli.md": command_line_page,
    DOCS / "elicited.md": elicited_page,
    DOCS / "history.md": history,
    README: readme,
}


if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")
