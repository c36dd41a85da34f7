"""Helpers for several test modules: a pretend platform, a community on it, and empty databases."""
