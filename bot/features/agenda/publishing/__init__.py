"""Publishing the agenda before a meeting."""
