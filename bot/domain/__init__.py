"""Facts of the field that several features share: pure functions and tables, no database."""
