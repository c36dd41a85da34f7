"""A database that can't be used, said in words."""


class UnusableDatabase(Exception):
    """The database cannot be used as it is. `str()` tells whoever runs the bot what is wrong, why, and what to do."""
