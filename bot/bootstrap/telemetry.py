"""Sends traces to an OpenTelemetry collector and faults to Sentry, if the settings name one.

What people typed goes to neither: a span has names and ids, a fault has its type and the lines of code it came from.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import version
from types import TracebackType
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from bot.settings import BadSettings, Settings
from bot.telemetry.logs import cleaner
from bot.telemetry.tracing import About, TelemetryHooks, watchers

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from sentry_sdk.transport import Transport

LAST = 2.0  # seconds to flush reports at shutdown
Stop = Callable[[], None]


@contextmanager
def watched(settings: Settings) -> Iterator[None]:
    """Report traces and faults, as the settings say, while inside. Raises BadSettings if an extra isn't installed."""
    stops: list[Stop] = []
    try:
        if settings.otel_endpoint:
            with _extra("OTEL_ENDPOINT", "otel"):
                stops.append(trace(to_collector(settings.otel_endpoint)))
        if dsn := settings.sentry_dsn.get_secret_value():
            with _extra("SENTRY_DSN", "sentry"):
                stops.append(report_faults(dsn, settings.secrets))
        yield
    finally:
        watchers.span, watchers.fault = TelemetryHooks.span, TelemetryHooks.fault
        for stop in stops:
            stop()


@contextmanager
def _extra(setting: str, extra: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise BadSettings(
            f"{setting} is set, but what it needs is not installed. Install it with pip install '.[{extra}]', or "
            f"leave {setting} empty."
        ) from None


def to_collector(endpoint: str) -> "SpanExporter":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=endpoint)


def trace(exporter: "SpanExporter") -> Stop:
    """Send a span for each event and delivery to `exporter`, in the background. Returns a function that stops it."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import Status, StatusCode, get_current_span

    resource = Resource({"service.name": "commonplace", "service.version": version("commonplace")})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("commonplace")

    def span(name: str, about: About) -> AbstractContextManager[object]:
        named = {f"commonplace.{key}": value for key, value in about.items()}
        # The text of an exception may contain what somebody typed. `fault` records its type instead.
        return tracer.start_as_current_span(
            name, attributes=named, record_exception=False, set_status_on_exception=False
        )

    def fault(what: BaseException, _about: About) -> None:
        get_current_span().set_status(Status(StatusCode.ERROR, type(what).__name__))

    watchers.span = span
    _add_fault_hook(fault)
    return provider.shutdown


def report_faults(dsn: str, secrets: Sequence[str], transport: "type[Transport] | None" = None) -> Stop:
    """Send each fault to Sentry at `dsn`, in the background. Returns a function that stops it."""
    from sentry_sdk import Client

    # A client of our own, without integrations: it sends what it is given here and nothing else.
    client = Client(
        dsn=dsn,
        transport=transport,
        default_integrations=False,
        auto_session_tracking=False,
        send_client_reports=False,
        max_breadcrumbs=0,
        shutdown_timeout=LAST,
    )
    clean = cleaner(secrets)

    def fault(what: BaseException, about: About) -> None:
        client.capture_event(
            {
                "event_id": uuid4().hex,
                "level": "error",
                "platform": "python",
                "release": version("commonplace"),
                "server_name": "",
                "tags": {key: clean(value) for key, value in about.items()},
                "exception": {"values": [_without_words(what)]},
            }
        )

    _add_fault_hook(fault)
    return lambda: client.close(timeout=LAST)


def _without_words(what: BaseException) -> dict[str, Any]:
    """Return the fault's type and its lines of code, for Sentry. Without its text, and without variables."""
    return {
        "type": type(what).__name__,
        "module": type(what).__module__,
        "value": "",
        "stacktrace": {"frames": list(_frames(what.__traceback__))},
    }


def _frames(trace: TracebackType | None) -> Iterator[dict[str, Any]]:
    while trace:
        code, name = trace.tb_frame.f_code, str(trace.tb_frame.f_globals.get("__name__", ""))
        ours = name.partition(".")[0] in ("adapters", "bot", "scheduler", "storage")
        yield {"module": name, "function": code.co_name, "lineno": trace.tb_lineno, "in_app": ours}
        trace = trace.tb_next


def _add_fault_hook(fault: Callable[[BaseException, About], None]) -> None:
    """Add `fault` to the hooks that are set already."""
    earlier = watchers.fault

    def both(what: BaseException, about: About) -> None:
        earlier(what, about)
        fault(what, about)

    watchers.fault = both
