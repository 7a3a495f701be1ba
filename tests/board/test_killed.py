"""Killed at any moment, the board loses no fact that it accepted and no forecast that it logged."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from browser import COMMAND, Server, serving

from border import ACT, CRISIS
from offramp.crisis.whole import read_whole
from offramp.ledger.database import open_ledger
from offramp.ledger.verifying import faults

AS_OF = "2031-01-10"
"""What is logged is seen from here; the facts that are added meanwhile are later."""
FEW = f"futures=100&as_of={AS_OF}"
ROUNDS, SEEDS = 2, 6
SECOND = """  - {id: display, type: act, within_days: 90, text: Display?,
     event: {actor: IND, target: PAK, front: kashmir, level: ">= display"}}
"""


@dataclass
class Accepted:
    """What the board said it has taken, by what it answered with 303."""

    facts: list[str] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)


class Client:
    """One writer, over connections of its own."""

    def __init__(self, server: Server) -> None:
        self.port = server.port

    def ask(self, path: str, form: dict[str, str] | None = None) -> Any:
        """Return where an answer leads if it leads on, else what its JSON says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            if form is None:
                connection.request("GET", path, headers={"Accept": "application/json"})
            else:
                kind = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", path, urlencode(form), kind)
            answer = connection.getresponse()
            if answer.status == 303:
                return answer.headers["Location"]
            said = answer.read().decode()
            assert answer.status == 200, said
            return json.loads(said)
        finally:
            connection.close()


def adding(client: Client, accepted: Accepted, days: list[date]) -> None:
    """Add facts, each of a day of its own, until nothing answers any more."""
    while days:
        version = client.ask("/crises/border/add/act")["version"]
        typed = ACT | {"day": str(days.pop()), "known": "2031-03-13", "version": version}
        led = client.ask("/crises/border/add/act", typed)
        accepted.facts += parse_qs(urlsplit(led).query)["id"]


def logging(client: Client, accepted: Accepted, seeds: list[int], facts: str) -> None:
    """Log answers, each under a seed of its own, until nothing answers any more."""
    while seeds:
        seed = seeds.pop()
        led = client.ask(f"/crises/border/log?{FEW}&seed={seed}", {"facts_sha256": facts})
        assert isinstance(led, str), led
        accepted.seeds.append(seed)
        time.sleep(0.03)


def until_killed(server: Server, chance: random.Random, accepted: Accepted, *writers: Any) -> None:
    """Run writers, and kill the server while they write."""
    facts, seeds = len(accepted.facts) + 1, len(accepted.seeds) + chance.randint(1, SEEDS - 3)
    ended: list[BaseException] = []

    def write(function: Any, *arguments: Any) -> None:
        try:
            function(Client(server), *arguments)
        except (OSError, http.client.HTTPException):
            pass
        except BaseException as error:
            ended.append(error)

    threads = [threading.Thread(target=write, args=one) for one in writers]
    for one in threads:
        one.start()
    while len(accepted.facts) < facts or len(accepted.seeds) < seeds:
        assert any(one.is_alive() for one in threads), ended
        time.sleep(0.001)
    time.sleep(chance.uniform(0.0, 0.02))
    os.kill(server.process.pid, signal.SIGKILL)
    for one in threads:
        one.join(60)
    assert ended == [], ended


def test_what_was_accepted_is_there_after_each_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "border.yaml"
    path.write_text(CRISIS.replace("# the end", SECOND))
    monkeypatch.delenv("OFFRAMP_LEDGER", raising=False)
    command = ["-c", COMMAND, "board", str(path), "--no-open", "--port", "{port}"]
    chance, accepted = random.Random(5), Accepted()
    left = list(range(ROUNDS * SEEDS))
    days = [date(2031, 3, 13) - timedelta(days=number) for number in range(60)]
    for number in range(ROUNDS):
        with serving(command, tmp_path) as server:
            seeds = [left.pop() for _ in range(SEEDS)]
            for seed in seeds:  # computed before, so that it is the logging that is killed
                forecast = Client(server).ask(f"/crises/border.json?{FEW}&seed={seed}")["forecast"]
            until_killed(
                server,
                chance,
                accepted,
                (adding, accepted, days),
                (logging, accepted, seeds, forecast["facts_sha256"]),
            )
        there = {one.id for one in read_whole(path).timeline}
        assert there >= set(accepted.facts)
        assert "# a comment at the top" in path.read_text()
        entries = open_ledger(str(tmp_path / "ledger.sqlite")).entries()
        assert faults(entries) == []
        by_seed: dict[int, int] = {}
        for entry in entries:
            seed = json.loads(entry.content)["seed"]
            by_seed[seed] = by_seed.get(seed, 0) + 1
        assert set(by_seed) >= set(accepted.seeds)
        assert set(by_seed.values()) == {len(forecast["answers"])}
        # What was taken and not yet told is one of each at most.
        assert len(there) - len(accepted.facts) <= number + 1
        assert len(by_seed) - len(accepted.seeds) <= number + 1
    assert len(accepted.facts) >= ROUNDS
    assert ROUNDS <= len(accepted.seeds) < ROUNDS * SEEDS
