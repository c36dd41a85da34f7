"""A community's check-ins in the playground, in chapters: every card and form of theirs is looked at."""

from tests.browser.page import Page

ROOM = "new-community"
PEOPLE = ("Kit Larsen", "Mei Tanaka", "Olu Adeyemi", "Ana Ruiz", "Jon Park")
LINES = """\
How full is your plate? (1-5: light ... too full) *
Would a hand help? (yes/no)
  if yes: With what? (short)
Where were you? (several: gym / yard / room)
How many shifts could you not cover? (number)
When is your next walk? (date)
What got in the way, that a person who runs a program ten years from now should still want to read about?"""


def be(page: Page, person: str) -> Page:
    return page.be(person).open_channel(ROOM)


def build(page: Page) -> None:
    be(page, "Ben Okafor").type_command("/cop-facilitate checkin new")
    page.look("builder-start")
    page.choose("Choose a template", "Energy and load · about 2 minutes")
    page.look("builder-template")
    page.press("Try it")
    page.look("builder-trial")
    page.fill({"How full is your plate?": "3"})
    page.look("builder-tried")
    page.press("Back to the preview").press("Throw away")

    page.type_command("/cop-facilitate checkin new").press("Write my own")
    page.fill({"What is it called?": "Load and walks", "One question per line": LINES.replace("number", "numbr")})
    page.look("builder-lines-problem")
    page.fill({"One question per line": LINES})
    page.look("builder-preview")
    page.choose("Change one question", "3. With what?")
    page.look("builder-one")
    page.fill({}).press("Name and readers")
    page.look("builder-about")
    page.fill({"What should I say when it’s sent?": "Thank you. We’ll look at this on Wednesday."})
    page.press("Use it")
    page.look("builder-saved")
    page.type_command("/cop-facilitate checkin list").choose("Choose one", "Load and walks")
    page.look("builder-one-saved")
    page.press("Ask it now")
    page.look("builder-ask")
    page.fill({})
    page.look("checkin-asked")


def answer(page: Page) -> None:
    for n, person in enumerate(PEOPLE):
        be(page, person).press("Answer", on="Load and walks")
        if not n:
            page.look("answer-page-1")
        page.fill({"How full is your plate?": str(n % 3 + 2), "Would a hand help?": "No"})
        if not n:
            page.look("answer-so-far")
        page.press("Continue")
        if not n:
            page.look("answer-page-2")
        page.fill({"Question 7 of 7": f"The late bus came late on Tuesday, said {person}"}, send=False)
        page.fill({"Where were you?": ["gym", "yard"]})
        if not n:
            page.look("answer-thanks")


def press_once(page: Page) -> None:
    """A question on a scale is answered by one press on its card."""
    be(page, "Ben Okafor").type_command("/cop-facilitate checkin new").press("Write my own")
    page.fill({"What is it called?": "Plate", "One question per line": LINES.partition("\n")[0]})
    page.press("Use it").press("Ask it now").fill({})
    be(page, "Kit Larsen").look("press-card")
    page.press("4", on="Plate")
    page.look("press-thanks")
    page.press("Add words")
    page.look("press-words")
    page.fill({})


def answer_anonymously(page: Page) -> None:
    be(page, "Ben Okafor").type_command("/cop-facilitate checkin new").press("Write my own")
    page.fill({"What is it called?": "Honest look", "One question per line": "What is hard right now?"})
    page.press("Name and readers").fill({"Who reads the answers?": "Everyone here; no one can tell who wrote"})
    page.press("Use it").press("Ask it now").fill({})
    for n, person in enumerate(PEOPLE):
        be(page, person)
        if not n:
            page.look("anonymous-card")
        page.press("Answer", on="Honest look")
        if not n:
            page.look("anonymous-form")
        page.fill({"Your answer": f"Thing {n}"})
        if not n:
            page.look("anonymous-thanks")


def put_off(page: Page) -> None:
    """What is written to the bot alone is looked at too."""
    page.be("Mei Tanaka").open_direct()
    for said in ("help", "later", "stop", "The bus came late"):
        page.type_command(said)
        page.look(f"said-{said.split()[0].lower()}")


def read(page: Page) -> None:
    """Ben closes everything, reads the summaries, and gives them their themes."""
    for name in ("Load and walks", "Honest look"):
        be(page, "Ben Okafor").type_command("/cop-facilitate checkin close")
        page.look("close-which")
        page.choose("Choose one", name)
        page.look("close")
        page.press("Close it now").look(f"closed-{name.split()[0].lower()}")
    page.press("Add themes", on="Load and walks")
    page.look("themes")
    page.fill({"Two to four themes you heard": "Buses, and full plates"})
    summary = page.tab.locator(".thread").filter(has_text="Buses, and full plates")
    page.look("summary", summary)
    page.press("Read all answers", on="Buses, and full plates").look("read-all")


def plan(page: Page) -> None:
    be(page, "Ada Romero").type_command("/cop-admin schedule show")
    page.look("schedule")
    page.type_command("/cop-admin schedule add Load and walks every Monday at 9")
    page.look("schedule-month")
    page.press("Change the words").fill({"When, and how?": "every blue moon"})
    page.look("schedule-form")
    page.fill({"When, and how?": "every Friday at 9 privately, open 2 days"})
    page.look("schedule-private")
    page.press("Save").look("schedule-saved")
    page.press("Show the schedule").press("Limits").look("schedule-limit")
    page.fill({}).choose("Start from a preset", "A check-in every week")
    page.look("schedule-preset")
    be(page, "Mei Tanaka").type_command("/cop schedule")
    page.look("schedule-for-members")
    page.press("Mute").look("schedule-mute")
    page.fill({"What shouldn’t reach you privately?": "Load and walks"})


def be_away(page: Page) -> None:
    page.type_command("/cop away").fill({"I’ll be back on": "yesterday"})
    page.look("away-form")
    page.fill({"I’ll be back on": "in 2 weeks"}).look("away")
    page.type_command("/cop settings pace").look("pace")
    page.press("I’m back").look("back")


def report(page: Page) -> None:
    be(page, "Ben Okafor").type_command("/cop-facilitate report")
    page.look("report")
    page.press("Open as a page").look("report-link")
    page.type_command("/cop data links").look("report-links")


CHAPTERS = (build, answer, press_once, answer_anonymously, put_off, read, plan, be_away, report)
