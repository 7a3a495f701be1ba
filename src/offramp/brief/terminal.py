"""The brief as a page in the terminal, 80 to 120 columns wide, read in a minute.

Text is only ever put in as `rich.text.Text`, so that nothing in a crisis file is taken for
markup.
"""

from __future__ import annotations

from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from offramp.brief import phrases
from offramp.brief.inert import inert
from offramp.forecast.document import Answer, ClaimNote, Curve, Forecast, NextMove, RaidCheck
from offramp.forecast.words import day, likelihood, number, percent, share, short_day

PAGE_WIDTH = 110
BAR_CELLS = 25


def terminal_page(forecast: Forecast) -> RenderableType:
    """Return the page, to be printed on a rich console of 80 columns or more."""
    forecast = inert(forecast)
    parts: list[RenderableType] = [_head(forecast)]
    if forecast.bottom_line:
        parts += [_heading("Bottom line"), *(_bullet(line) for line in forecast.bottom_line)]
    if forecast.answers:
        parts += [_heading("The questions", BAR_LEGEND), _answers(forecast)]
    if forecast.next_moves:
        parts += [_heading("Next moves", "% within 7/30 days"), _moves(forecast.next_moves)]
    if forecast.spillover:
        parts += [_heading("Fronts"), _fronts(forecast)]
    if forecast.analogues:
        parts += [
            _heading("The nearest past decisions", _analogues_note(forecast)),
            *_analogues(forecast),
        ]
    parts += [_heading("What it rests on"), *_grounds(forecast)]
    return Constrain(Group(*parts), PAGE_WIDTH)


def terminal_text(forecast: Forecast, width: int = 100) -> str:
    """Return the page as plain text without colours, at most *width* columns wide."""
    stream = StringIO()
    console = Console(file=stream, width=width, color_system=None, force_terminal=False)
    console.print(terminal_page(forecast))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


BAR_LEGEND = "● estimate  ━ 90 % interval  ◇ base rate  on 0 to 100 %"


def _heading(title: str, note: str = "") -> Text:
    line = Text.assemble("\n", (title, "bold"))
    return line.append(f"  {note}", "dim") if note else line


def _bullet(line: str) -> RenderableType:
    row = Table.grid(padding=(0, 1))
    row.add_row(Text("  •"), Text(line))
    return row


def _head(forecast: Forecast) -> Text:
    facts = (
        f"as of {day(forecast.as_of)} · {forecast.horizon_days} days ahead · "
        f"{forecast.futures:,} futures"
    )
    return Text.assemble((forecast.title, "bold"), "\n", (facts, "dim"))


def _answers(forecast: Forecast) -> RenderableType:
    shown = phrases.headline_answers(forecast)
    parts: list[RenderableType] = [_answer(answer) for answer in shown]
    others = len(forecast.answers) - len(shown)
    if others:
        more = f"  {others} more in --out brief.html, brief.md or brief.json"
        parts.append(Text(more, "dim"))
    return Group(*parts)


def _answer(answer: Answer) -> RenderableType:
    text = Text(answer.text).append(f"  to {short_day(answer.closes)}", "dim")
    return Group(Padding(text, (0, 0, 0, 2)), answer_rows(answer))


def answer_rows(answer: Answer) -> RenderableType:
    """Return what an answer says, without its question."""
    rows = Table.grid(padding=(0, 2))
    if answer.probability is not None and not answer.settled:
        rows.add_column(min_width=BAR_CELLS + 2)  # a bar is not cut off, however long the rest
    if answer.settled or answer.probability is None:
        rows.add_row(Text(answer.words, "bold"), Text("already settled" if answer.settled else ""))
    else:
        rows.add_row(
            bar(answer),
            Text(f"{percent(answer.probability):>5}", "bold"),
            Text(likelihood(answer.probability)),
            Text(_aside(answer), "dim"),
        )
    for row in _distribution(answer):
        rows.add_row(row)
    return Padding(rows, (0, 0, 0, 4))


def _aside(answer: Answer) -> str:
    parts = [phrases.credible(answer)]
    if answer.base_rate is not None:
        parts.append(f"base rate {percent(answer.base_rate.rate)}")
    return ", ".join(part for part in parts if part)


def _distribution(answer: Answer) -> list[Text]:
    """Return the further row of an answer that is not a single probability."""
    if answer.categories:
        chances = sorted(phrases.categories(answer), key=lambda row: -row[1])
        parts = [f"{name} {percent(chance)}" for name, chance, _ in chances]
    else:
        parts = [f"{level}: {value}" for level, value in phrases.quantiles(answer)]
    return [Text(" · ".join(parts), "dim")] if parts else []


def bar(answer: Answer) -> Text:
    """Return a bar of `BAR_CELLS` cells for 0 to 100 %: interval, base rate and estimate."""
    cells = [("─", "dim")] * BAR_CELLS
    if answer.interval is not None:
        low, high = (_cell(bound) for bound in answer.interval)
        cells[low : high + 1] = [("━", "cyan")] * (high + 1 - low)
    if answer.base_rate is not None:
        cells[_cell(answer.base_rate.rate)] = ("◇", "yellow")
    if answer.probability is not None:
        cells[_cell(answer.probability)] = ("●", "bold cyan")
    return Text.assemble("├", *cells, "┤")


def _cell(probability: float) -> int:
    return min(int(probability * BAR_CELLS), BAR_CELLS - 1)


def _table(*titles: str) -> Table:
    """Return a table without lines: names on the left, narrow columns of figures beside them."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column()
    for title in titles:
        table.add_column(Text(title), justify="right", max_width=16, overflow="fold")
    return table


def _moves(moves: list[NextMove]) -> RenderableType:
    names = phrases.curve_names(moves)
    table = _table(*(name.replace(" ", "\n") for name in names), "quiet\n30 days")
    for move in moves:
        curves = {curve.name: curve for curve in move.curves}
        cells = [Text(_by_week_and_month(curves.get(name))) for name in names]
        who = Text(phrases.dyad(move.actor, move.target)).append(f", {move.front}", "dim")
        table.add_row(who, *cells, Text(_bare(move.quiet)))
    return table


def _by_week_and_month(curve: Curve | None) -> str:
    chances = [None if curve is None else phrases.chance_by(curve, day) for day in (7, 30)]
    return "/".join(_bare(chance) for chance in chances)


def _bare(probability: float | None) -> str:
    return "–" if probability is None else percent(probability).removesuffix(" %")


def _fronts(forecast: Forecast) -> RenderableType:
    war = f"at war by\nday {forecast.horizon_days}"
    table = _table("attacks\na week", "times that\nin 30 days", war, "stops by\nday 90")
    for front in forecast.spillover:
        table.add_row(
            Text(front.name).append(f", {front.status}", "dim"),
            Text(number(7 * front.tempo_now) if front.tempo_now else "–"),
            Text(phrases.ratio(front.tempo_change) if front.tempo_change else "–"),
            Text(phrases.war(front)),
            Text("–" if front.ends is None else percent(front.ends)),
        )
    return table


def _analogues_note(forecast: Forecast) -> str:
    shipped = forecast.analogues[0].source == "shipped"
    source = "cases that ship, no history was added" if shipped else "cases of the history added"
    return f"force within 7/30 days; {source}"


def _analogues(forecast: Forecast) -> list[RenderableType]:
    """Return the shares of each decision, and the cases of the first."""
    rows = Table(box=None, padding=(0, 1), show_header=False)
    for case in forecast.analogues[0].nearest:
        who, when, received, done = phrases.analogue(case)
        rows.add_row(Text(who), Text(when, "dim"), Text(received, "dim"), Text(done))
    lines = [
        Text(f"  {phrases.dyad(note.actor, note.target)}: ")
        .append(f"{share(note.force_within_7)}/{share(note.force_within_30)}", "bold")
        .append(f" after {phrases.awaited(note)}", "dim")
        for note in forecast.analogues
    ]
    return [lines[0], Padding(rows, (0, 0, 0, 3)), *lines[1:]]


def _claim(claim: ClaimNote, posterior: float) -> str:
    """Return who claims what of a term, how far it is supported, and what hangs on it most."""
    line = f"{claim.by} on {claim.term}: holds with {percent(posterior)}"
    most = phrases.strongest(claim)
    if most is None or most.holds is None or most.fails is None:
        return f"{line}."
    return f"{line}; {most.question} {percent(most.holds)} if so, {percent(most.fails)} if not."


def _grounds(forecast: Forecast) -> list[RenderableType]:
    weights = forecast.weights
    lines = [
        f"{phrases.whose_weights(weights)} fitted on "
        f"{', '.join(weights.datasets) or 'no data set'}, to {weights.edition}: "
        f"{weights.records:,} records, {weights.acts:,} acts.",
        phrases.draws_note(forecast),
    ]
    if forecast.elicited:
        lines.append(f"{len(forecast.elicited)} terms are elicited priors, not estimates.")
    lines += [_raid(raid) for raid in forecast.raids]
    lines += [
        _claim(claim, claim.posterior) for claim in forecast.claims if claim.posterior is not None
    ]
    lines += [
        f"Last fact, {short_day(fact.day)}: {fact.text}{' (disputed)' if fact.disputed else ''}"
        for fact in forecast.latest_facts[-1:]
    ]
    lines.append(f"Again: {phrases.command_line(forecast)}")
    return [_bullet(line) for line in lines]


def _raid(raid: RaidCheck) -> str:
    return (
        f"{raid.text}: {share(raid.claimed_share)} stopped, by the defenders' claim; "
        f"expected before it was told {phrases.middle(raid.predicted)}."
    )
