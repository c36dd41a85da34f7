"""Sharing a resource, with why it helped."""
