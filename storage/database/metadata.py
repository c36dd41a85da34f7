"""Imports every module of `storage`, so that SQLModel.metadata holds every table.

For migrations, and for anything else that must see them all.
"""

from importlib import import_module
from pkgutil import walk_packages

from sqlmodel import SQLModel

import storage

for _module in walk_packages(storage.__path__, "storage."):
    if not _module.name.startswith("storage.migrations"):
        import_module(_module.name)

# SQLite must never reuse the id of a deleted row: old buttons and the keys of old messages contain ids.
for _table in SQLModel.metadata.tables.values():
    if "id" in _table.c:
        _table.dialect_options["sqlite"]["autoincrement"] = True
