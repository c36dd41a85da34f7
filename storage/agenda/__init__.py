"""Topics for the next meeting, and the votes on them."""
