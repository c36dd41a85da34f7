"""A SQLite file for tests, as new before each of them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from storage import db


@contextmanager
def emptied(folder: Path) -> Iterator[Callable[[], Engine]]:
    """Makes a file with every table; what it yields puts a copy of it in place and returns the engine on that."""
    pattern, file = folder / "empty.db", folder / "commonplace.db"
    making = db.connect(f"sqlite:///{pattern}")
    db.upgrade(making)
    making.dispose()
    engine = db.connect(f"sqlite:///{file}")

    def empty() -> Engine:
        engine.dispose()
        for left in folder.glob("commonplace.db*"):
            left.unlink()
        shutil.copy(pattern, file)
        return engine

    yield empty
    engine.dispose()
