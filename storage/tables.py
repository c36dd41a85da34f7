"""Every table there is: importing this module is knowing the whole database."""

from importlib import import_module
from pkgutil import iter_modules

from sqlmodel import SQLModel

import storage

for _module in iter_modules(storage.__path__):
    if _module.name not in ("tables", "migrations", "db"):
        import_module(f"storage.{_module.name}")

for _table in SQLModel.metadata.tables.values():
    if "id" in _table.c:  # a number is never given again: old buttons and the keys of old messages hold them
        _table.dialect_options["sqlite"]["autoincrement"] = True
