"""What the bot promises when things break: `make chaos` kills it again and again, and counts what was lost."""
