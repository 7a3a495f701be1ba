"""Reading is bounded and inert, and resolves plain words as YAML 1.2 does."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Any

import pytest

from offramp.crisis import reading
from offramp.crisis.as_of import load, read_crisis
from offramp.crisis.problems import CrisisError
from offramp.crisis.reading import SIZE_LIMIT, read_bytes, read_document

SMALL = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")


def problems(content: bytes | str) -> str:
    with pytest.raises(CrisisError) as caught:
        load(content, "file.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        # The core schema: https://yaml.org/spec/1.2.2/#103-core-schema
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("nULL", "nULL"),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        ("1e", "1e"),
        ("0b11", "0b11"),
        ("2024-04-15", "2024-04-15"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'~'", "~"),
        ("=", "="),
    ],
)
def test_plain_words_are_resolved_by_yaml_1_2(written: str, value: object) -> None:
    found = read_document(f"a: {written}\n".encode(), "x").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_norway_is_not_false() -> None:
    crisis = load(SMALL)
    assert crisis.timeline[0].model_dump()["soil"] == "NO"


def test_every_key_and_entry_has_its_line_and_column() -> None:
    text = "a: 1\nb:\n  - x\n  - c: 2\n    d: [3,\n        4]\n"
    document = read_document(text.encode(), "x")
    assert document.data == {"a": 1, "b": ["x", {"c": 2, "d": [3, 4]}]}
    assert document.positions == {
        ("a",): (1, 1),
        ("b",): (2, 1),
        ("b", 0): (3, 5),
        ("b", 1): (4, 5),
        ("b", 1, "c"): (4, 5),
        ("b", 1, "d"): (5, 5),
        ("b", 1, "d", 0): (5, 9),
        ("b", 1, "d", 1): (6, 9),
    }


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    text = "\ufeff" + SMALL.replace("\n", "\r\n")
    assert load(text.encode()) == load(SMALL)


def test_a_sparse_file_of_two_gigabytes_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(2 * 1024**3)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CrisisError) as caught:
        read_crisis(path)
    assert str(caught.value) == (
        f"{path}: the file has 2,147,483,648 bytes; "
        "a crisis file has at most 4,194,304: it holds facts, not data"
    )


def test_a_file_that_grows_after_it_was_measured_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.yaml"
    path.write_bytes(b"#" * (SIZE_LIMIT + 1))
    real = path.stat()
    measured = os.stat_result([*real[:6], 10, *real[7:]])
    monkeypatch.setattr(Path, "stat", lambda self: measured)
    with pytest.raises(CrisisError, match="more than 4,194,304 bytes"):
        read_bytes(path)


def test_content_above_the_limit_is_refused_and_at_the_limit_is_read() -> None:
    comment = b"# " + b"x" * 99_997 + b"\n"
    padding = (comment * 42)[: SIZE_LIMIT - len(SMALL.encode())]
    assert len(SMALL.encode() + padding) == SIZE_LIMIT
    assert load(SMALL.encode() + padding).id == "small"
    assert "the file has 4,194,305 bytes" in problems(SMALL.encode() + padding + b"#")


def test_the_length_of_a_line_is_bounded() -> None:
    # Without the bound, a tag of 4 MiB keeps the parser busy for minutes.
    begun = time.process_time()
    assert problems("a: 1\nb: !" + "x" * 4_000_000) == (
        "file.yaml:2:1: a line of more than 200,000 characters; break it into several"
    )
    assert time.process_time() - begun < 2
    assert len(read_document(b"a: " + b"x" * 199_997, "x").data["a"]) == 199_997


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.yaml"
    os.mkfifo(fifo)
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    expected = {
        fifo: "is not a regular file; name a file on disk",
        folder: "is a directory; name a file that ends in .yaml",
        tmp_path / "none.yaml": "there is no such file; check the path",
        folder / ("x" * 300 + ".yaml"): "cannot be read: File name too long",
    }
    for path, message in expected.items():
        with pytest.raises(CrisisError) as caught:
            read_crisis(path)
        assert str(caught.value) == f"{path}: {message}"
    with pytest.raises(CrisisError, match="cannot be read"):
        read_crisis("a\0b.yaml")


def test_bytes_that_are_not_text_are_refused_where_they_stand() -> None:
    assert problems(b"offramp: 1\nid: a\xff\n") == (
        "file.yaml:2:6: byte 0xff is not UTF-8 text; save the file as UTF-8"
    )
    assert "byte 0x89 is not UTF-8" in problems(b"\x89PNG\r\n\x1a\n\0\0\0")
    assert "file.yaml:1:3: hidden character U+0000" in problems("a: \0".replace(" ", ""))
    assert "hidden character U+0000" in problems(SMALL.encode("utf-16-le"))


def test_a_billion_laughs_are_not_laughed() -> None:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 10)]
    begun = time.process_time()
    text = problems("\n".join(lines))
    assert time.process_time() - begun < 2
    assert "file.yaml:2:10: a1[0]: aliases are not read: *a0; write the value out" in text
    assert "file.yaml:1:5: a0: anchors are not read: &a0; remove it" in text


@pytest.mark.parametrize(
    "content", ["[" * 200_000, "{a: " * 50_000, "- " * 100_000, "? " * 100_000]
)
def test_depth_is_bounded(content: str) -> None:
    begun = time.process_time()
    found = problems(content)
    assert "nested deeper than 16 levels" in found or "a key must be text" in found
    assert time.process_time() - begun < 2


def test_the_number_of_values_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.NODE_LIMIT == 100_000
    monkeypatch.setattr(reading, "NODE_LIMIT", 1_000)
    # A mapping, its key and a list, and then the entries.
    assert "more than 1,000 values" in problems("a: [" + "1," * 998 + "]")
    document = read_document(("a: [" + "1," * 997 + "]").encode(), "x")
    assert len(document.data["a"]) == 997


def test_numbers_are_bounded() -> None:
    for written in ("9" * 5000, "-" + "9" * 13, "1e13", "1e999", ".inf", "-.INF", ".nan"):
        assert "is not a number that can be meant here" in problems(f"a: {written}")
    data = read_document(b"a: 1000000000000\nb: 1e12", "x").data
    assert data == {"a": 10**12, "b": 1e12}
    assert all(math.isfinite(value) for value in data.values())


def test_a_tag_builds_nothing(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    text = problems(f"a: !!python/object/apply:os.mkdir ['{victim}']\n")
    assert "tags are not read: 'tag:yaml.org,2002:python/object/apply:os.mkdir'" in text
    assert not victim.exists()
