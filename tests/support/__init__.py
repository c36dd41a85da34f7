"""What several test modules stand on: a pretend platform, a community in it, and databases of their own."""
