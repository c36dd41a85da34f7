"""Discord: people reach the bot by slash commands, buttons, forms, message actions and direct messages."""
