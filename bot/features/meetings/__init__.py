"""When we meet next, who is coming, and being reminded in good time."""
