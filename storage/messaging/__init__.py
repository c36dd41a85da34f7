"""The outbox, and timers."""
