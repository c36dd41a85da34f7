"""The posts that say a meeting is coming, and keeping them in step with it."""
