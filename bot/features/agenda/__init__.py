"""What we talk about when we meet: anyone suggests a topic, shares a win or names a challenge."""
