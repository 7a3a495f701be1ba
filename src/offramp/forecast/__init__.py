"""Questions and answers over futures."""

from offramp.forecast.document import Forecast
from offramp.forecast.forecasting import forecast, simulate_crisis
from offramp.forecast.telling import tell

__all__ = ["Forecast", "forecast", "simulate_crisis", "tell"]
