"""Conditional answers against brute-force filtering of ten million futures, one by one.

    python benchmarks/conditional.py --futures 10000000 --kept chunks.jsonl --out FILE.json

Simulates futures of a crisis in chunks of 20,000. In each, where the condition holds and where the
question comes true is read from arrays, as `offramp ask` does, and by compiled loops that walk
through each future (futures_walked.py). The loops are held against the plain reading of the tests
(tests/forecast/walking.py) on the first futures. Ends with code 1 where two differ in one future.

Each chunk is also a forecast of its own: how often the share among all futures lies within the
error that an answer from 20,000 states, is counted. So is the answer from other futures of the
same posterior draws, asked as the command asks. What each chunk came to is kept in a file as soon
as it is known; a run that was ended goes on from there.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "engine"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "forecast"))

import numpy as np
import numpy.typing as npt
from futures_walked import QUESTIONS, WEEK, walk
from walking import stories, true

from offramp.choice.editions import edition_for
from offramp.cli.progress import progress
from offramp.crisis.as_of import content_hash, read_crisis
from offramp.crisis.schema import Crisis
from offramp.engine.ensemble import Futures, keep, run
from offramp.forecast.asking import parse
from offramp.forecast.asking.asking import Asking, Put
from offramp.forecast.asking.language import Sentence, Whether, windows
from offramp.forecast.conditioned import MODEL, sources_hash
from offramp.forecast.forecasting import Simulated, simulate_crisis
from offramp.forecast.uncertainty import monte_carlo_error
from offramp.storing import write_whole

CRISIS = "israel-iran-2024-04"
CHUNK = 20_000
OF_90_PERCENT = 1.645
"""So many standard errors on either side hold the truth nine times in ten."""

Truths = npt.NDArray[np.bool_]
Chunk = dict[str, Any]
"""What the futures of a chunk came to, by question: how many the condition left, in how many of
these the answer is yes, the error stated, in how many futures the two readings differ."""


@dataclass(frozen=True)
class Bench:
    """A crisis, conditioned, and the questions asked of it."""

    crisis: Crisis
    conditioned: Simulated
    sentences: list[Sentence]
    seed: int

    @property
    def horizon(self) -> int:
        """Days to the end of the week in which the last question closes."""
        as_of = self.crisis.as_of
        closes = [one.closes(as_of) for sentence in self.sentences for one in windows(sentence)]
        return WEEK * -(-(max(closes) - as_of).days // WEEK)

    def simulated(self, first: int, count: int, seed: int, horizon: int) -> Simulated:
        """Simulate futures of the same posterior draws."""
        prior, posterior = self.conditioned.prior, self.conditioned.posterior
        futures = run(prior.compiled, posterior, count, seed, horizon, first=first)
        return Simulated(prior, posterior, futures)

    def asking(self, simulated: Simulated) -> Asking:
        """Return what answers questions from futures."""
        return Asking(simulated, edition_for(self.crisis.as_of))

    def chunk(self, first: int, count: int) -> Chunk:
        """Return what some futures come to, and how long each step took, in seconds."""
        clock = [time.perf_counter()]
        simulated = self.simulated(first, count, self.seed, self.horizon)
        clock.append(time.perf_counter())
        asking = self.asking(simulated)
        arrays = [by_arrays(asking, sentence) for sentence in self.sentences]
        clock.append(time.perf_counter())
        walked = walk(simulated.futures)
        clock.append(time.perf_counter())
        differ = [
            int((held != by_hand[0]).sum() + (yes != by_hand[0] & by_hand[1]).sum())
            for (held, yes, _), by_hand in zip(arrays, walked, strict=True)
        ]
        return {
            "first": first,
            "count": count,
            "left": [int(held.sum()) for held, _, _ in arrays],
            "yes": [int(yes.sum()) for _, yes, _ in arrays],
            "left_by_loops": [int(held.sum()) for held, _ in walked],
            "yes_by_loops": [int((held & yes).sum()) for held, yes in walked],
            "error": [error for _, _, error in arrays],
            "differ": differ,
            "overflowed": simulated.futures.overflowed,
            "seconds": np.diff(clock).round(3).tolist(),
        }

    def answers(self) -> list[dict[str, float]]:
        """Answer from other futures as `offramp ask` does, over the crisis's whole horizon."""
        whole = self.conditioned.futures.horizon
        asking = self.asking(self.simulated(0, CHUNK, self.seed + 1, whole))
        found = []
        for question, sentence in zip(QUESTIONS, self.sentences, strict=True):
            asked = asking.answer(Put(question, sentence), "asked")
            assert asked.condition is not None
            assert asked.answer.probability is not None
            found.append(
                {
                    "futures": asked.condition.futures,
                    "left": asked.condition.futures_left,
                    "probability": asked.answer.probability,
                    "monte_carlo_error": asked.answer.monte_carlo_error,
                }
            )
        return found

    def plainly(self, count: int) -> int:
        """Return how many readings of the first futures differ in compiled and plain loops."""
        futures = self.simulated(0, count, self.seed, self.horizon).futures
        plain = np.array(
            [
                [
                    (true(story, one.given), true(story, one.asked.statement))
                    for one in self.sentences
                    if isinstance(one.asked, Whether)
                ]
                for story in stories(futures)
            ]
        )
        return int((walk(futures) != plain.transpose(1, 2, 0)).any(axis=1).sum())


def by_arrays(asking: Asking, sentence: Sentence) -> tuple[Truths, Truths, float]:
    """Return where a condition holds, where the answer is yes besides, and the error stated."""
    assert isinstance(sentence.asked, Whether)
    assert sentence.given is not None
    futures: Futures = asking.simulated.futures
    held = asking.truths(futures, sentence.given)
    yes = np.zeros(futures.count, np.bool_)
    if not held.any():
        return held, yes, 0.0
    left = keep(futures, held)
    outcome = asking.truths(left, sentence.asked.statement)
    yes[held] = outcome
    return held, yes, monte_carlo_error(left, outcome.astype(np.float64))


def prepared(seed: int) -> Bench:
    crisis = read_crisis(CRISIS)
    sentences = [parse(question, crisis) for question in QUESTIONS]
    return Bench(crisis, simulate_crisis(crisis, 100, seed), sentences, seed)


def heading(bench: Bench) -> Chunk:
    """Return what decides the futures; chunks of a run with another do not count."""
    return {
        "crisis": content_hash(bench.crisis),
        "model": sources_hash(MODEL),
        "seed": bench.seed,
        "horizon": bench.horizon,
        "questions": list(QUESTIONS),
    }


def kept_chunks(path: Path, own: Chunk) -> list[Chunk]:
    """Return the chunks that a file keeps; begin it if there is none.

    Raises:
        ValueError: it keeps those of another model, crisis, seed or other questions.
    """
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    whole = [line for line in lines if line.endswith(b"\n")]  # the last may have been cut off
    found: list[Chunk] = [json.loads(line) for line in whole]
    if found and found[0] != own:
        raise ValueError(f"{path}: chunks of another run; name another file")
    write_whole(path, b"".join(whole) or json.dumps(own) + "\n")
    return found[1:]


def all_chunks(bench: Bench, count: int, path: Path) -> list[Chunk]:
    """Return the chunks of so many futures; those not kept in a file yet are made and kept."""
    chunks = {chunk["first"]: chunk for chunk in kept_chunks(path, heading(bench))}
    with path.open("a") as file, progress(count) as report:
        for first in range(0, count, CHUNK):
            if first not in chunks:
                chunks[first] = bench.chunk(first, CHUNK)
                file.write(json.dumps(chunks[first]) + "\n")
                file.flush()
            report("futures", first + CHUNK, count)
    return [chunks[first] for first in range(0, count, CHUNK)]


def found_for(place: int, chunks: list[Chunk], answer: dict[str, float]) -> Chunk:
    """Return what was found for one question."""

    def each(name: str) -> npt.NDArray[np.float64]:
        return np.array([chunk[name][place] for chunk in chunks], np.float64)

    left, yes, error = each("left"), each("yes"), each("error")
    share = yes.sum() / left.sum()
    apart = yes / left - share
    return {
        "question": QUESTIONS[place],
        "left": int(left.sum()),
        "yes": int(yes.sum()),
        "left_by_loops": int(each("left_by_loops").sum()),
        "yes_by_loops": int(each("yes_by_loops").sum()),
        "futures_that_differ": int(each("differ").sum()),
        "share": share,
        "answer_from_others": answer,
        "errors_apart": (answer["probability"] - share) / answer["monte_carlo_error"],
        "sets": {
            "count": len(chunks),
            "share_within_90_percent": float((np.abs(apart) <= OF_90_PERCENT * error).mean()),
            "error_stated": float(np.sqrt((error**2).mean())),
            "error_seen": float(np.sqrt((apart**2).mean())),
        },
    }


def record(bench: Bench, chunks: list[Chunk], plain: int) -> Chunk:
    """Return what was found."""
    seconds = np.sum([chunk["seconds"] for chunk in chunks], axis=0).round().tolist()
    return {
        "crisis": CRISIS,
        "futures": sum(chunk["count"] for chunk in chunks),
        "seed": bench.seed,
        "horizon_days": bench.horizon,
        "draws": len(bench.conditioned.posterior.z),
        "overflowed": sum(chunk["overflowed"] for chunk in chunks),
        "questions": [
            found_for(place, chunks, answer) for place, answer in enumerate(bench.answers())
        ],
        "in_plain_loops": {"futures": plain, "differ": bench.plainly(plain) if plain else 0},
        "seconds": dict(zip(("simulating", "arrays", "compiled_loops"), seconds, strict=True)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--futures", type=int, default=100_000, help=f"multiple of {CHUNK}")
    parser.add_argument("--plain", type=int, default=2000, help="so many in plain loops too")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, required=True, help="what chunks came to; go on there")
    parser.add_argument("--out", type=Path, help="write what was found as JSON")
    chosen = parser.parse_args()
    if chosen.futures < CHUNK or chosen.futures % CHUNK:
        parser.error(f"--futures: expected a multiple of {CHUNK:,}")
    bench = prepared(chosen.seed)
    found = record(bench, all_chunks(bench, chosen.futures, chosen.kept), chosen.plain)
    text = json.dumps(found, indent=1) + "\n"
    sys.stdout.write(text)
    if chosen.out:
        write_whole(chosen.out, text)
    differ = sum(one["futures_that_differ"] for one in found["questions"])
    sys.exit(differ + found["in_plain_loops"]["differ"] > 0)


if __name__ == "__main__":
    main()
