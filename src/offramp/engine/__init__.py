"""Futures: compile a crisis to arrays, condition on its timeline, simulate."""
