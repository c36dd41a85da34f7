"""How fast and how big the bot is, measured: `make bench`. Figures are printed and kept, never asserted."""
