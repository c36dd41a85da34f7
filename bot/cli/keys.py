"""`cop keys rotate`: encrypts every token in the database with the first key."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.operations.encryption import TokenCipher
from bot.operations.installations import renew_every
from bot.settings import Settings
from storage import database


def rotate(settings: Settings) -> tuple[int, Sequence[str]]:
    """Encrypt every token anew. Returns how many, and the spaces whose token no key decrypts.

    Raises BadSettings and UnusableDatabase.
    """
    cipher = TokenCipher(settings.cop_keys.get_secret_value())
    engine = database.connect_existing(settings.database)
    try:
        with Session(engine) as session, session.begin():
            return renew_every(session, cipher)
    finally:
        engine.dispose()
