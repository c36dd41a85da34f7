"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature

# Its timer has no label and no preview: those are read by others, and that somebody tries something is theirs alone.
feature = Feature("cycles")
