"""Answered questions as a page in the terminal.

As in the brief, text is only ever put in as `rich.text.Text`, and made inert first.
"""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from offramp.brief import phrases
from offramp.brief.inert import inert_text
from offramp.brief.terminal import BAR_LEGEND, PAGE_WIDTH, answer_rows
from offramp.forecast.asking.document import AnsweredQuestion, Asked, Condition, Resolved
from offramp.forecast.document import Answer
from offramp.forecast.words import day, number


def asked_page(asked: Asked) -> RenderableType:
    """Return the page, to be printed on a rich console of 80 columns or more."""
    facts = f"as of {day(asked.as_of)} · {asked.futures:,} futures, seed {asked.seed}"
    parts: list[RenderableType] = [
        _line(asked.title, "bold"),
        _line(facts, "dim"),
        _line(BAR_LEGEND, "dim"),
    ]
    for question in asked.questions:
        parts += [Text(), *_question(question)]
    rules = dict.fromkeys(rule for question in asked.questions for rule in question.rules)
    parts += [Text(), *(_line(rule, "dim") for rule in rules)]
    if asked.overflowed:
        parts.append(_line(f"{asked.overflowed} futures had more acts than are kept.", "dim"))
    return Constrain(Group(*parts), PAGE_WIDTH)


def _line(text: str, style: str = "") -> Text:
    return Text(inert_text(text), style)


def _question(question: AnsweredQuestion) -> list[RenderableType]:
    answer, condition = question.answer, question.condition
    rows = [("", _line(_uncertainty(answer), "dim"))] if _uncertainty(answer) else []
    if condition is not None:
        rows.append(("given", _line(_condition(condition))))
    rows.append(("resolves", _line(question.criteria)))
    rows += [("closes", _line(f"{day(question.closes)}. {question.annulment}"))]
    rows += [("mind", _line(one, "yellow")) for one in question.notes]
    rows += [("futures", _line(_examples(question)))] if question.examples else []
    if question.resolution is not None:
        rows.append(("outcome", _line(resolution_line(question.resolution), "bold")))
    table = Table.grid(padding=(0, 2))
    last = ""
    for name, text in rows:
        table.add_row(Text("" if name == last else name, "dim"), text)
        last = name
    return [
        _line(question.reads, "bold"),
        answer_rows(answer),
        Padding(table, (0, 0, 0, 4)),
    ]


def _uncertainty(answer: Answer) -> str:
    parts = []
    if not answer.quantiles and not answer.settled:
        parts.append(f"Monte Carlo error {phrases.monte_carlo(answer)}")
    if answer.base_rate is not None:
        parts.append(f"base rate {phrases.base_rate(answer)}")
    return "; ".join(parts)


def _condition(condition: Condition) -> str:
    share = condition.futures_left / condition.futures
    return (
        f"{condition.given}: in {condition.futures_left:,} of {condition.futures:,} futures "
        f"({100 * share:.3g} %), over {condition.draws_left:,} draws. Conditioning: what to expect "
        "on learning that this is so, not what making it so would do. Unconditionally: "
        f"{condition.unconditional.words}."
    )


def _examples(question: AnsweredQuestion) -> str:
    assert question.examples is not None
    found = {"true": question.examples.true, "false": question.examples.false}
    return "; ".join(
        f"{name} in {', '.join(map(str, numbers))}" for name, numbers in found.items() if numbers
    )


def resolution_line(resolution: Resolved) -> str:
    """Return how a question came out, and why."""
    if resolution.status != "resolved":
        return f"{resolution.status}: {resolution.reason}"
    value = resolution.value
    if isinstance(value, bool):
        said = "yes" if value else "no"
    else:
        said = number(value) if isinstance(value, int) else str(value)
    by = f" [{', '.join(resolution.decided_by)}]" if resolution.decided_by else ""
    return f"{said}: {resolution.reason}{by}"
