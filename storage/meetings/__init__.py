"""Meetings, and what belongs to one: RSVPs, attendance, reminders, notes, feedback."""
