"""Settings, read from environment variables or from lines in a file named `.env`.

The environment wins over the file. Neither the file nor a relative path depends on the folder where a command is typed:
both belong to `home()`. `make docs` writes `.env.example` and docs/reference/settings.md from the
descriptions here.
"""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

DOTENV = Path(".env")  # in home()
SQLITE_FILE = ":///"  # what comes before the path in the URL of a SQLite file


class BadSettings(Exception):
    """A setting can't be used. The text names it and says what is allowed. It never contains a secret."""


def home() -> Path:
    """Return the folder of this installation: it holds `.env`, and relative paths in settings start there.

    COP_HOME names it. Otherwise it is the folder of the code or, where the code is installed as a package, the folder
    of its virtual environment.
    """
    if named := os.environ.get("COP_HOME"):
        return Path(named).absolute()
    code = Path(__file__).resolve().parents[1]
    if (code / "pyproject.toml").exists():
        return code
    return Path.home() / "commonplace" if sys.prefix == sys.base_prefix else Path(sys.prefix).resolve().parent


def _in_home(path: Path) -> Path:
    return home() / path.expanduser()


class Part(StrEnum):
    """Headings for groups of settings, in `.env.example` and in the reference."""

    DATA = "Where things are kept"
    WORDS = "What people type"
    LOGS = "Logs and health"
    SLACK = "Slack"
    DISCORD = "Discord"
    PLAYGROUND = "The playground"


def _web_address(schemes: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).hostname):
            raise ValueError(f"a web address that starts with {schemes[0]}://")
        return value

    return AfterValidator(check)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _setting(part: Part, default: Any, description: str, **limits: Any) -> Any:
    return Field(default=default, description=description, json_schema_extra={"part": part}, **limits)


# At most 20 characters: Slack and Discord allow 32 for a command, and the longest one adds "-facilitate" to this word.
RootWord = Annotated[str, BeforeValidator(_lower), Field(pattern=r"^[a-z][a-z0-9-]{0,19}$")]
Port = Annotated[int, Field(ge=0, le=65535)]
HttpAddress = Annotated[str, _web_address(("https", "http"))]
SocketAddress = Annotated[str, _web_address(("wss", "ws"))]


class Settings(BaseSettings):
    """Every setting of the bot. An empty value counts as not set."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    cop_data: Annotated[Path, AfterValidator(_in_home)] = _setting(
        Part.DATA,
        Path("data"),
        "The folder for the database and exports. The bot makes it when it is missing. A relative path starts in the "
        "folder of the bot, wherever a command is typed.",
        validate_default=True,
    )
    database_url: str = _setting(
        Part.DATA,
        "",
        "The database. Empty means a SQLite file in the data folder. "
        "For PostgreSQL: postgresql://user:password@host/name",
        repr=False,
    )
    cop_keys: SecretStr = _setting(
        Part.DATA,
        SecretStr(""),
        "What tokens in the database are locked with: keys with commas between them, newest first. "
        "cop keys new prints one. Needed to install in many Slack workspaces.",
    )
    cop_root: RootWord = _setting(
        Part.WORDS,
        "cop",
        "The word that commands start with: cop gives /cop, /cop-facilitate and /cop-admin. "
        "Up to 20 lower-case letters, digits and hyphens, a letter first.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = _setting(
        Part.LOGS, "info", "How much the bot writes about its own work."
    )
    log_format: Annotated[Literal["console", "json"], BeforeValidator(_lower)] = _setting(
        Part.LOGS, "console", "console for people, json (one object a line) for log collectors."
    )
    http_host: str = _setting(
        Part.LOGS,
        "127.0.0.1",
        "The address that /healthz, /readyz, /metrics and Slack's HTTP mode answer on. 127.0.0.1 is this machine only.",
    )
    http_port: Port = _setting(Part.LOGS, 8080, "The port of that address. 0 takes any free one.")
    public_address: Annotated[HttpAddress, AfterValidator(lambda value: value.rstrip("/"))] = _setting(
        Part.LOGS,
        "",
        "Where people reach the bot's own pages from outside, such as https://bot.example.org, if a web server passes "
        "that on to HTTP_HOST and HTTP_PORT. With it members get private calendar links that stay up to "
        "date, and reports open as pages.",
    )
    metrics: bool = _setting(Part.LOGS, False, "Serve Prometheus figures at /metrics.")
    otel_endpoint: HttpAddress = _setting(
        Part.LOGS,
        "",
        "Where an OpenTelemetry collector of yours takes traces over HTTP, such as "
        "http://collector.example.org:4318/v1/traces. Needs the extra otel. Empty means no traces.",
    )
    sentry_dsn: SecretStr = _setting(
        Part.LOGS,
        SecretStr(""),
        "The DSN of a Sentry project of yours, to be told of faults, without what anybody typed. "
        "Needs the extra sentry. Empty means that nobody is told.",
    )
    slack_bot_token: SecretStr = _setting(
        Part.SLACK,
        SecretStr(""),
        "Bot User OAuth Token, starts with xoxb-. From OAuth & Permissions on your app's page. Empty means no Slack.",
    )
    slack_app_token: SecretStr = _setting(
        Part.SLACK,
        SecretStr(""),
        "App-level token with connections:write, starts with xapp-. From Basic Information. "
        "With it the bot uses Socket Mode, which needs no public address.",
    )
    slack_signing_secret: SecretStr = _setting(
        Part.SLACK,
        SecretStr(""),
        "Signing Secret, from Basic Information. Needed when there is no app-level token: "
        "Slack then sends what happens to this bot's own address (HTTP mode).",
    )
    slack_client_id: str = _setting(
        Part.SLACK,
        "",
        "Client ID, from Basic Information, to install the bot in many workspaces at /slack/install. "
        "Needs SLACK_CLIENT_SECRET, COP_KEYS and PUBLIC_ADDRESS, and takes the place of SLACK_BOT_TOKEN.",
    )
    slack_client_secret: SecretStr = _setting(
        Part.SLACK, SecretStr(""), "Client Secret, from Basic Information. Belongs to SLACK_CLIENT_ID."
    )
    slack_threads: bool = _setting(
        Part.SLACK,
        False,
        "Let people answer in the thread under a question. Needs the scopes and events of `cop manifest slack "
        "--threads`, with which Slack sends the bot every message of its channels. It drops all others unread.",
    )
    slack_base_url: HttpAddress = _setting(
        Part.SLACK, "https://slack.com/api/", "Slack's Web API. Change it only to test."
    )
    discord_token: SecretStr = _setting(
        Part.DISCORD,
        SecretStr(""),
        "Bot token, from the Bot page of your app in the Developer Portal. Empty means no Discord.",
    )
    discord_shards: Annotated[str, BeforeValidator(_lower), Field(pattern=r"^(auto|[1-9][0-9]{0,3})$")] = _setting(
        Part.DISCORD,
        "1",
        "How many connections to Discord share the servers, over all processes on one PostgreSQL: the same number for "
        "each. Discord wants one for at most 2,500 servers. auto asks Discord how many.",
    )
    discord_api_base: HttpAddress = _setting(
        Part.DISCORD, "", "Discord's HTTP API, when it is not Discord's own. Set it only to test."
    )
    discord_gateway_url: SocketAddress = _setting(
        Part.DISCORD, "", "Discord's gateway, when it is not Discord's own. Set it only to test."
    )
    port: Port = _setting(
        Part.PLAYGROUND, 8765, "The port of the playground that cop demo serves. 0 takes any free one."
    )

    @property
    def database(self) -> str:
        """Return the database URL: DATABASE_URL, or a SQLite file in COP_DATA."""
        kind, slashes, file = self.database_url.partition(SQLITE_FILE)
        if not self.database_url:
            return f"sqlite:///{self.cop_data / 'commonplace.db'}"
        if kind.startswith("sqlite") and file and not file.startswith((":memory:", "file:")):
            return f"{kind}{slashes}{_in_home(Path(file))}"
        return self.database_url

    @property
    def secrets(self) -> list[str]:
        """Return every secret, so that logs can hide them: tokens, encryption keys, the database password."""
        tokens = [v.get_secret_value() for v in dict(self).values() if isinstance(v, SecretStr)]
        keys = self.cop_keys.get_secret_value().split(",")
        return [secret for secret in (*tokens, *map(str.strip, keys), _password(self.database_url)) if secret]


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


def load(env_file: Path | None = DOTENV, **given: Any) -> Settings:
    """Load settings from the environment and `env_file`, a path in `home()`.

    `given` (from the command line) wins over both. Raises BadSettings, with a text for the person who starts the bot.
    """
    file = env_file and home() / env_file
    try:
        return Settings(**(given | {"_env_file": file}))
    except ValidationError as bad:
        problems = [_explain(error) for error in bad.errors()]
        # The validation error contains the value, which may be a secret: don't chain it.
        raise BadSettings("\n".join(problems)) from None
    except (SettingsError, OSError, UnicodeDecodeError) as bad:
        raise BadSettings(f"I cannot read {file}: {type(bad).__name__}.") from None


def _explain(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    field = Settings.model_fields[name]
    hidden = field.annotation is SecretStr or not field.repr
    problem = f"{name.upper()} cannot be used" if hidden else f"{name.upper()} cannot be {str(error['input'])!r}"
    return f"{problem}.{_allowed_values(error)} {field.description}"


def _allowed_values(error: ErrorDetails) -> str:
    limits = error.get("ctx", {})
    match error["type"]:
        case "literal_error":
            return f" It must be one of {limits['expected']}."
        case "int_parsing" | "int_type" | "greater_than_equal" | "less_than_equal":
            return " It must be a whole number from 0 to 65535."
        case "bool_parsing" | "bool_type":
            return " It must be true or false."
        case "value_error":
            return f" It must be {limits['error']}."
        case _:
            return ""
