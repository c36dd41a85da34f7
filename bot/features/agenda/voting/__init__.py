"""Voting on topics with dots."""
