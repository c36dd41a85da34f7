"""Keys of deliveries that this process has taken in lately, so that one that only reads is answered once too.

An event that changed something is remembered in the database, with its effects. For one that only reads, that would be
a needless write.
"""

from collections import OrderedDict
from threading import Lock

# Slack sends again for five minutes. Each key takes about 200 bytes.
MOST = 10_000


class RecentKeys:
    """The newest keys. Thread-safe. An empty key is never remembered."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._lock = most, Lock()
        self._keys: OrderedDict[str, None] = OrderedDict()

    def add(self, key: str) -> bool:
        """Add a key. Returns False if it is there already."""
        if not key:
            return True
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = None
            if len(self._keys) > self._most:
                self._keys.popitem(last=False)
            return True

    def __contains__(self, key: str) -> bool:
        with self._lock:
            return key in self._keys

    def discard(self, key: str) -> None:
        """Forget a key, because what it names is to be handled again."""
        with self._lock:
            self._keys.pop(key, None)
