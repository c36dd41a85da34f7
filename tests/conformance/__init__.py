"""The bot as people meet it: the real `cop run` process, with Slack's and Discord's side played over the wire."""
