"""Being left in peace: pause what the bot asks, say your hours, say your time zone."""
