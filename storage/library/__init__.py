"""The library: resources, endorsements, and full-text search."""
