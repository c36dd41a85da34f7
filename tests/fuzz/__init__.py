"""Whatever the world sends is read or refused, and nothing breaks: `make fuzz` looks for what does not hold."""
