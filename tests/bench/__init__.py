"""`make bench`: measures how fast the bot is and how much it takes. Figures are printed and saved, never asserted."""
