"""`make soak`: lets a year of many communities pass on a movable clock, and measures what keeps growing."""
