"""The life of one outgoing message: each attempt, recovery after a crash, and what facilitators are told."""
