"""Meetings as people's own calendars take them: an .ics file, or a private link that stays up to date."""
