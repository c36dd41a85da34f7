"""A mutation check of bot/cadence and bot/core: whether the tests notice small faults put into the code."""
