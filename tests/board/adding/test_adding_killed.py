from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from adding_pages import kept

from border import CRISIS
from offramp.crisis.whole import read_whole

HERE = Path(__file__).parent
PROGRAM = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {tests!r}
from adding_application import application
from border import ACT
from starlette.testclient import TestClient

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class Half:
    def __init__(self, descriptor, mode): self.descriptor = descriptor
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def write(self, data):
        os.write(self.descriptor, data[: len(data) // 2])
        die()

def arm(step):
    if step == "opened":
        os.fdopen = die
    elif step == "half written":
        os.fdopen = Half
    elif step == "written":
        os.fsync = die
    elif step == "before the replacement":
        Path.replace = die
    elif step == "after the replacement":
        replace = Path.replace
        Path.replace = lambda self, target: (replace(self, target), die())
    else:
        die()

def add(client, day):
    form = client.get("/crises/border/add/act", headers={{"Accept": "application/json"}}).json()
    typed = ACT | {{"day": day, "known": "2031-03-13", "version": form["version"]}}
    assert client.post("/crises/border/add/act", data=typed).status_code == 303
    print(Path.cwd().name, day, flush=True)

for step in {steps!r}:
    child = os.fork()
    if child == 0:
        os.chdir(step)
        client = TestClient(application({{"border": "border.yaml"}}), follow_redirects=False)
        add(client, "2031-03-10")
        arm(step)
        add(client, "2031-03-11")
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, (step, status)
"""
STEPS = (
    "between two",
    "opened",
    "half written",
    "written",
    "before the replacement",
    "after the replacement",
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed")
def test_killed_at_any_step_no_accepted_fact_is_lost(tmp_path: Path) -> None:
    for step in STEPS:
        (tmp_path / step).mkdir()
        (tmp_path / step / "border.yaml").write_text(CRISIS)
    program = PROGRAM.format(tests=[str(HERE), str(HERE.parents[1])], steps=STEPS)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{step} 2031-03-10" for step in STEPS]
    for step in STEPS:
        path = tmp_path / step / "border.yaml"
        days = [str(entry.day) for entry in read_whole(path).timeline]
        later = ["2031-03-11"] if step == "after the replacement" else []
        assert days == ["2031-03-10", *later], step
        assert kept(path), step
