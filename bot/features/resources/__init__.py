"""Resources: what helped one of you is kept with the reason why, and found again by words or topic."""
