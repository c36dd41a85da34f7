"""The community's rule: when it meets, set, shown and paused."""
