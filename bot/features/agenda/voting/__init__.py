"""The vote on topics, with dots."""
