"""Offramp: what is next in a crisis between states, in calibrated probabilities."""

from offramp.compiling import keep_compiled_code

keep_compiled_code()
