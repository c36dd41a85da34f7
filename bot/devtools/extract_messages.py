"""`make messages`: collects every message of the bot into one template, and updates the translations from it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from sqlmodel import SQLModel

from bot.features import ALL
from bot.features.prompts import bank
from bot.i18n import CADENCE, LOCALES
from storage.database import foreign_keys, metadata  # noqa: F401  (the tables make themselves known)
from storage.database.personal import policy

TEMPLATE = LOCALES / "commonplace.pot"
SPOKEN_IN = (LOCALES.parent, LOCALES.parent.parent / "adapters")
ABOUT_CADENCE = (
    "bot/cadence/",
    "bot/domain/touchpoint_words.py",
    "bot/features/meetings/cadence/views.py",
    "bot/features/setup/cadence_views.py",
    "bot/cli/cadence.py",
)
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

# Written by hand, because Babel's own header contains the time, which would change the file every time.
HEADER = """\
# Everything that Commonplace says. `make messages` writes this file.
msgid ""
msgstr ""
"Project-Id-Version: Commonplace\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def collected() -> Catalog:
    """Return every message of the bot, with the file it is in."""
    catalog = Catalog()
    for folder in SPOKEN_IN:
        found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=KEYWORDS)
        for name, _line, message, comments, context in sorted(found, key=lambda each: each[:2]):
            catalog.add(message, locations=[(f"{folder.name}/{name}", 0)], auto_comments=comments, context=context)
    for words, module in _registry_labels():
        catalog.add(words, locations=[(f"{module.replace('.', '/')}.py", 0)])
    return catalog


def about_cadence(catalog: Catalog) -> Catalog:
    """Return only the messages about cadence, which a language can have before it has all."""
    part = Catalog()
    for message in catalog:
        places = [place for place in message.locations if place[0].startswith(ABOUT_CADENCE)]
        if message.id and places:
            part.add(message.id, locations=places, auto_comments=message.auto_comments, context=message.context)
    return part


def _registry_labels() -> Iterator[tuple[str, str]]:
    """Yield words in tables and registries, which are translated when they are shown: the words, their module."""
    for feature in ALL:
        yield from ((spec.help, spec.route.handler.__module__) for spec in feature.commands.values())
        yield from ((spec.label, spec.route.handler.__module__) for spec in feature.shortcuts.values())
    yield from ((category, bank.__name__) for category in bank.CATEGORIES)
    module = {table.__name__.lower(): table.__module__ for table in SQLModel.__subclasses__()}
    labelled = ((policy(column).label, module[table.name]) for table, column in foreign_keys.to_people())
    yield from (each for each in labelled if each[0])


def template(catalog: Catalog) -> str:
    """Return the text of the template. It is reproducible: the same messages always give the same text."""
    written = BytesIO()
    write_po(written, catalog, width=100, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEADER + written.getvalue().decode()


def renew(translation: Path, catalog: Catalog) -> None:
    """Update one translation (a .po file) from `catalog`, and compile it to the .mo file that the bot reads."""
    with translation.open("rb") as file:
        known = read_po(file, locale=translation.parent.parent.name)
    known.update(catalog, update_creation_date=False)
    with translation.open("wb") as file:
        write_po(file, known, width=100, include_lineno=False)
    with translation.with_suffix(".mo").open("wb") as file:
        write_mo(file, known)


def main() -> None:
    catalog = collected()
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_text(template(catalog), encoding="utf-8")
    for translation in sorted(LOCALES.glob("*/LC_MESSAGES/commonplace.po")):
        renew(translation, catalog)
    for translation in sorted(LOCALES.glob(f"*/LC_MESSAGES/{CADENCE}.po")):
        renew(translation, about_cadence(catalog))


if __name__ == "__main__":
    main()
