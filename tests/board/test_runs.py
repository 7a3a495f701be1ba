"""Runs: one at a time, coarse before fine, called off when nobody follows, kept when done."""

from __future__ import annotations

import asyncio
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from offramp.board import runs as runs_module
from offramp.board.computing import Task, compute
from offramp.board.keeping import Answers, key_of
from offramp.board.runs import FIRST_FUTURES, Event, Job, Runs
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


def test_who_comes_as_a_run_ends_that_nobody_followed_is_told_all_the_same(
    crisis: Crisis, sample: Forecast, tmp_path: Path
) -> None:
    begun, end = threading.Event(), threading.Event()

    def made(task: Task) -> Forecast:
        """Heeds no cancelling, as the last steps of a computation."""
        begun.set()
        end.wait(10)
        return sample

    async def work(runs: Runs) -> str:
        first = asyncio.create_task(kinds(runs, Task(crisis, 500, 1)))
        await asyncio.to_thread(begun.wait, 5)
        first.cancel()
        second = asyncio.create_task(kinds(runs, Task(crisis, 500, 1)))
        await asyncio.sleep(0.05)
        end.set()
        return (await second)[-1].kind

    assert carried_out(Desk(made), tmp_path, work) == "done"


# --- Ahead of who asks


def job(name: str, stage: int = 3, towards: str = "") -> Job:
    return Job(name, compute, name, stage, towards)


THREE = [job("a"), job("b"), job("c")]


@pytest.fixture
def maker() -> Desk:
    return Desk(lambda name: f"made of {name}")


async def told_ahead(runs: Runs) -> list[tuple[str, Any]]:
    found = [event async for event in runs.ahead("here", THREE)]
    assert {event.data["total"] for event in found[:-1]} == {3}
    return [(event.kind, event.data.get("done")) for event in found]


async def in_hand(desk: Desk, runs: Runs) -> asyncio.Task[Any]:
    """Begin to answer ahead, and hold the first back."""
    desk.gate.clear()
    following = asyncio.create_task(told_ahead(runs))
    await asyncio.to_thread(desk.begun.wait, 5)
    return following


def test_what_nobody_asks_for_is_computed_in_turn_and_counted(maker: Desk, tmp_path: Path) -> None:
    told = carried_out(maker, tmp_path, told_ahead)
    assert told == [*(("progress", count) for count in (0, 1, 2, 3)), ("done", None)]
    assert maker.done == ["a", "b", "c"]


def test_what_is_made_is_left_out_and_then_asked_for_is_there(maker: Desk, tmp_path: Path) -> None:
    async def work(runs: Runs) -> list[Any]:
        await runs.made(job("b", 0))
        told = await told_ahead(runs)
        again = await told_ahead(runs)
        return [told, again, await runs.made(job("few", 0, "c"), job("c", 1))]

    told, again, asked = carried_out(maker, tmp_path, work)
    assert told[0] == ("progress", 1)
    assert again == [("progress", 3), ("done", None)]
    assert asked == "made of c"
    assert maker.done == ["b", "a", "c"]


def test_what_is_asked_for_goes_first_and_then_all_goes_on(maker: Desk, tmp_path: Path) -> None:
    async def work(runs: Runs) -> list[Any]:
        following = await in_hand(maker, runs)
        asked = asyncio.create_task(runs.made(job("b", 2)))
        await asyncio.sleep(0.05)
        maker.gate.set()
        return [await asked, await following]

    asked, told = carried_out(maker, tmp_path, work)
    assert asked == "made of b"
    assert maker.done == ["b", "a", "c"]
    assert maker.called_off
    assert told[-2:] == [("progress", 3), ("done", None)]


def test_two_who_follow_what_is_ahead_take_turns(maker: Desk, tmp_path: Path) -> None:
    async def there(runs: Runs) -> None:
        async for _ in runs.ahead("there", [job("x"), job("y")]):
            pass

    async def work(runs: Runs) -> None:
        here = await in_hand(maker, runs)
        other = asyncio.create_task(there(runs))
        await asyncio.sleep(0.05)
        maker.gate.set()
        await asyncio.gather(here, other)

    carried_out(maker, tmp_path, work)
    assert maker.done == ["a", "x", "b", "y", "c"]


def test_nothing_is_answered_ahead_that_nobody_follows(maker: Desk, tmp_path: Path) -> None:
    async def work(runs: Runs) -> None:
        following = await in_hand(maker, runs)
        following.cancel()
        await asyncio.sleep(0.05)
        assert maker.called_off
        maker.gate.set()
        await asyncio.sleep(0.05)

    carried_out(maker, tmp_path, work)
    assert maker.done == []


@pytest.mark.parametrize("left", [True, False])
def test_what_is_in_hand_and_then_asked_for_is_not_begun_again(
    maker: Desk, left: bool, tmp_path: Path
) -> None:
    async def followed(runs: Runs) -> list[str]:
        return [one.kind async for one in runs.follow([job("few", 0, "a"), job("a", 1)])]

    async def work(runs: Runs) -> list[str]:
        following = await in_hand(maker, runs)
        asked = asyncio.create_task(followed(runs))
        await asyncio.sleep(0.05)
        if left:
            following.cancel()
            await asyncio.sleep(0.05)
        maker.gate.set()
        if not left:
            await following
        return await asked

    found = carried_out(maker, tmp_path, work)
    assert maker.called_off == 0
    assert maker.done == (["a"] if left else ["a", "b", "c"])
    assert found[0] == "progress"
    assert found[-1] == "done"


def test_a_third_who_asks_for_something_else_need_not_wait_for_it(
    maker: Desk, tmp_path: Path
) -> None:
    async def work(runs: Runs) -> None:
        following = await in_hand(maker, runs)
        asked = asyncio.create_task(runs.made(job("few", 0, "a"), job("a", 1)))
        await asyncio.sleep(0.05)
        assert maker.called_off == 0
        other = asyncio.create_task(runs.made(job("other", 0)))
        await asyncio.sleep(0.05)
        maker.gate.set()
        await asyncio.gather(asked, other, following)

    carried_out(maker, tmp_path, work)
    assert maker.called_off
    assert maker.done == ["few", "other", "a", "b", "c"]


def test_what_is_kept_is_bounded_by_its_weight(
    maker: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = len(pickle.dumps("made of a"))
    monkeypatch.setattr(runs_module, "MOST_BYTES", 2 * weight + 1)

    async def work(runs: Runs) -> list[Any]:
        await runs.made(job("a"))
        await runs.made(job("b"))
        assert runs.finest([job("a")])  # looked at, it outlives the other
        await runs.made(job("c"))
        return [runs.finest([one]) for one in THREE]

    assert carried_out(maker, tmp_path, work) == ["made of a", None, "made of c"]


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
