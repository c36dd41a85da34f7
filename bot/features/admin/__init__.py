"""What an admin settles for a community: its channels, who leads, its days of rest, and how long answers are kept."""

from bot.features.admin import audit_log, channels, closures, retention, roles
from bot.features.admin.feature import feature

__all__ = ["audit_log", "channels", "closures", "feature", "retention", "roles"]
