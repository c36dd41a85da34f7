"""Finding a resource again by words or topic."""
