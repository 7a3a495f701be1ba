"""Commands of the reader: reporting in, proposed facts out, and how well it tells event types."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from offramp.choice.terms import claimable_terms
from offramp.cli.application import Commands, app
from offramp.cli.options import AsJson, day_of
from offramp.forecast.words import counted

if TYPE_CHECKING:
    from offramp.reader.document import Document
    from offramp.reader.proposals import AnyProposal, Reading

What = Annotated[
    str, typer.Argument(metavar="WHAT", help="a text, HTML, PDF or feed file, a folder, an address")
]
Dateline = Annotated[
    str | None,
    typer.Option("--dateline", metavar="DAY", help="YYYY-MM-DD, where the text does not say it"),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="fetch from addresses that are not public too")
]

reader = typer.Typer(
    cls=Commands, help="How well the reader reads.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(reader, name="reader")


@app.command("read")
def read_command(
    what: What,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="FILE", help="review one by one, and write what is accepted"
        ),
    ] = None,
    as_json: AsJson = False,
    dateline: Dateline = None,
    accept_all: Annotated[
        bool, typer.Option("--accept-all", help="with --into: accept everything unseen")
    ] = False,
    yes_above: Annotated[
        float | None,
        typer.Option("--yes-above", min=0, max=1, help="with --into: accept above this confidence"),
    ] = None,
    allow_private: AllowPrivate = False,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint", metavar="URL", help="read by a model behind this address instead"
        ),
    ] = None,
    model: Annotated[str, typer.Option("--model", help="its name at the endpoint")] = "default",
) -> None:
    """Facts that reporting tells: a table, or into a crisis file after review."""
    from offramp.reader.extracting import notes

    _check_writes(into, accept_all, yes_above)
    found = _documents(what, dateline, allow_private)
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    for note in notes(found):
        errors.print(f"note: {escape(note)}")
    reading = _read(found, into, endpoint, model)
    if into is not None:
        _write(into, reading, _accepted(reading, accept_all, yes_above), as_json)
    elif as_json:
        typer.echo(reading.model_dump_json(indent=1))
    else:
        _show(reading)


def _check_writes(into: Path | None, accept_all: bool, yes_above: float | None) -> None:
    if into is None and (accept_all or yes_above is not None):
        raise ValueError("--accept-all and --yes-above need --into FILE")


@reader.command("score")
def score_command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="tab-separated: marked_sentence, gold_root; or .json examples"
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """How well the reader tells event types, or from a .json file of examples, who did it to whom.

    Sentences on which the shipped model was trained are scored by cross-validation.
    """
    if file.suffix.lower() == ".json":
        _score_arguments(file, as_json)
        return
    from offramp.reader.marked import read_labelled
    from offramp.reader.scoring import score

    found = score(read_labelled(file))
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
        return
    table = Table("type", "sentences", "precision", "recall", "F1", box=None)
    for name, one in found.by_type.items():
        figures = (f"{value:.3f}" for value in (one.precision, one.recall, one.f1))
        table.add_row(escape(name), str(one.count), *figures)
    console = Console()
    console.print(table)
    console.print(f"macro F1 {found.macro_f1:.3f}, accuracy {found.accuracy:.3f}; {found.method}.")
    if found.left_out:
        console.print(f"{found.left_out} sentences left out: the model was trained on them.")


def _score_arguments(file: Path, as_json: bool) -> None:
    from offramp.reader.argument_scoring import read_examples, score_arguments

    found = score_arguments(read_examples(file))
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
        return
    typer.echo(
        f"{found.examples} examples: who to whom right in {found.both:.1%}, source in "
        f"{found.source:.1%}, target in {found.target:.1%}; of {found.complete} with both, "
        f"{found.both_complete:.1%}."
    )


def draft_from(
    what: str, name: str, directory: Path, dateline: str | None, allow_private: bool
) -> Path:
    """Write a draft crisis from reporting as ``<directory>/<name>.yaml`` and return its path.

    Raises:
        ValueError: the reporting cannot be read, tells of no two sides, or the file is there.
    """
    from offramp.crisis.as_of import load
    from offramp.crisis.json_schema import SCHEMA_FILE
    from offramp.crisis.template import check_id, write_new
    from offramp.reader.drafting import draft
    from offramp.reader.extracting import notes
    from offramp.reader.reading import ACCEPTED, read

    check_id(name)
    found = _documents(what, dateline, allow_private)
    for note in notes(found):
        typer.echo(f"note: {note}", err=True)
    terms = claimable_terms()
    reading = read(found, terms)
    accepted = [p for p in reading.proposals if p.confidence >= ACCEPTED]
    day = max(document.day for document in found)
    text = draft(name, reading, accepted, SCHEMA_FILE.as_uri(), day)
    load(text, f"{name}.yaml", None, terms)
    return write_new(name, text, directory)


def _documents(what: str, dateline: str | None, allow_private: bool) -> list[Document]:
    from offramp.reader.extracting import documents, of_bytes

    day: date | None = None if dateline is None else day_of(dateline, "--dateline")
    if "://" in what.split("?", maxsplit=1)[0]:
        from offramp.reader.fetching import fetch

        fetched = fetch(what, allow_private)
        return of_bytes(fetched.content, fetched.url, fetched.url, day, fetched.kind)
    return documents(Path(what), day)


def _read(found: list[Document], into: Path | None, endpoint: str | None, model: str) -> Reading:
    from offramp.crisis.as_of import read_crisis
    from offramp.reader.reading import read

    terms = claimable_terms()
    pairs: list[tuple[str, str]] = []
    if into is not None:
        crisis = read_crisis(into, None, terms)
        pairs = [pair for front in crisis.fronts for pair in front.pairs]
    if endpoint is not None:
        from offramp.reader.endpoint import read_by_endpoint

        return read_by_endpoint(found, endpoint, model, terms)
    return read(found, terms, pairs)


def _accepted(reading: Reading, accept_all: bool, yes_above: float | None) -> list[AnyProposal]:
    from offramp.cli.reviewing import review

    if accept_all:
        return list(reading.proposals)
    if yes_above is not None:
        return [one for one in reading.proposals if one.confidence > yes_above]
    return review(reading.proposals)


def _write(into: Path, reading: Reading, accepted: list[AnyProposal], as_json: bool) -> None:
    from offramp.reader.writing import write_into

    outcome = write_into(into, reading, accepted, claimable_terms())
    if as_json:
        left = [{"id": name, "reason": reason} for name, reason in outcome.left_out]
        typer.echo(json.dumps({"written": outcome.written, "left_out": left}, indent=1))
        return
    typer.echo(f"{into}: {len(outcome.written)} written, {len(outcome.left_out)} left out.")
    for name, reason in outcome.left_out:
        typer.echo(f"  {name}: {reason}")


def _show(reading: Reading) -> None:
    from offramp.reader.reviewing import summary, tones, when

    console = Console(highlight=False)
    table = Table("when", "conf.", "what", box=None, pad_edge=False)
    for one in reading.proposals:
        told = f"{escape(summary(one))}\n[dim]{escape(one.evidence[0].sentence)}[/dim]"
        for other in one.evidence[1:]:
            told += f"\n[dim]also: {escape(other.sentence)}[/dim]"
        table.add_row(when(one), f"{one.confidence:.2f}", told)
    if reading.proposals:
        console.print(table)
    new = [f"{one.name} ({one.id})" for one in reading.actors if one.new]
    if new:
        console.print(f"New, in none of the lists: {escape(', '.join(new))}.")
    if reading.tenor:
        console.rule("tone, from -1 conciliatory to 1 belligerent", align="left")
        for line in tones(reading.tenor):
            console.print(escape(line))
        console.print("The choice model has no term for tone: what it foretells is not estimated.")
    console.print(
        f"{counted(len(reading.proposals), 'proposal')} from "
        f"{counted(reading.sentences, 'sentence')}; nothing is written. --into FILE reviews them "
        "one by one."
    )
