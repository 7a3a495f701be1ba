"""How good forecasts were: proper scores, baselines, and backtests on what came after."""
