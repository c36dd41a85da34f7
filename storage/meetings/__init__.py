"""Meetings and what belongs to one: replies, attendance, reminders, notes."""
