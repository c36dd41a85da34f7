"""Attendance: what people say themselves, the roster that facilitators mark, and catch-up for those who missed."""
