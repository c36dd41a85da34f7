"""What happens to a shared resource: endorsements and notes, changing its kind, removing it."""
