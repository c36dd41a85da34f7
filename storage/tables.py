"""Every table there is: importing this module is knowing the whole database."""

from importlib import import_module
from pkgutil import iter_modules

import storage

for _module in iter_modules(storage.__path__):
    if _module.name not in ("tables", "migrations", "db"):
        import_module(f"storage.{_module.name}")
