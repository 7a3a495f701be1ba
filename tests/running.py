"""The program run in the test's own process, as from a shell."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from offramp.cli import main


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    code: int
    out: str
    errors: str


class Program:
    """Runs `offramp` in this process, as `main` would run from a shell."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        **environment: str,
    ) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    def __call__(self, *arguments: str | Path) -> Ended:
        self._monkeypatch.setattr(sys, "argv", ["offramp", *map(str, arguments)])
        self._capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        captured = self._capsys.readouterr()
        return Ended(code, captured.out, captured.err)
