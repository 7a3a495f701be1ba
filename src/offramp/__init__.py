"""Offramp: what is next in a crisis between states, in calibrated probabilities."""
