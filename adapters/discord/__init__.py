"""Discord: slash commands, buttons, menus, forms, message actions, and direct messages."""
