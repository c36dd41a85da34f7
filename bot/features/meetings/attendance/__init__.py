"""Who was there: what people say themselves, the roster, and catching up on what was missed."""
