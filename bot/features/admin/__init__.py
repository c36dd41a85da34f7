"""What an admin settles for a community: its channels, who leads, its days of rest, and how long answers are kept."""

from bot.features.admin import audit_log, channels, closures, retention, roles
from bot.features.admin.feature import admin

__all__ = ["admin", "audit_log", "channels", "closures", "retention", "roles"]
