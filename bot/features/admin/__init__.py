"""What an admin settles for a community: its channels, who leads, its days of rest, and how long answers are kept."""
