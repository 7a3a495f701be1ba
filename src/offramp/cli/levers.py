"""Commands that ask what would be if an actor did otherwise, and what would lower the risk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from offramp.brief.charts.tornado import points
from offramp.brief.columns import Columns
from offramp.brief.inert import inert_text
from offramp.brief.lever_page import (
    DO,
    LEVER_FORMATS,
    LeverPage,
    Row,
    label_of,
    moves,
    run_line,
)
from offramp.choice.editions import figures_for
from offramp.cli.application import app
from offramp.cli.options import AsJson, AsOf, CrisisName, Seed, Weights, read
from offramp.cli.progress import progress
from offramp.crisis.questions import Question
from offramp.engine.compile import compile_crisis
from offramp.engine.ensemble import Futures
from offramp.forecast.forecasting import weights_note
from offramp.forecast.levers.declared import declared_levers
from offramp.forecast.levers.effects import Effect, Experiment, experiment, prepare, question_of
from offramp.forecast.levers.plausibility import plausibility
from offramp.forecast.levers.searching import (
    Interaction,
    OffRamp,
    Pulled,
    compared,
    interactions,
    off_ramps,
    ranked,
    sweep,
)
from offramp.forecast.levers.settings import Setting, parse_settings
from offramp.forecast.words import percent
from offramp.storing import write_whole

DEFAULT_FUTURES = 20_000
SWEEP_FUTURES = 4_000
SEARCH_FUTURES = 4_000
MOST_FUTURES = 1_000_000

Asked = Annotated[
    str | None, typer.Option("--question", metavar="ID", help="the first headline if absent")
]
Out = Annotated[Path | None, typer.Option(help="write the chart to a file: .svg or .html")]


@app.command()
def lever(
    name: CrisisName,
    pulled: Annotated[
        list[str],
        typer.Option("--set", metavar="LEVER=VALUE", help="true, false, a number, or a day"),
    ],
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Annotated[
        int, typer.Option(min=100, max=MOST_FUTURES, help="pairs to simulate")
    ] = DEFAULT_FUTURES,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """What if: every answer before and after levers are pulled together."""
    _check_suffix(out)
    crisis = read(name, as_of)
    figures = figures_for(crisis.as_of, weights)
    settings = parse_settings(pulled, declared_levers(compile_crisis(crisis)), crisis)
    with progress(1) as report:
        trial = prepare(crisis, futures, seed, figures=figures, progress=report)
        report("levers pulled", 0, 1)
        after = trial.pulled(settings)
    result = compared(trial, settings, after)
    title = f"{crisis.title}: {', '.join(map(str, settings))}"
    told = [f"{setting}: {setting.text}" for setting in settings]
    rows = [(label_of(one), result.effects[one.id]) for one in trial.questions]
    _write(out, LeverPage(title, rows, notes=[run_line(trial), *told, DO]))
    if as_json:
        _print(
            _head(trial)
            | {"settings": _settings(trial, settings), **_answers(trial, result, after)}
        )
        return
    _say(run_line(trial), *told)
    if result.idle:
        _say("That is so already, or touches nothing: no future differs.")
    Console().print(_effects_table("question", rows))
    _say(DO)


@app.command()
def levers(
    name: CrisisName,
    question: Asked = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="pairs of the strongest levers, with interaction")
    ] = False,
    among: Annotated[
        int, typer.Option("--among", min=2, max=200, help="how many of the strongest pair up")
    ] = 8,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Annotated[
        int, typer.Option(min=100, max=MOST_FUTURES, help="pairs of futures for each lever")
    ] = SWEEP_FUTURES,
    seed: Seed = 1,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Every lever that could lower a risk, one at a time: which moves an answer how far."""
    _check_suffix(out)
    crisis = read(name, as_of)
    figures = figures_for(crisis.as_of, weights)
    asked = question_of(crisis, question)
    with progress(1) as report:
        trial = prepare(crisis, futures, seed, figures=figures, progress=report)
        order = ranked(trial, sweep(trial, report), asked)
        moving = [one for one in order if not one.idle]
        strongest = sorted(moving, key=lambda one: -abs(one.effects[asked.id].change))[:among]
        found = interactions(trial, strongest, report) if pairs else []
    found.sort(key=lambda one: -abs(one.beyond[asked.id]))
    effects = [(str(one.settings[0]), one.effects[asked.id]) for one in moving]
    rows = [row for row in effects if moves(row[1])]
    still = _still(order, effects)
    longest = sorted(rows, key=lambda row: -abs(row[1].change))
    named = [(asked.id, one) for one in found]
    _write(out, LeverPage(label_of(asked), longest, named, [run_line(trial), DO], still))
    if as_json:
        _print(_head(trial) | {"question": asked.id} | _levers_data(trial, order, found))
        return
    _say(run_line(trial))
    _title(asked)
    Console().print(_effects_table("lever", rows))
    if found:
        Console().print(_pairs_table(found, asked.id))
    _say(*still, DO)


def _levers_data(
    trial: Experiment, order: Sequence[Pulled], pairs: list[Interaction]
) -> dict[str, Any]:
    return {
        "levers": [_lever_data(trial, one) for one in order],
        "pairs": [_pair_data(one) for one in pairs],
    }


def _still(order: Sequence[Pulled], effects: list[Row]) -> list[str]:
    """Return sentences that name the levers that leave an answer as it is."""
    small = [name for name, effect in effects if not moves(effect)]
    idle = [str(one.settings[0]) for one in order if one.idle]
    return [
        f"{what}: {', '.join(names)}."
        for what, names in (
            ("No effect on this question", small),
            ("So already, or touching nothing", idle),
        )
        if names
    ]


def _say(*lines: str) -> None:
    """Print lines, wrapped at words."""
    for line in lines:
        Console().print(Text(inert_text(line)))


def _title(asked: Question) -> None:
    Console().print(Text(inert_text(label_of(asked)), "bold"))


@app.command()
def offramps(
    name: CrisisName,
    question: Asked = None,
    most: Annotated[int, typer.Option(min=1, max=4, help="levers in a combination")] = 3,
    as_of: AsOf = None,
    weights: Weights = None,
    futures: Annotated[
        int, typer.Option(min=100, max=MOST_FUTURES, help="pairs by which results are judged")
    ] = DEFAULT_FUTURES,
    search: Annotated[
        int, typer.Option(min=100, max=MOST_FUTURES, help="pairs by which combinations are tried")
    ] = SEARCH_FUTURES,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """What would lower the risk: combinations of levers, by effect and by how likely unasked."""
    crisis = read(name, as_of)
    figures = figures_for(crisis.as_of, weights)
    asked = question_of(crisis, question)
    with progress(1) as report:
        final = prepare(crisis, futures, seed, figures=figures, first=search, progress=report)
        tried = experiment(
            final.compiled, final.posterior, final.figures, search, seed, questions=[asked.id]
        )
        found = off_ramps(tried, final, asked, most, report)
    if as_json:
        ways = [_way_data(final, one) for one in found]
        _print(_head(final) | {"question": asked.id, "off_ramps": ways})
        return
    _say(run_line(final))
    _title(asked)
    if not found:
        _say("No lever of the file clearly lowers this risk.")
        return
    Console().print(_ways_table(final, found, asked.id))
    _say(
        "Cost: minus log2 of how likely it is that the actors do so unasked. Each does more than "
        "any cheaper one.",
        DO,
    )


def _check_suffix(out: Path | None) -> None:
    if out is not None and out.suffix.lower().removeprefix(".") not in LEVER_FORMATS:
        known = ", ".join(f".{one}" for one in LEVER_FORMATS)
        raise ValueError(f"--out {out}: unknown suffix {out.suffix!r}; one of {known}")


def _write(out: Path | None, shown: LeverPage) -> None:
    if out is not None:
        write_whole(out, LEVER_FORMATS[out.suffix.lower().removeprefix(".")](shown))
        Console(stderr=True).print(f"wrote {escape(str(out))}")


def _print(data: dict[str, Any]) -> None:
    typer.echo(json.dumps(data, indent=1, ensure_ascii=False))


def _head(trial: Experiment) -> dict[str, Any]:
    return {
        "crisis": trial.crisis.id,
        "as_of": trial.crisis.as_of.isoformat(),
        "seed": trial.seed,
        "futures": trial.futures.count,
        "weights": weights_note(trial.figures).model_dump(mode="json"),
        "kind": "do",
    }


def _settings(trial: Experiment, settings: tuple[Setting, ...]) -> list[dict[str, Any]]:
    return [
        {
            "lever": setting.lever.name,
            "value": setting.value,
            "from": setting.day.isoformat(),
            "text": setting.text,
            "who": setting.lever.who,
            "unasked": plausibility(trial, setting).probability,
            "unasked_basis": plausibility(trial, setting).basis,
        }
        for setting in settings
    ]


def _effect_data(effect: Effect) -> dict[str, Any]:
    return {
        "before": effect.before,
        "after": effect.after,
        "effect": effect.change,
        "interval": list(effect.interval),
        "monte_carlo_error": effect.monte_carlo_error,
    }


def _answers(trial: Experiment, result: Pulled, futures: Futures) -> dict[str, Any]:
    """Return each question with its answers before and after, whole, and the effect."""
    before, after = trial.answering(trial.futures), trial.answering(futures)
    answers = [
        {
            "id": one.id,
            "text": one.text,
            "before": before.answer(one).model_dump(mode="json"),
            "after": after.answer(one).model_dump(mode="json"),
            "effect": _effect_data(result.effects[one.id]),
        }
        for one in trial.questions
    ]
    return {"changes_nothing": result.idle, "answers": answers}


def _lever_data(trial: Experiment, one: Pulled) -> dict[str, Any]:
    (setting,) = _settings(trial, one.settings)
    effects = {name: _effect_data(effect) for name, effect in one.effects.items()}
    return setting | {"changes_nothing": one.idle, "effects": effects}


def _pair_data(pair: Interaction) -> dict[str, Any]:
    return {
        "settings": [str(one) for one in pair.settings],
        "effects": {name: _effect_data(effect) for name, effect in pair.effects.items()},
        "interaction": dict(pair.beyond),
        "monte_carlo_error": dict(pair.monte_carlo_error),
    }


def _way_data(final: Experiment, way: OffRamp) -> dict[str, Any]:
    return {
        "settings": _settings(final, way.settings),
        "cost_bits": way.cost,
        "unasked": 2.0**-way.cost,
        "effects": {name: _effect_data(effect) for name, effect in way.effects.items()},
    }


def _cells(effect: Effect) -> tuple[str, ...]:
    low, high = effect.interval
    return (
        f"{percent(effect.before)} → {percent(effect.after)}",
        points(effect.change),
        f"{points(low)} to {points(high)}",
        f"{100 * effect.monte_carlo_error:.2f}",
    )


def _effects_table(what: str, rows: list[Row]) -> Columns:
    titles = (what, "before → after", "change", "90 % over draws", "MC error")
    return Columns(titles, [(inert_text(label), *_cells(effect)) for label, effect in rows])


def _pairs_table(found: list[Interaction], question: str) -> Columns:
    rows = [
        (
            " and ".join(map(str, pair.settings)),
            points(pair.effects[question].change),
            points(pair.beyond[question]),
            f"{100 * pair.monte_carlo_error[question]:.2f}",
        )
        for pair in found
    ]
    return Columns(("pair", "together", "beyond the sum", "MC error"), rows)


def _ways_table(final: Experiment, found: list[OffRamp], question: str) -> Columns:
    titles = ("off-ramp", "before → after", "change", "90 % over draws", "MC error", "cost, bits")
    rows = []
    for way in found:
        levers = " and ".join(
            f"{setting} ({percent(plausibility(final, setting).probability)} unasked)"
            for setting in way.settings
        )
        rows.append((levers, *_cells(way.effects[question]), f"{way.cost:.1f}"))
    return Columns(titles, rows)
