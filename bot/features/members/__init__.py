"""Belonging: join by your own word, say what you like to be asked, leave by your own word."""
