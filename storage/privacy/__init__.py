"""What becomes of what a person left: policies, retention, erasure."""
