"""The bot as people meet it: the real `cop run` process, with stand-ins for Slack and Discord over the wire."""
