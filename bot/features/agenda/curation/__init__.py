"""Facilitators put topics in order: place, merge, take apart, add a note."""
