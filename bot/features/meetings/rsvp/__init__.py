"""RSVPs: the next meeting, replies to it, and a standing reply for all meetings."""
