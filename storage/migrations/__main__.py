"""`python -m storage.migrations "what changed"` writes the step from the last revision to the tables in the code."""

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
