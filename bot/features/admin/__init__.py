"""A community's settings that only admins change: channels, roles, closed days, retention; and the audit log."""

from bot.features.admin import audit_log, changes, channels, closures, handover, retention, roles
from bot.features.admin.feature import feature

__all__ = ["audit_log", "changes", "channels", "closures", "feature", "handover", "retention", "roles"]
