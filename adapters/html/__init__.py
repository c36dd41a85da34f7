"""What the bot says, as HTML: what the playground and the pages share. It connects to nothing, and is no platform."""
