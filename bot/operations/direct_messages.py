"""Direct messages to the bot of which it remembers that they became an answer."""

from sqlmodel import Session

from bot.core.app import App
from storage.messaging import answer_messages
from storage.people import people


def writer(app: App, platform: str, message: str) -> str:
    """Return the platform's id of who wrote a direct message; "" if the bot remembers none. Blocks on the database."""
    with Session(app.read_engine) as session:
        row = answer_messages.find(session, platform, message)
        account = people.account_on(session, row.person_id, platform) if row else None
        return account.external if account else ""
