"""Who is coming: the next meeting, replies to it, and a standing reply for the series."""
