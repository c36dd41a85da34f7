"""Joint meetings: held by several communities of one program."""
