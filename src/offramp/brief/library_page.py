"""The score of a library, as a page: beside baselines, by crisis, and how reliable it was."""

from __future__ import annotations

from offramp.brief.backtest_page import gap, reliability_section
from offramp.brief.pages import Page, Section
from offramp.library.scoring import FloatArray, LibraryScore, Scored

COLUMNS = (
    *("forecast", "Brier", "log score", "AUC", "slope"),
    *("Brier, ours less its (90 %)", "log score, ours less its (90 %)"),
)
CONVENTION = (
    "Brier score: lower is better. Log score: higher is better. Intervals are 90 %, by the "
    "bootstrap over crises, and differences are on the same questions."
)


def library_page(found: Scored, again: str) -> Page:
    """Return the page of a scored library.

    Args:
        found: the scores.
        again: the command that gives the page again.
    """
    kicker = (
        f"{len(found.puts)} questions of {len(found.crises)} crises, "
        f"{int(found.happened.sum())} came true"
    )
    sections = [_scores("Scores, each crisis counts the same", found, None)]
    if found.population.any():
        title = "Scores, each crisis weighted by how many crises it stands for"
        sections.append(_scores(title, found, found.population))
    slope = found.score(found.ours).slope
    sections += [reliability_section("Reliability", found.reliability(), slope), _by_crisis(found)]
    left_out = ", ".join(f"{count} {why}" for why, count in found.left_out.items() if count)
    notes = [CONVENTION, *([f"Not scored: {left_out}."] if left_out else [])]
    return Page("Past crises, forecast as of their days", kicker, notes, sections, again)


def _scores(title: str, found: Scored, weight: FloatArray | None) -> Section:
    rows = [("offramp", *_figures(found.score(found.ours, weight)), "", "")]
    for name, given in found.theirs.items():
        beside = found.difference(given, weight)
        rows.append(
            (
                *(name, *_figures(found.score(given, weight))),
                gap(beside.brier, beside.brier_interval),
                gap(beside.log_score, beside.log_score_interval),
            )
        )
    return Section(title, (), COLUMNS, rows)


def _figures(score: LibraryScore) -> tuple[str, ...]:
    slope = "–" if score.slope != score.slope else f"{score.slope:.2f}"
    log_score = f"{score.log_score:.3f}".replace("-", "−")
    return f"{score.brier:.3f}", log_score, f"{score.auc:.3f}", slope


def _by_crisis(found: Scored) -> Section:
    names = ("offramp", *found.theirs)
    rows = []
    for row in found.as_json()["by_crisis"]:
        counts = (str(row["questions"]), str(row["happened"]))
        rows.append((row["title"], *counts, *(f"{row['brier'][name]:.3f}" for name in names)))
    return Section("Brier score by crisis", (), ("crisis", "questions", "came true", *names), rows)
