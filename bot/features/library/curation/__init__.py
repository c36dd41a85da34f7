"""Facilitators keep the library in order."""
