"""The names that cross features: both the feature that answers to one and those that use it take it from here.

Everything else that a feature names is its own. A test forbids text that names another feature.
"""

# Timers that other features set, with `ctx.schedule_timer`.
MEETINGS_REPLAN = "meetings.plan"  # what meetings are timed by has changed
MEETING_CARD_STALE = "meetings.card"  # value: the meeting whose card says something that no longer holds
ROUND_OPENED = "rounds.opened"  # value: the round to post

# Timers of features that keep something in step with meetings; set after each plan.
AGENDA_FOLLOWS_MEETINGS = "agenda.follow"
JOINT_FOLLOWS_MEETINGS = "kinds.follow"
MEETING_FOLLOWERS = (AGENDA_FOLLOWS_MEETINGS, JOINT_FOLLOWS_MEETINGS)

# Clicks that another feature's message offers as a button.
ANSWER_FEEDBACK = "feedback.answer"  # value: a meeting
ANSWER_ROUND = "rounds.answer"  # value: a round
CALENDAR_FILE = "calendar.file"  # value: a meeting
JOIN = "members.join"
OPEN_HOME = "home.open"
OPEN_NOTES = "notes.open"  # value: a meeting
RSVP = "meetings.rsvp"  # value: a meeting and the reply
SET_UP = "setup.begin"
SUGGEST_TOPIC = "agenda.suggest"  # value: what kind of topic
TAKE_TASK = "kinds.take"  # value: a task

# What a meeting's posts are called, before "." and the meeting, for those who answer under one.
MEETING_CARD = "meetings.card"
MEETING_CHANGED = "meetings.changed"
