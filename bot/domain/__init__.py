"""Rules and tables that several features share. Pure functions, no database."""
