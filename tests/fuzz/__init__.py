"""`make fuzz`: looks for input from outside that breaks a reader, instead of being read or refused."""
