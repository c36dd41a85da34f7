"""Every change the tables have gone through, in order."""
