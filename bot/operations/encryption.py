"""Encryption of what must not be readable from the database alone, such as a workspace's token. Uses Fernet.

The keys are in COP_KEYS, newest first. The first one encrypts; each of them can decrypt.
"""

from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings import BadSettings


class Locked(Exception):
    """No key decrypts it, it was changed, or it has expired."""


def new_key() -> str:
    return Fernet.generate_key().decode()


def split(keys: str) -> list[str]:
    """Return the keys in COP_KEYS."""
    return [key.strip() for key in keys.split(",") if key.strip()]


class TokenCipher:
    """Encrypts and decrypts short texts with the keys of COP_KEYS."""

    def __init__(self, keys: str) -> None:
        """Raises BadSettings if `keys` ("newest,older") is empty or one isn't a valid key. The text never shows it."""
        try:
            self._keys = MultiFernet([Fernet(key) for key in split(keys)])
        except ValueError:
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
        """Encrypt again with the first key. Raises Locked."""
        try:
            return self._keys.rotate(locked.encode()).decode()
        except InvalidToken:
            raise Locked from None

    def lend(self, text: str, now: datetime) -> str:
        """Encrypt with a timestamp: a token to hand out, which `take_back` accepts for a limited time."""
        return self._keys.encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def take_back(self, lent: str, seconds: int, now: datetime) -> str:
        """Decrypt what `lend` returned at most `seconds` ago. Raises Locked."""
        try:
            return self._keys.decrypt_at_time(lent.encode(), seconds, int(now.timestamp())).decode()
        except InvalidToken:
            raise Locked from None
