"""Messages waiting to be sent, and timers waiting to fire."""
