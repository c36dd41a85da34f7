"""Where to begin: what is open for you now, when you next meet, and which commands there are."""
