"""Suggestions for the next meeting: a topic, a win or a challenge."""
