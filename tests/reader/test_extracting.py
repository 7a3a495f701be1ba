from __future__ import annotations

import gzip
import io
import random
import subprocess
import sys
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest

from offramp.reader.extracting import SIZE_LIMIT, ExtractionError, documents, notes, of_bytes

PAGE = b"""<!DOCTYPE html><html><head><title>Site | Raid</title>
<meta property="og:title" content="The raid"><meta property="og:site_name" content="Example Wire">
<meta property="article:published_time" content="2031-05-04T06:00:00Z">
<script>var p = "<p>Russia bombed Poland in a script.</p>";</script></head><body>
<nav><p>Menu Share Tweet</p></nav>
<article><h1>The raid</h1><p>Israel bombed an airport in Syria on Sunday.</p>
<p>Nobody was hurt, officials said.</p><div class="related-stories"><p>France bombed Mali.</p></div>
<button>Subscribe</button></article><footer><p>Spain bombed Morocco.</p></footer></body></html>"""

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>
<item><title>One</title><link>https://example.org/1</link>
<pubDate>Sun, 04 May 2031 06:00:00 GMT</pubDate>
<description>&lt;p&gt;Israel bombed Syria on Sunday.&lt;/p&gt;</description></item>
<item><title>Two</title><description>Nothing happened today.</description></item></channel></rss>"""


def test_html_gives_its_main_text_title_day_and_publisher() -> None:
    (found,) = of_bytes(PAGE, "page.html")
    text = " ".join(found.paragraphs)
    assert found.title == "The raid"
    assert found.publisher == "Example Wire"
    assert (found.day, found.dated) == (date(2031, 5, 4), True)
    assert "Israel bombed an airport" in text
    for noise in ("script", "Menu", "France", "Subscribe", "Spain"):
        assert noise not in text


def test_a_feed_gives_a_document_for_each_item() -> None:
    one, two = of_bytes(FEED, "feed.xml", day=date(2031, 5, 5))
    assert (one.title, one.day, one.url) == ("One", date(2031, 5, 4), "https://example.org/1")
    assert one.paragraphs == ("Israel bombed Syria on Sunday.",)
    assert two.day == date(2031, 5, 5)


def test_a_feed_that_declares_entities_is_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'
    )
    with pytest.raises(ExtractionError, match="document type"):
        of_bytes(bomb, "bomb.xml")


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret")
    page = (
        f'<!DOCTYPE html SYSTEM "file://{secret}"><html><body><p>Text &x; stands here.</p></html>'
    )
    (found,) = of_bytes(page.encode(), "page.html")
    assert "top secret" not in " ".join(found.paragraphs)


def pdf(text: str) -> bytes:
    """Return a one-page PDF written by hand."""
    stream = zlib.compress(f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode())
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def test_pdf_text() -> None:
    (found,) = of_bytes(pdf("Israel bombed Syria on Sunday."), "story.pdf")
    assert found.paragraphs == ("Israel bombed Syria on Sunday.",)


def test_a_broken_pdf_is_an_error_and_not_a_crash() -> None:
    with pytest.raises(ExtractionError, match=r"could not be read|no text"):
        of_bytes(b"%PDF-1.4\n garbage \xff\xfe", "story.pdf")


def test_a_pdf_is_read_within_limits() -> None:
    code = (
        "import resource, offramp.reader.pdf as pdf; pdf.limit(); "
        "print(resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "15"


def test_plain_text_with_its_day(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A headline\n\n4 May 2031\n\nIsrael bombed Syria on Sunday.\n")
    (tmp_path / "b.bin").write_bytes(b"\x00\x01")
    (found,) = documents(tmp_path)
    assert (found.title, found.day, found.dated) == ("A headline", date(2031, 5, 4), True)


def test_a_text_without_a_day_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Israel bombed Syria on Sunday.")
    (found,) = documents(path)
    assert not found.dated
    (found,) = documents(path, date(2031, 5, 4))
    assert (found.day, found.dated) == (date(2031, 5, 4), True)


@pytest.mark.parametrize("content", [b"", b"\n\n \n", b"<html></html>"])
def test_nothing_to_read(content: bytes) -> None:
    with pytest.raises(ExtractionError, match=r"no text|cannot be parsed"):
        of_bytes(content, "x.html")


def test_documents_of_a_folder_and_items_of_a_feed_have_names_of_their_own(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "story.txt").write_text("Israel bombed Syria on Sunday.")
    (tmp_path / "feed.xml").write_bytes(FEED)
    names = [document.name for document in documents(tmp_path)]
    assert names == ["feed.xml#1", "feed.xml#2", "one/story.txt", "two/story.txt"]


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    with pytest.raises(ExtractionError, match="at most"):
        documents(path)


def test_control_characters_do_not_come_through() -> None:
    (found,) = of_bytes(
        "Israel \x1b[31mbombed\x1b[0m \u202eSyria\u202c on Sunday.".encode(), "a.txt"
    )
    assert found.paragraphs == ("Israel [31mbombed[0m Syria on Sunday.",)


def test_a_page_that_names_no_encoding_is_read_as_utf8() -> None:
    page = "<html><body><article><p>ATHENS – Greece “condemned” Turkey.</p></article></body></html>"
    (found,) = of_bytes(page.encode(), "page.html")
    assert found.paragraphs == ("ATHENS – Greece “condemned” Turkey.",)


@pytest.mark.parametrize(
    ("line", "saved", "expected"),
    [
        ("Feb 27 (Wire) - Pakistan said on Wednesday", date(2026, 11, 22), date(2019, 2, 27)),
        ("Feb 27 (Wire) - Pakistan said", date(2026, 11, 22), date(2026, 2, 27)),
        ("Dec 30 (Wire) - Pakistan said", date(2026, 11, 22), date(2025, 12, 30)),
        ("Nov 20 (Wire) - Pakistan said on Wednesday", date(2026, 11, 22), date(2026, 11, 20)),
    ],
)
def test_a_dateline_without_a_year(line: str, saved: date, expected: date) -> None:
    text = f"ISLAMABAD, {line} that it had shot down two jets.".encode()
    (found,) = of_bytes(text, "a.txt", saved=saved)
    assert (found.day, found.dated) == (expected, True)
    (note,) = notes([found])
    assert "no year in the dateline" in note


def test_an_archive_or_noise_is_no_text() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "Israel bombed Syria. " * 1000)
    noise = random.Random(1).randbytes(500)
    for content in (packed.getvalue(), gzip.compress(b"Israel bombed Syria. " * 100), noise):
        with pytest.raises(ExtractionError, match="neither text nor"):
            of_bytes(content, "a.txt")


def test_another_language_is_noted() -> None:
    french = (
        "L'Iran a lancé plus de 300 missiles et drones contre Israël dans la nuit de samedi à "
        "dimanche. Le président américain a déclaré que les États-Unis ne participeraient pas à "
        "une riposte contre l'Iran, et Israël n'a pas encore répondu."
    )
    english = (
        "Iran has launched more than 300 missiles and drones at Israel in the night from Saturday "
        "to Sunday. The American president said that the United States would take no part in any "
        "answer, and Israel has not responded."
    )
    for text, expected in ((french, 1), (english, 0)):
        found = of_bytes(text.encode(), "a.txt", day=date(2024, 4, 15))
        assert sum("does not look like English" in note for note in notes(found)) == expected


def test_what_is_left_unread_of_a_long_text_is_noted() -> None:
    for count, expected in ((6_000, 1), (10, 0)):
        text = "\n\n".join(f"Israel bombed Syria on day {n} of the war." for n in range(count))
        found = of_bytes(text.encode(), "a.txt", day=date(2024, 4, 15))
        assert sum("the rest is not read" in note for note in notes(found)) == expected
