"""Charts saved as PNG by the browser: they are what is seen."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Server, watching
from test_browser import MAIN, finished

MARGIN = 24
"""Pixels around a drawing."""

READ = """async (content) => {
  const image = new Image();
  image.src = `data:image/png;base64,${content}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  pen.drawImage(image, 0, 0);
  const share = (x, y, width, height) => {
    const pixels = pen.getImageData(x, y, width, height).data;
    let inked = 0;
    for (let k = 0; k < pixels.length; k += 4)
      inked += Math.max(...[0, 1, 2].map((c) => Math.abs(pixels[k + c] - paper[c]))) > 100;
    return inked / (pixels.length / 4);
  };
  const paper = pen.getImageData(0, 0, 1, 1).data;
  const {width, height} = canvas;
  return {
    size: [width, height], paper: [...paper],
    whole: share(0, 0, width, height),
    names: share(24, 24, Math.floor((width - 48) * 33 / 420), height - 48),
    labels: share(Math.floor(width * 0.73), 24, Math.floor(width * 0.2), height - 48),
  };
}"""
"""Decodes a PNG anew: its size, its paper, and how much of it and of its margins is inked."""


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request: Any, browser: Any, server: Server) -> Iterator[Any]:
    with watching(browser, server.url, color_scheme=request.param) as watched:
        watched.page.goto(MAIN)
        finished(watched.page)
        yield watched.page


@pytest.mark.parametrize(
    ("chart", "sizes"),
    [
        ("timeline", (960, 236)),
        ("ties", None),
        ("move-1", (960, 571)),
        ("levels-1", (960, 571)),
        ("front-1", (960, 571)),
    ],
)
def test_a_chart_is_saved_as_it_is_seen(
    page: Any, tmp_path: Path, chart: str, sizes: tuple[int, int] | None
) -> None:
    link = page.locator(f"a[href*='/charts/{chart}.svg']")
    with page.expect_download() as download:
        link.locator("xpath=following-sibling::button").click()
    assert download.value.suggested_filename == f"hanish-1995-{chart}.png"
    path = tmp_path / "chart.png"
    download.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    found = page.evaluate(READ, base64.b64encode(content).decode())
    assert struct.unpack(">2I", content[16:24]) == tuple(found["size"])
    if sizes:
        expected = [2 * size + 2 * MARGIN for size in sizes]
        assert found["size"] == pytest.approx(expected, abs=1)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    *paper, opaque = found["paper"]
    assert (sum(paper) < 300) == dark
    assert opaque == 255
    assert 0.001 < found["whole"] < 0.5
    if chart.startswith(("move", "front")):
        assert found["names"] > 0.003  # nothing but words stands there
        assert found["labels"] > 0.003
