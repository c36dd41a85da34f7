"""Signals: names that cross features. The feature that handles one and those that use it both import it from here.

All other names belong to one feature, and a test forbids text that names another feature. A comment behind a name says
what its value is.
"""

# Timers that other features set, with `ctx.schedule_timer`.
# Something that meetings are timed by has changed.
MEETINGS_REPLAN = "meetings.plan"
# A meeting's card is out of date. The value is the meeting.
MEETING_CARD_STALE = "meetings.card"
# A round opened, and has to be posted. The value is the round.
ROUND_OPENED = "rounds.opened"
# A round is to be asked of some people in private. The value is the round and the people: "7 12 15".
ROUND_ASKED = "rounds.asked"
# A round was deleted, and what was posted of it has to say so. The value is the round and its kind: "7 checkin".
ROUND_DELETED = "rounds.deleted"
# A request was left out because the bot was down when it was due. The value is its day.
REQUEST_MISSED = "schedule.missed"
# Somebody's role changed, and has to be told. The value is the person, who did it, and what they are now.
ROLE_CHANGED = "admin.role_changed"

# The community has left its program. What it shared with the program is now its own.
PROGRAM_ENDED = "resources.program_ended"

# Timers of features that keep something in step with meetings. Set after each plan.
AGENDA_FOLLOWS_MEETINGS = "agenda.follow"
JOINT_FOLLOWS_MEETINGS = "kinds.follow"
MEETING_FOLLOWERS = (AGENDA_FOLLOWS_MEETINGS, JOINT_FOLLOWS_MEETINGS)

# Clicks that another feature's message offers as a button.
ANSWER_FEEDBACK = "feedback.answer"  # value: a meeting
ANSWER_ROUND = "rounds.answer"  # value: a round
BEGIN_ROUND = "rounds.begin"  # value: a check-in
CALENDAR_FILE = "calendar.file"  # value: a meeting
JOIN = "members.join"
MUTE_ROUND = "rounds.mute"  # value: a round
MUTE_CHECKIN = "rounds.mute_checkin"  # value: a round
MUTE_PARTS = "schedule.mute"
NOT_THIS_WEEK = "rounds.not_this_week"
OPEN_CYCLES = "cycles.open"
OPEN_HOME = "home.open"
OPEN_WRITTEN = "mydata.thing"  # value: a kind of writing, "/" and a row
OPEN_NOTES = "notes.open"  # value: a meeting
PROGRAM_REPORT = "reports.program"  # value: a program
RSVP = "meetings.rsvp"  # value: a meeting and the reply
ASK_TO_LEAVE = "members.ask_to_leave"
MEMBER_SETTINGS = "members.settings"
SCHEDULE_CHECKIN = "schedule.own"  # value: a check-in, ".", and when it is usually asked
SET_UP = "setup.begin"
SUGGEST_TOPIC = "agenda.suggest"  # value: a kind of topic
TAKE_TASK = "kinds.take"  # value: a task

# Timer of the core: a post no longer holds and is drawn anew. The value is the post's key.
POST_ENDS = "posts.ends"

# Keys of a meeting's posts, without "." and the meeting at the end, for features that post in their threads.
MEETING_CARD = "meetings.card"
ROUND_CARD = "rounds.card"  # and the round
ROUND_QUESTION = "rounds.ask"  # and the round: its question to one person
# A reminder that one person asked for. As requests do, it says that its question has closed to who has left since.
ROUND_REMINDER = "rounds.asked_for"  # and the round, ".", and when it was asked for
MEETING_CHANGED = "meetings.changed"
WELCOME = "setup.welcome"  # and the community
