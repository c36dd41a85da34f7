"""What is kept about you: see it, take it with you, have it deleted."""
