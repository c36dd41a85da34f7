"""Starting a community: three short forms, a look at the first month, and go."""
