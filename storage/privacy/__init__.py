"""Personal data: counting, export, erasure, retention, purge."""
