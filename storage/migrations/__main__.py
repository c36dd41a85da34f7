"""Writes the migration from the last revision to the tables in the code: `python -m storage.migrations "add consults"`.

It compares them with a new SQLite database, so no data is needed.
"""

import sys
import tempfile
from pathlib import Path

from storage import database

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        engine = database.connect(f"sqlite:///{Path(folder) / 'empty.db'}")
        database.upgrade(engine)
        database.new_revision(engine, sys.argv[1])
        engine.dispose()
