"""Forecasts being computed: one at a time, first answers before finer ones, nobody's called off.

Whoever wants an answer follows its run. A run that nobody follows any more is called off, so
that a viewer who asks anew does not wait for what was asked before.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from offramp.board.computing import Task, Telling, ToldFutures, compute, find_futures
from offramp.board.keeping import Answers, key_of
from offramp.board.worker import CalledOffError, ComputationError, Function
from offramp.forecast.document import Forecast
from offramp.forecast.forecasting import Progress

FIRST_FUTURES, FIRST_DRAWS = 2_000, 200
"""Of the first answer, where more futures are asked for: most of its time goes to the draws."""


MOST_BYTES = 16 * 2**20
"""Of results kept that are no forecasts; an answer to levers has about 5,000."""


class Computing(Protocol):
    """What computes: a process, or a stand-in."""

    def compute(self, function: Function, argument: Any, progress: Progress) -> Any:
        """Return what a function makes of an argument; blocks."""

    def cancel(self) -> None:
        """Call off what is being computed."""

    def close(self) -> None:
        """Compute no more."""


@dataclass(frozen=True)
class Event:
    """What happened to a run.

    Attributes:
        kind: `progress`, `answer` (one is there, finer ones may follow), `done`, or `failed`.
        data: what is to be known of it.
    """

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Job:
    """Something to compute.

    Attributes:
        key: under which what comes of it is kept; it names all that decides it.
        function: of a module.
        argument: for it.
        stage: lower ones go first, and higher ones make way for them.
        towards: key of the finer one that it goes before; it is not needed once that is there.
    """

    key: str
    function: Function
    argument: Any
    stage: int = 0
    towards: str = ""

    def is_served_by(self, key: str) -> bool:
        """Whether it need not be computed where what comes of that key is there."""
        return key in (self.key, self.towards)


@dataclass(eq=False)
class Run:
    """A computation that somebody follows.

    Attributes:
        key: of what is asked.
        number: runs are numbered as they are asked for, and anew with each job that is done.
        jobs: what is left to compute, coarsest first.
        followers: queues of those who follow.
        last: what it said last.
    """

    key: str
    number: int
    jobs: list[Job]
    followers: list[asyncio.Queue[Event]] = field(default_factory=list)
    last: Event | None = None

    def tell(self, kind: str, **data: Any) -> None:
        """Tell all who follow."""
        self.last = Event(kind, data)
        for queue in self.followers:
            queue.put_nowait(self.last)

    @property
    def job(self) -> Job:
        """The job that is next."""
        return self.jobs[0]

    @property
    def rank(self) -> tuple[int, int]:
        """What comes first: coarse before fine, then what has waited longest."""
        return self.job.stage, self.number


class Runs:
    """All that is being computed or waits for it."""

    def __init__(self, computing: Callable[[], Computing], answers: Answers) -> None:
        """Compute with what *computing* makes, once it is needed, and keep answers."""
        self._make = computing
        self._computing: Computing | None = None
        self.answers = answers
        self._runs: dict[str, Run] = {}
        self._made: OrderedDict[str, bytes] = OrderedDict()
        """Pickled: an answer to levers is a seventh as large so."""
        self._weight = 0
        self._current: Job | None = None
        self._count = 0
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Compute what is asked for while this is open."""
        self._computing = await asyncio.to_thread(self._make)
        worker = asyncio.create_task(self._work())
        try:
            yield
        finally:
            worker.cancel()
            self._computing.close()
            with contextlib.suppress(asyncio.CancelledError):
                await worker

    def best(self, task: Task) -> Forecast | None:
        """Return the finest answer to a task that is there: its own, or with fewer futures."""
        for one in reversed(_steps(task)):
            found = self.answers.get(task.crisis.id, key_of(one))
            if found is not None:
                return found
        return None

    async def forecast(self, task: Task) -> Forecast:
        """Return the answer to a task, when it is there.

        Raises:
            ComputationError: it cannot be computed.
        """
        async for event in self.events(task):
            if event.kind == "failed":
                raise ComputationError(event.data["message"])
        found = self.answers.get(task.crisis.id, key_of(task))
        if found is None:
            raise ComputationError("the answer was not kept")
        return found

    async def events(self, task: Task, after: Sequence[Job] = ()) -> AsyncIterator[Event]:
        """Follow the run of a task, and of what comes after it, until all is done or has failed."""
        jobs = []
        if self.answers.get(task.crisis.id, key_of(task)) is None:
            jobs = [
                Job(key_of(one), compute, one, stage)
                for stage, one in enumerate(_steps(task))
                if self.answers.get(task.crisis.id, key_of(one)) is None
            ]
        jobs += [job for job in after if job.key not in self._made]
        if not jobs:
            yield Event("done", {"futures": task.futures})
            return
        async for event in self._run(jobs):
            yield event

    async def follow(self, jobs: Sequence[Job]) -> AsyncIterator[Event]:
        """Follow jobs, coarsest first, until the last is done or one has failed.

        Where what comes of the last is there, nothing is computed.
        """
        if jobs[-1].key in self._made:
            yield Event("done", {})
            return
        async for event in self._run([job for job in jobs if job.key not in self._made]):
            yield event

    async def ahead(self, key: str, jobs: Sequence[Job]) -> AsyncIterator[Event]:
        """Follow jobs that nobody waits for, one after the other, and how many of them are there.

        Args:
            key: of them together.
            jobs: none goes before another as its coarser one; the first goes first.
        """

        def counted() -> Event:
            done = sum(job.key in self._made for job in jobs)
            return Event("progress", {"step": "answered ahead", "done": done, "total": len(jobs)})

        yield counted()
        left = [job for job in jobs if job.key not in self._made]
        if not left:
            yield Event("done", {})
            return
        async for event in self._run(left, key):
            if event.kind in ("answer", "done"):
                yield counted()
            if event.kind in ("done", "failed"):
                yield event

    async def _run(self, jobs: list[Job], key: str = "") -> AsyncIterator[Event]:
        with self._followed(key or "+".join(job.key for job in jobs[-2:]), jobs) as queue:
            while True:
                event = await queue.get()
                yield event
                if event.kind in ("done", "failed"):
                    return

    def finest(self, jobs: Sequence[Job]) -> Any:
        """Return what came of the last of these jobs that is done; None if none is."""
        for job in reversed(jobs):
            if job.key in self._made:
                self._made.move_to_end(job.key)
                return pickle.loads(self._made[job.key])
        return None

    async def made(self, *jobs: Job) -> Any:
        """Return what comes of the last of these jobs, when it is there.

        Raises:
            ComputationError: it cannot be computed.
        """
        async for event in self.follow(jobs):
            if event.kind == "failed":
                raise ComputationError(event.data["message"])
        return self.finest(jobs)

    async def told(self, telling: Telling) -> ToldFutures:
        """Return futures told day by day, when they are there.

        Raises:
            ComputationError: they cannot be computed.
        """
        crisis = key_of(Task(telling.crisis, 0, telling.seed, telling.settings))
        key = f"{crisis}/{telling.front}/{telling.level}/{telling.day}"
        found: ToldFutures = await self.made(Job(key, find_futures, telling))
        return found

    @contextmanager
    def _followed(self, key: str, jobs: list[Job]) -> Iterator[asyncio.Queue[Event]]:
        run = self._runs.get(key)
        if run is None:
            self._count += 1
            run = self._runs[key] = Run(key, self._count, jobs)
        queue: asyncio.Queue[Event] = asyncio.Queue()
        if run.last is not None:
            queue.put_nowait(run.last)
        run.followers.append(queue)
        self._make_way()
        self._wake.set()
        try:
            yield queue
        finally:
            run.followers.remove(queue)
            if not run.followers:
                self._leave(run)
                self._make_way()

    def _leave(self, run: Run) -> None:
        """Forget a run; another may have its key by now."""
        if self._runs.get(run.key) is run:
            del self._runs[run.key]

    def _make_way(self) -> None:
        """Call off the job in hand, where nobody waits for it any more or a coarser one waits."""
        job = self._current
        if job is None or self._computing is None:
            return
        runs = list(self._runs.values())
        others = [one for one in runs if not one.job.is_served_by(job.key)]
        if len(others) == len(runs) or any(one.job.stage < job.stage for one in others):
            self._computing.cancel()

    def _tell_of(self, job: Job, **data: Any) -> None:
        """Tell all who wait for the job in hand how far it is."""
        for run in list(self._runs.values()):
            if run.job.is_served_by(job.key):
                run.tell("progress", **data)

    async def _work(self) -> None:
        while True:
            if not self._runs:
                self._wake.clear()
                await self._wake.wait()
            run = min(self._runs.values(), key=lambda one: one.rank)
            if run.job.key in self._made or run.job.towards in self._made:
                self._go_on(run)
                continue
            self._current = run.job
            try:
                await self._step(run)
            finally:
                self._current = None

    async def _step(self, run: Run) -> None:
        loop = asyncio.get_running_loop()
        job = run.job

        def progress(step: str, done: int, total: int) -> None:
            self._make_way()
            loop.call_soon_threadsafe(lambda: self._tell_of(job, step=step, done=done, total=total))

        assert self._computing is not None
        try:
            made = await asyncio.to_thread(
                self._computing.compute, job.function, job.argument, progress
            )
        except CalledOffError:
            return  # it starts again where somebody still follows it
        except ComputationError as error:
            self._leave(run)
            run.tell("failed", message=str(error))
            return
        await self._keep(job, made)
        self._go_on(run)

    def _go_on(self, run: Run) -> None:
        """Turn to the next job of a run, what comes of this one being there."""
        if len(run.jobs) == 1:
            self._leave(run)
            run.tell("done")
        else:
            run.jobs.pop(0)
            self._count += 1
            run.number = self._count
            run.tell("answer")

    async def _keep(self, job: Job, made: Any) -> None:
        if isinstance(made, Forecast):
            await asyncio.to_thread(self.answers.put, job.key, made)
            return
        self._weight -= len(self._made.pop(job.key, b""))
        self._made[job.key] = packed = pickle.dumps(made)
        self._weight += len(packed)
        while self._weight > MOST_BYTES and len(self._made) > 1:
            self._weight -= len(self._made.popitem(last=False)[1])


def _steps(task: Task) -> list[Task]:
    """Return what is computed for a task: a coarse answer first, where it asks for a fine one."""
    if task.futures <= 2 * FIRST_FUTURES:
        return [task]
    return [replace(task, futures=FIRST_FUTURES, draws=FIRST_DRAWS), task]
