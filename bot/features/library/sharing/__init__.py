"""Sharing and editing a resource, with a note on why it helped."""
