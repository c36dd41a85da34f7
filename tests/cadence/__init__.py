"""What people say about when they meet, and what the calendar makes of it."""
