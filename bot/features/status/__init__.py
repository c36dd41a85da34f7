"""How the bot is doing, and what happened when something broke."""
