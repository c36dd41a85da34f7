"""Golden tables: phrases, and the dates that they should give, worked out without the bot."""
