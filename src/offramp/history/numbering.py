"""State numbers: Gleditsch and Ward's list, which ICB uses, in Correlates of War numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

LAST_STATE = 990
"""The greatest number of a state (Samoa); ICB's greater ones are not states."""


class Renumbering(NamedTuple):
    """A state that the two lists number differently from a year on."""

    gleditsch_ward: int
    correlates_of_war: int
    first_year: int


RENUMBERINGS = (
    Renumbering(260, 255, 1991),  # Germany after unification
    Renumbering(340, 345, 2006),  # Serbia after Montenegro left
    Renumbering(678, 679, 1991),  # Yemen after unification
    Renumbering(970, 946, 1800),  # Kiribati
    Renumbering(971, 970, 1800),  # Nauru
    Renumbering(972, 955, 1800),  # Tonga
    Renumbering(973, 947, 1800),  # Tuvalu
)
"""Source: Gleditsch and Ward, "Interstate System Membership", International Interactions 25,
1999, against the Correlates of War State System Membership list."""


def correlates_of_war(codes: pd.Series, years: pd.Series) -> pd.Series:
    """Return Correlates of War numbers for Gleditsch and Ward numbers.

    Args:
        codes: Gleditsch and Ward state numbers; other numbers are passed through.
        years: the year that each is for; where missing, nothing is renumbered.

    Returns:
        The numbers, of the type of *codes*.
    """
    renumbered = codes.copy()
    for change in RENUMBERINGS:
        applies = (codes == change.gleditsch_ward) & (years >= change.first_year)
        renumbered = renumbered.mask(applies.fillna(False).astype(bool), change.correlates_of_war)
    return renumbered


def is_state(codes: pd.Series) -> pd.Series:
    """Return which numbers are a state's."""
    values = codes.to_numpy(dtype=np.float64, na_value=np.nan)
    return pd.Series((values >= 2) & (values <= LAST_STATE), index=codes.index)
