"""Search for resources by words or topic, and the list of the latest."""
