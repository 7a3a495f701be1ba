"""Runs: one at a time, coarse before fine, called off when nobody follows, kept when done."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from offramp.board.computing import Task, compute
from offramp.board.keeping import Answers, key_of
from offramp.board.runs import FIRST_FUTURES, Event, Runs
from offramp.board.worker import CalledOffError, ComputationError, Worker
from offramp.choice.terms import claimable_terms
from offramp.crisis.as_of import read_crisis
from offramp.crisis.schema import Crisis
from offramp.forecast import forecast
from offramp.forecast.document import Forecast


@pytest.fixture(scope="module")
def crisis() -> Crisis:
    return read_crisis("hanish-1995", None, claimable_terms())


@pytest.fixture(scope="module")
def sample(crisis: Crisis) -> Forecast:
    return forecast(crisis, 100, 1, draws=50)


@pytest.fixture
def desk(sample: Forecast) -> Desk:
    return Desk(lambda task: sample.model_copy(update={"futures": task.futures, "seed": task.seed}))


def carried_out(desk: Desk, folder: Path, work: Any) -> Any:
    async def whole() -> Any:
        runs = Runs(lambda: desk, Answers(folder))
        async with runs.working():
            return await asyncio.wait_for(work(runs), 20)

    return asyncio.run(whole())


async def kinds(runs: Runs, task: Task) -> list[Event]:
    return [event async for event in runs.events(task)]


def test_a_coarse_answer_comes_first(desk: Desk, crisis: Crisis, tmp_path: Path) -> None:
    async def work(runs: Runs) -> list[Event]:
        return await kinds(runs, Task(crisis, 20_000, 1))

    events = carried_out(desk, tmp_path, work)
    assert [one.kind for one in events if one.kind != "progress"] == ["answer", "done"]
    assert [task.futures for task in desk.done] == [FIRST_FUTURES, 20_000]


def test_an_answer_is_computed_once_and_outlives_the_board(
    desk: Desk, crisis: Crisis, tmp_path: Path
) -> None:
    task = Task(crisis, 500, 1)

    async def work(runs: Runs) -> Forecast:
        both = await asyncio.gather(runs.forecast(task), runs.forecast(task))
        assert both[0] == both[1]
        return both[0]

    made = carried_out(desk, tmp_path, work)
    assert len(desk.done) == 1
    again = Answers(tmp_path)
    assert again.get(crisis.id, key_of(task)) == made
    assert again.latest(crisis.id) == made


def test_what_nobody_follows_is_called_off(desk: Desk, crisis: Crisis, tmp_path: Path) -> None:
    desk.gate.clear()

    async def work(runs: Runs) -> Forecast:
        first = asyncio.create_task(runs.forecast(Task(crisis, 600, 1)))
        await asyncio.to_thread(desk.begun.wait, 5)
        first.cancel()
        second = asyncio.create_task(runs.forecast(Task(crisis, 700, 1)))
        await asyncio.sleep(0.1)
        desk.gate.set()
        return await second

    assert carried_out(desk, tmp_path, work).futures == 700
    assert [task.futures for task in desk.done] == [700]
    assert desk.called_off


def test_a_coarse_answer_goes_before_a_fine_one(desk: Desk, crisis: Crisis, tmp_path: Path) -> None:
    fine, other = Task(crisis, 20_000, 1), Task(crisis, 20_000, 2)

    async def work(runs: Runs) -> None:
        first = asyncio.create_task(kinds(runs, fine))
        while len(desk.done) < 1:
            await asyncio.sleep(0.001)
        desk.gate.clear()
        second = asyncio.create_task(kinds(runs, other))
        await asyncio.sleep(0.2)
        desk.gate.set()
        await asyncio.gather(first, second)

    carried_out(desk, tmp_path, work)
    assert [(task.seed, task.futures) for task in desk.done][:2] == [
        (1, FIRST_FUTURES),
        (2, FIRST_FUTURES),
    ]
    assert sorted((task.seed, task.futures) for task in desk.done[2:]) == [(1, 20_000), (2, 20_000)]


def test_an_error_is_told_and_the_next_run_goes_on(crisis: Crisis, tmp_path: Path) -> None:
    def made(task: Task) -> Forecast:
        raise ValueError("no such thing")

    async def work(runs: Runs) -> None:
        for _ in range(2):
            with pytest.raises(ComputationError, match="no such thing"):
                await runs.forecast(Task(crisis, 500, 1))

    carried_out(Desk(made), tmp_path, work)


def test_a_broken_file_of_an_answer_is_no_answer(
    crisis: Crisis, sample: Forecast, tmp_path: Path
) -> None:
    task = Task(crisis, 100, 1)
    Answers(tmp_path).put(key_of(task), sample)
    (file,) = tmp_path.rglob("*.json")
    file.write_text(file.read_text(encoding="utf-8")[:100], encoding="utf-8")
    assert Answers(tmp_path).get(crisis.id, key_of(task)) is None
    assert Answers(tmp_path).latest(crisis.id) is None


def test_all_that_decides_an_answer_is_in_its_key(crisis: Crisis) -> None:
    later = crisis.model_copy(update={"timeline": crisis.timeline[:-1]})
    tasks = [
        Task(crisis, 100, 1),
        Task(crisis, 200, 1),
        Task(crisis, 100, 2),
        Task(crisis, 100, 1, ("warning=true",)),
        Task(crisis, 100, 1, (), 50),
        Task(later, 100, 1),
    ]
    assert len({key_of(task) for task in tasks}) == len(tasks)


def test_the_process_computes_is_called_off_and_survives_its_death(crisis: Crisis) -> None:
    worker = Worker()
    try:
        steps: list[str] = []
        task = Task(crisis, 600, 1, draws=50)
        made = worker.compute(compute, task, lambda step, done, total: steps.append(step))
        assert made == compute(task, lambda *_: None)
        assert "simulating futures" in steps
        long = Task(crisis, 60_000, 1, draws=50)
        with pytest.raises(CalledOffError):
            worker.compute(compute, long, lambda *_: worker.cancel())
        with pytest.raises(ComputationError, match="stopped"):
            worker.compute(
                compute, Task(crisis, 60_000, 1, draws=50), lambda *_: worker._process.kill()
            )
        assert worker.compute(compute, task, lambda *_: None) == made
    finally:
        worker.close()
