"""People, their accounts and memberships."""
