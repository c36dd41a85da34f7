"""Check-ins: a short question between meetings, so that nobody arrives cold."""
