"""What the preset schedules are called."""

from bot.domain.touchpoints import Preset
from bot.i18n import gettext as _


def preset_names() -> dict[Preset, str]:
    """Return what the presets are called, in the current language."""
    return {
        Preset.USUAL: _("One question a week"),
        Preset.LIGHT: _("Light: only around meetings"),
        Preset.QUARTERLY: _("Quarterly: a question a month"),
        Preset.WEEKLY: _("A check-in every week"),
    }
