"""Suggesting a topic, a win or a challenge for the next meeting."""
