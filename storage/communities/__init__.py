"""Communities, their spaces and channels, installations, and mapped roles."""
