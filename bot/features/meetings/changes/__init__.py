"""Changes to one meeting: move, edit, cancel or restore it, with all that follows from that."""
