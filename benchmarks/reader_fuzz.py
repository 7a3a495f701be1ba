"""100,000 fuzzed inputs to the reader: does any crash it, and how long does the slowest take?

    python benchmarks/reader_fuzz.py --inputs 100000 --seed 1

writes benchmarks/results/reader_fuzz.json. Inputs are words of reporting in any order, the
articles of the tests with random damage, any Unicode, broken HTML, feeds and PDFs, broken marked
sentences, and broken answers of an endpoint. A refusal with `ValueError` is no crash.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from offramp.choice.terms import claimable_terms
from offramp.reader import endpoint, pdf
from offramp.reader.document import Document, paragraphs
from offramp.reader.event_types import event_types
from offramp.reader.extracting import ExtractionError, of_bytes
from offramp.reader.marked import read_marks
from offramp.reader.reading import read

HERE = Path(__file__).parent
ARTICLES = sorted((HERE.parent / "tests" / "reader").rglob("*.txt"))
RESULT = HERE / "results" / "reader_fuzz.json"
DAY = date(2031, 4, 15)
TERMS = claimable_terms()
_LISTED = (
    "Israel Iran Israeli Iranian's Hezbollah US U.S. Russia China's “ ” ' \" ’ , . ; : ? ! – ( ) "
    "attacked strike struck killed killing 300 more than missiles and drones at on by in to not "
    "will could if that who which said told Sunday October 7 2024-13-45 weekend 99999999999999 the "
    "an its they he It Gen. threatened sanctions intercepted most 99 percent wounded ceasefire "
    "Michael Kenneth analyst fellow expert added concluded must stay away join restraint \n \n\n "
    "\u202e \x00 é 中国 \ud7ff <p> </p> & &amp; &#0; %PDF- <s> </s> <t> </t>"
)
WORDS = _LISTED.split(" ")


def word_soup(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(0, 70)))


def damaged(chance: random.Random, text: str) -> str:
    start = chance.randrange(max(1, len(text) - 700))
    letters = list(text[start : start + chance.randint(1, 700)])
    for _ in range(chance.randint(0, 12)):
        place = chance.randrange(len(letters) + 1)
        action = chance.randrange(3)
        if action == 0:
            letters[place : place + chance.randint(1, 9)] = []
        elif action == 1:
            letters.insert(
                place, chr(chance.choice([chance.randrange(128), chance.randrange(0xD7FF)]))
            )
        else:
            letters[place:place] = list(chance.choice(WORDS))
    return "".join(letters)


def any_text(chance: random.Random) -> str:
    return "".join(chr(chance.randrange(1, 0xD7FF)) for _ in range(chance.randint(0, 200)))


def damaged_text(chance: random.Random) -> str:
    return damaged(chance, chance.choice(TEXTS))


def plain(chance: random.Random) -> None:
    made = chance.choice([word_soup, any_text, damaged_text])(chance)
    document = Document("x.txt", made[:50], "unknown", DAY, True, None, paragraphs(made))
    found = read([document], TERMS)
    assert all(e.words in e.sentence for p in found.proposals for e in p.evidence)
    assert all(p.day is None or p.day <= DAY for p in found.proposals)


def markup(chance: random.Random) -> None:
    body = damaged(chance, chance.choice(TEXTS)) if chance.random() < 0.5 else word_soup(chance)
    page = chance.choice(
        [
            f"<html><body><article><p>{body}</p></article></body></html>",
            f"<html><body>{'<div>' * chance.randint(0, 400)}<p>{body}",
            f"<rss><channel><item><title>x</title><description>{body}</description></item></rss>",
            f"<?xml version='1.0'?><feed><entry><content>{body}</content></entry></feed>",
            body,
        ]
    )
    raw = bytearray(page.encode("utf-8", "surrogatepass"))
    for _ in range(chance.randint(0, 6)):
        if raw:
            raw[chance.randrange(len(raw))] = chance.randrange(256)
    for document in of_bytes(bytes(raw), chance.choice(["x.html", "x.xml", "x.txt"]), day=DAY):
        read([document], TERMS)


def whole_pdf() -> bytes:
    """Return a sound one-page PDF."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length 62 >>\nstream\nBT /F1 12 Tf 50 700 Td (Israel bombed Syria.) Tj ET          \n"
        b"endstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % k for k in places)
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def portable(chance: random.Random) -> None:
    raw = bytearray(whole_pdf())
    for _ in range(chance.randint(0, 10)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    try:
        pdf.text_of(bytes(raw))
    except Exception as error:
        # the process of its own that reads PDFs turns whatever pypdf raises into a refusal
        raise ValueError(type(error).__name__) from None


def marked(chance: random.Random) -> None:
    text = word_soup(chance) if chance.random() < 0.7 else any_text(chance)
    name, share = event_types().of(read_marks(text))
    assert name in event_types().types
    assert 0 <= share <= 1


def answers(chance: random.Random) -> None:
    good = json.dumps(
        {
            "items": [
                {"kind": "act", "words": "Iran fired", "confidence": 0.9, "actor": "Iran",
                 "target": "Israel", "level": "limited", "event_type": "ASSAULT", "day": None}
            ]
        }
    )  # fmt: skip
    text = "Iran fired missiles at Israel."
    document = Document("x.txt", "x", "unknown", DAY, True, None, (text,))
    items = endpoint.items_of(damaged(chance, good) if chance.random() < 0.8 else good)
    for proposal in endpoint.proposals_of(items, document, text, TERMS, 0):
        assert all(e.words in text for e in proposal.evidence)


KINDS: tuple[tuple[Callable[[random.Random], None], float], ...] = (
    (plain, 0.55),
    (markup, 0.2),
    (marked, 0.15),
    (answers, 0.08),
    (portable, 0.02),
)
TEXTS = [path.read_text(encoding="utf-8") for path in ARTICLES]


def study(inputs: int, seed: int) -> dict[str, object]:
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    crashes: list[str] = []
    slowest = 0.0
    kinds, weights = zip(*KINDS, strict=True)
    begin = time.perf_counter()
    for number in range(inputs):
        chance = random.Random(seed * 1_000_003 + number)
        kind = chance.choices(kinds, weights)[0]
        tried[kind.__name__] += 1
        start = time.process_time()
        try:
            kind(chance)
        except (ExtractionError, ValueError):
            refused[kind.__name__] += 1
        except Exception:
            crashes.append(f"{kind.__name__} {number}: {traceback.format_exc(limit=-3)}")
        slowest = max(slowest, time.process_time() - start)
        if number % 5000 == 0:
            print(number, len(crashes), f"{slowest:.2f} s", flush=True)
    return {
        "inputs": inputs,
        "seed": seed,
        "tried": dict(tried),
        "refused": dict(refused),
        "crashes": len(crashes),
        "first_crashes": crashes[:10],
        "slowest_seconds": round(slowest, 3),
        "minutes": round((time.perf_counter() - begin) / 60, 1),
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--inputs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)  # the PDF library reports each fault of each file
    found = study(given.inputs, given.seed)
    RESULT.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
