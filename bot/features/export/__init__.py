"""Taking a community's records along, as a file."""
