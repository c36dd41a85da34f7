"""For facilitators: what the bot posts in the next seven days, and leaving any of it out."""
