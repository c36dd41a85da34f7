"""A year of many communities in one go: `make soak` lets it pass on the movable clock and weighs what is left of it."""
