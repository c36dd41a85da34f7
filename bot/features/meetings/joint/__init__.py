"""Meetings held together with other communities."""
