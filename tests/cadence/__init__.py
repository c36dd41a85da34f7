"""Tests of cadences: what people say about when they meet, and the dates that come of it."""
