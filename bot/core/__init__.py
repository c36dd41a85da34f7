"""The platform-neutral runtime: one door for events, and what a handler may do."""
