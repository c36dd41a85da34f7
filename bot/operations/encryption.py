"""Locks away what must not be read from the database alone, such as a workspace's token, and opens it again.

The keys are in COP_KEYS, newest first: what is new is locked with the first, and each of them still opens.
"""

from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings import BadSettings


class Locked(Exception):
    """None of the keys opens it, it was changed, or its time is over."""


def new_key() -> str:
    return Fernet.generate_key().decode()


def split(keys: str) -> list[str]:
    """The single keys of COP_KEYS."""
    return [key.strip() for key in keys.split(",") if key.strip()]


class TokenCipher:
    def __init__(self, keys: str) -> None:
        """Raises BadSettings where one of `keys` ("newest,older") is none, never showing it."""
        try:
            self._keys = MultiFernet([Fernet(key) for key in split(keys)])
        except ValueError:  # also where there is none at all
            raise BadSettings(
                "COP_KEYS cannot be used. It is one key, or several with commas between them, newest first; "
                "cop keys new prints one."
            ) from None

    def lock(self, text: str) -> str:
        return self._keys.encrypt(text.encode()).decode()

    def open(self, locked: str) -> str:
        """Raises Locked."""
        try:
            return self._keys.decrypt(locked.encode()).decode()
        except InvalidToken:
            raise Locked from None

    def renew(self, locked: str) -> str:
        """The same, locked with the first key. Raises Locked."""
        try:
            return self._keys.rotate(locked.encode()).decode()
        except InvalidToken:
            raise Locked from None

    def lend(self, text: str, now: datetime) -> str:
        """Something to hand out that can be given back for a while."""
        return self._keys.encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def take_back(self, lent: str, seconds: int, now: datetime) -> str:
        """What was lent, at most `seconds` ago. Raises Locked."""
        try:
            return self._keys.decrypt_at_time(lent.encode(), seconds, int(now.timestamp())).decode()
        except InvalidToken:
            raise Locked from None
