"""One person, several platforms: say once that two accounts are both you."""
