"""After a meeting: how it was, what I mean to do, and what I take home."""
