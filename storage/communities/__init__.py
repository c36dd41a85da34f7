"""Communities, the spaces and channels they meet in, and who may lead them."""
