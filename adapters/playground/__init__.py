"""The playground: a pretend chat workspace in the browser, where anyone can try the bot without an account.

The server renders all HTML (`render*.py`), and the browser only puts pieces in place. What was posted is saved in a
file; private replies and open forms are forgotten at a restart.
"""
