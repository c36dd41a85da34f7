"""The pretend program that the playground opens with: drawn from real ones, with made-up people."""
