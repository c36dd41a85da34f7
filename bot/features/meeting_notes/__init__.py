"""What was decided when we met, and what came of it: written by facilitators, read by everyone once it is shared."""
