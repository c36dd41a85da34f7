"""Scheduling one meeting by hand, also one whose date is still open."""
