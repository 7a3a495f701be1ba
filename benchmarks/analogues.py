"""How well the share among analogues foretells force within 30 days, on acts received from 1990.

Run: python benchmarks/analogues.py

For every fourth act received from 1990 on, the analogues are chosen among the cases that were over
by its day. The weights that measure nearness are those of the newest edition that ended before
1990, if it is there, else the newest: then they have seen the cases, and the output says so.
"""

from __future__ import annotations

import json
from datetime import date

import numpy as np

from offramp.choice.analogues import FORCE, SUMMED, nearest, term_effects
from offramp.choice.counting import FROM_DAY
from offramp.choice.decision_points import ACT, shipped_points
from offramp.choice.editions import edition_for, shipped_figures

SPLIT = date(1990, 1, 1)
WITHIN = 30
EVERY = 4


def main() -> None:
    points = shipped_points()
    try:
        figures, honest = edition_for(SPLIT), True
    except (OSError, ValueError):
        figures, honest = shipped_figures(), False
    effects = term_effects(figures)
    force = points.first(FORCE)
    acts = (points.kind == ACT) & (points.day >= FROM_DAY.toordinal())
    told = points.judged(WITHIN, date.max.toordinal())
    before = acts & points.judged(WITHIN, SPLIT.toordinal())
    cases = np.flatnonzero(acts & told & (points.day >= SPLIT.toordinal()))[::EVERY]
    happened = (force[cases] <= WITHIN).astype(np.float64)
    # An answer of the same day counts, so nobody has waited yet, not even through that day.
    shares = np.array(
        [
            nearest(
                points, points.x[row], effects, date.fromordinal(int(points.day[row])), -1
            ).force_within(WITHIN + 1)
            for row in cases
        ]
    )
    climate = float((force[before] <= WITHIN).mean())
    above = (shares[happened == 1][:, None] > shares[happened == 0]).mean()
    level = (shares[happened == 1][:, None] == shares[happened == 0]).mean()
    result = {
        "cases": len(cases),
        "analogues": SUMMED,
        "weights_ended_before": honest,
        "brier": round(float(((shares - happened) ** 2).mean()), 4),
        "brier_of_the_rate_before": round(float(((climate - happened) ** 2).mean()), 4),
        "auc": round(float(above + 0.5 * level), 3),
        "mean_share": round(float(shares.mean()), 3),
        "mean_of_what_happened": round(float(happened.mean()), 3),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
