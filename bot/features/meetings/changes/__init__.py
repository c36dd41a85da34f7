"""Changing one meeting: move, edit or cancel it, and what that does to everything that hangs on it."""
