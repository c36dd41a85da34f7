"""Every table there is: importing this module is knowing the whole database."""

from importlib import import_module
from pkgutil import walk_packages

from sqlmodel import SQLModel

import storage

for _module in walk_packages(storage.__path__, "storage."):
    if not _module.name.startswith("storage.migrations"):
        import_module(_module.name)

for _table in SQLModel.metadata.tables.values():
    if "id" in _table.c:  # a number is never given again: old buttons and the keys of old messages hold them
        _table.dialect_options["sqlite"]["autoincrement"] = True
