"""Meetings in the calendar people already use."""
