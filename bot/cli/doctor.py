"""`cop doctor`: checks everything the bot needs, and says how to fix what is wrong.

Changes nothing, except that it takes away other users' rights to the data. Creates no database.
"""

import asyncio
import os
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from bot.bootstrap.process import make_app
from bot.bootstrap.serve import NothingToRun, platforms
from bot.bootstrap.slack import is_for_many
from bot.core.clock import RealClock
from bot.core.permissions import Role
from bot.core.platform import Check, ConnectedChannel, HidesCommands, RoleHolder, TellsNothingOfChannels
from bot.i18n import gettext as _
from bot.settings import DOTENV, BadSettings, Settings, home
from storage import database
from storage.communities import communities
from storage.communities.communities import Channel, Community
from storage.database import faults, files, integrity, process_lock
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing
from storage.people import people

MOST_SKEW = 60.0  # seconds; Slack refuses requests that are five minutes off
ASK = ClientTimeout(total=8)
T = TypeVar("T")


async def examine(settings: Settings) -> list[Check]:
    """Run every check, in the order in which it makes sense to fix them."""
    checks = [_env_file(), *await asyncio.to_thread(lambda: list(_database(settings)))]
    checks += await asyncio.to_thread(lambda: list(_files(settings)))
    try:
        engine = await asyncio.to_thread(_engine, settings)
        found = platforms(settings, make_app(settings, engine, RealClock()))
    except NothingToRun as nothing:
        return [*checks, Check(_("Platforms"), False, _("None is set up."), str(nothing))]
    except BadSettings as bad:
        return [*checks, Check(_("Platforms"), False, _("The settings do not go together."), str(bad))]
    checks.append(await _clock(settings))
    for platform in found.values():
        try:
            checks += await platform.diagnose()
            if isinstance(platform, HidesCommands):
                checks += await platform.find_hidden(await _read(settings, partial(_holders, platform=platform.name)))
            if isinstance(platform, TellsNothingOfChannels):
                connected = await _read(settings, partial(_connected, platform=platform.name))
                checks += await platform.find_unreachable(connected)
        except Exception as fault:
            checks.append(
                Check(
                    platform.name,
                    False,
                    _("It could not be asked: {fault}").format(fault=type(fault).__name__),
                    _("Check this machine’s way to the internet, then try again."),
                )
            )
    return checks


def _engine(settings: Settings) -> Engine:
    """Return a database for the adapters. Their checks need ours only for the workspaces that installed the bot.

    Otherwise, and if ours isn't usable, it is an empty one in memory.
    """
    if is_for_many(settings):
        # Another check reports what is wrong with the database.
        with suppress(Exception):
            return database.connect_existing(settings.database)
    empty = database.connect("sqlite://")
    if is_for_many(settings):
        database.upgrade(empty)
    return empty


async def _read(settings: Settings, query: Callable[[Session], list[T]]) -> list[T]:
    """Return what `query` finds: nothing if the database doesn't work or is an older one, which another check says."""

    def read() -> list[T]:
        try:
            engine = database.connect_existing(settings.database)
        except Exception:
            return []
        try:
            with Session(database.for_reading(engine)) as session:
                return query(session)
        except SQLAlchemyError:
            return []
        finally:
            engine.dispose()

    return await asyncio.to_thread(read)


def _connected(session: Session, platform: str) -> list[ConnectedChannel]:
    """Return the channels of this platform that communities are connected to."""
    names = {row.id: row.name for row in communities.every(session)}
    rows = communities.channels_on(session, platform)
    return [ConnectedChannel(row.space, row.channel, names[row.community_id]) for row in rows]


def _holders(session: Session, platform: str) -> list[RoleHolder]:
    """Return who has a role in a community on this platform."""
    found = []
    for channel in communities.channels_on(session, platform):
        for person in people.with_role(session, channel.community_id, Role.FACILITATOR):
            account = people.account_on(session, people.key(person), platform)
            row = people.membership(session, channel.community_id, people.key(person))
            if account and row:
                held = {"admin": row.role == Role.ADMIN, "facilitator": people.does_facilitate(row)}
                roles = [role for role, has in held.items() if has]
                found += [RoleHolder(channel.space, account.external, role) for role in roles]
    return list(dict.fromkeys(found))


def _env_file() -> Check:
    file = home() / DOTENV
    name = str(file)
    if not file.exists():
        return Check(name, True, _("There is none; settings come from the environment."))
    if os.name == "posix" and file.stat().st_mode & 0o077:
        fix = f"chmod 600 {shlex.quote(name)}"
        return Check(name, False, _("Other people on this machine can read it, and it holds tokens."), fix)
    return Check(name, True, _("Only you can read it."))


def _database(settings: Settings) -> Iterator[Check]:
    name = _("Database")
    try:
        named = database.name_of(settings.database)
        if (file := database.file_of(settings.database)) and not file.exists():
            yield Check(name, True, _("{database} isn’t there yet. cop run creates it.").format(database=named))
            return
        engine = database.connect(settings.database, create=False)
        at, wanted = database.revision(engine)
    except database.UnusableDatabase as why:
        yield Check(name, False, str(why))
        return
    except Exception as fault:
        yield Check(name, False, faults.explain(fault, settings.database))
        return
    if at is None:
        says = _("{database} is empty. cop run or cop db upgrade creates its tables.").format(database=named)
        yield Check(name, True, says)
        return
    if at != wanted:
        known = database.knows(at)
        says = _("{database} is at revision {at}, and this version needs {wanted}.").format(
            database=named, at=at, wanted=wanted
        )
        fix = "cop db upgrade" if known else _("It was last used by a newer version of Commonplace: start that one.")
        yield Check(name, False, says, fix)
        return
    yield Check(name, True, _("{database} is connected and up to date.").format(database=named))
    try:
        yield _integrity(engine)
        with Session(database.for_reading(engine)) as session:
            yield from _channels(session)
    except Exception as fault:
        yield Check(name, False, faults.explain(fault, settings.database))
    finally:
        engine.dispose()


def _integrity(engine: Engine) -> Check:
    name = _("Stored data")
    if problem := integrity.problem(engine):
        return Check(
            name,
            False,
            _("The database is damaged: {problem}").format(problem=problem),
            _("Stop the bot, keep a copy of the file, and restore the latest backup with cop restore."),
        )
    return Check(name, True, _("Every table can be read."))


def _files(settings: Settings) -> Iterator[Check]:
    """Say who runs on the SQLite file, and take away other users' rights to it."""
    try:
        file = database.file_of(settings.database)
        holder = process_lock.holder(settings.database) if file else None
    except (database.UnusableDatabase, sqlite3.Error):
        return
    if file is None or not file.exists():
        return
    running = _("It’s running: {holder}.").format(holder=holder) if holder else _("No bot runs on this database now.")
    yield Check(_("Bot"), True, running)
    name = _("Data folder")
    closed, still_open = files.make_all_private(file, settings.cop_data)
    if still_open:
        listed = ", ".join(map(str, still_open))
        fix = f"sudo chmod go= {shlex.join(map(str, still_open))}"
        yield Check(name, False, _("Other people on this machine can open {paths}.").format(paths=listed), fix)
    elif closed:
        says = _("Other people on this machine could open {paths}. I’ve fixed that.")
        yield Check(name, True, says.format(paths=", ".join(map(str, closed))))
    else:
        yield Check(name, True, _("Only you can open it."))


def _channels(session: Session) -> Iterator[Check]:
    """Check each connected channel by what happened to the last message for it."""
    for channel, community in session.exec(select(Channel, Community).join(Community)).all():
        last = session.exec(
            select(Outgoing)
            .where(col(Outgoing.key).endswith(f"@{channel.id}"), Outgoing.community_id == community.id)
            .order_by(col(Outgoing.id).desc())
        ).first()
        name = _("Channel of {community} on {platform}").format(community=community.name, platform=channel.platform)
        if channel.unreachable:
            yield Check(
                name,
                False,
                _("{channel} can’t be reached: {why}.").format(
                    channel=f"#{channel.name}" if channel.name else channel.channel, why=channel.unreachable
                ),
                _("Let the bot see it and post there, or bind another with the admin command channel bind."),
            )
        elif last is not None and last.state == outbox.FAILED:
            yield Check(
                name,
                False,
                _("The last message could not be delivered: {why}.").format(why=last.problem),
                _("Invite the bot to the channel again, or bind another with the admin command channel bind."),
            )
        else:
            yield Check(name, True, _("Nothing is stuck."))


async def _clock(settings: Settings) -> Check:
    """Compare this machine's clock with the platform's."""
    name, url = _("Clock"), settings.slack_base_url
    if not settings.slack_bot_token.get_secret_value() and not is_for_many(settings):
        url = settings.discord_api_base or "https://discord.com/api/v10/gateway"
    try:
        async with ClientSession(timeout=ASK) as http, http.get(url) as answer:
            platform_time = parsedate_to_datetime(answer.headers["Date"])
    except (ClientError, TimeoutError, KeyError, ValueError):
        return Check(name, True, _("The platform did not tell its time, so this machine’s was not compared."))
    skew = (datetime.now(UTC) - platform_time).total_seconds()
    if abs(skew) > MOST_SKEW:
        return Check(
            name,
            False,
            _("This machine’s clock is {n} seconds off.").format(n=round(skew)),
            _("Let this machine set its clock from the network (NTP)."),
        )
    return Check(name, True, _("It is right."))
