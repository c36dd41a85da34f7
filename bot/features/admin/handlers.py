"""Everything that admins settle, gathered from the modules beside this one."""

from bot.features.admin import audit, channels, keeping, resting, roles
from bot.features.admin.feature import admin

__all__ = ["admin", "audit", "channels", "keeping", "resting", "roles"]
