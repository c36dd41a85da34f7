"""`make chaos`: kills the bot again and again and lets things fail, and counts what was lost or repeated."""
