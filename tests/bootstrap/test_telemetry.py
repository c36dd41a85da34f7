"""What a trace collector and an error tracker are sent: how it went, and never what anyone typed."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import Any

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot.bootstrap.telemetry import report_faults, trace, watched
from bot.settings import BadSettings, Settings
from bot.telemetry.tracing import TelemetryHooks, watchers
from tests.support.chat import Chat
from tests.support.community import actors, create_community

TYPED = "Silent starts for xoxb-1234567890-abcdef"
DSN = "https://key@tracker.example.org/1"


@pytest.fixture(autouse=True)
def nobody_else() -> Iterator[None]:
    yield
    watchers.span, watchers.fault = TelemetryHooks.span, TelemetryHooks.fault


@pytest.fixture
def spans(chat: Chat) -> Iterator[Any]:
    exporter = InMemorySpanExporter()
    stop = trace(exporter)

    def finished() -> list[Any]:
        stop()
        return list(exporter.get_finished_spans())

    yield finished
    stop()


class RecordingTransport(Transport):
    envelopes: list[Envelope]

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        RecordingTransport.envelopes = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)


def breaks(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mei types something, and the bot fails while it handles her words."""
    create_community(chat)
    [mei] = actors(chat, "Mei")

    def fail(typed: str, *_more: object) -> None:
        raise ValueError(f"cannot read {typed}")

    monkeypatch.setattr(import_module("bot.features.availability.handlers"), "read_hours", fail)
    mei.types(f"quiet {TYPED}")


def test_each_event_and_delivery_has_one_span_with_one_id(chat: Chat, spans: Any) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open What did you try?")
    told = [(s.name, s.attributes.get("commonplace.kind"), s.attributes["commonplace.event_id"]) for s in spans()]
    [asked] = [id for name, kind, id in told if (name, kind) == ("event", "rounds.opened")]
    assert ("delivery", None, asked) in told


def test_span_holds_no_words(chat: Chat, spans: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(chat, monkeypatch)
    [event] = spans()
    assert (event.status.status_code.name, event.status.description) == ("ERROR", "ValueError")
    assert not event.events
    assert "Silent" not in event.to_json()
    assert set(event.attributes) == {"commonplace.kind", "commonplace.event_id"}


def test_fault_report_holds_its_place_and_reference_only(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error report has the place in the code and the error code, and nothing that anyone typed."""
    stop = report_faults(DSN, ["hunter22"], RecordingTransport)
    breaks(chat, monkeypatch)
    stop()
    [envelope] = RecordingTransport.envelopes
    told = envelope.get_event()
    assert told
    assert set(told["tags"]) == {"event_name", "reference", "event_id"}
    [broken] = told["exception"]["values"]
    assert (broken["type"], broken["value"]) == ("ValueError", "")
    assert "bot.core.app" in {frame["module"] for frame in broken["stacktrace"]["frames"]}
    whole = envelope.serialize().decode()
    for word in ("Silent", "xoxb", "cannot read", "Mei", "vars", "breadcrumbs"):
        assert word not in whole


def test_secret_in_a_fault_report_is_hidden() -> None:
    stop = report_faults(DSN, ["hunter22"], RecordingTransport)
    watchers.fault(RuntimeError(), {"event_name": "hunter22"})
    stop()
    assert "hunter22" not in RecordingTransport.envelopes[0].serialize().decode()


def test_traces_and_faults_may_be_reported_together(chat: Chat, spans: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = report_faults(DSN, [], RecordingTransport)
    breaks(chat, monkeypatch)
    stop()
    assert len(RecordingTransport.envelopes) == 1
    assert [span.status.status_code.name for span in spans()] == ["ERROR"]


@contextmanager
def listening() -> Iterator[tuple[int, list[tuple[str, bytes]]]]:
    """Run a collector and a tracker on this machine, and yield what they are sent."""
    heard: list[tuple[str, bytes]] = []

    class Ears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Ears) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, heard
        server.shutdown()


def test_traces_are_sent_to_the_address_in_the_settings(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as (port, heard):
        settings = Settings(
            otel_endpoint=f"http://127.0.0.1:{port}/v1/traces", sentry_dsn=SecretStr(f"http://key@127.0.0.1:{port}/7")
        )
        with watched(settings):
            breaks(chat, monkeypatch)
        assert {path for path, _body in heard} == {"/v1/traces", "/api/7/envelope/"}
        assert not [body for _path, body in heard if b"Silent" in body]
    assert (watchers.span, watchers.fault) == (TelemetryHooks.span, TelemetryHooks.fault)


@pytest.mark.parametrize(
    ("setting", "value", "module"),
    [
        ("otel_endpoint", "http://127.0.0.1:1/v1/traces", "opentelemetry.exporter.otlp.proto.http.trace_exporter"),
        ("sentry_dsn", SecretStr(DSN), "sentry_sdk"),
    ],
)
def test_missing_extra_is_reported_in_words(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: object, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with (
        pytest.raises(BadSettings, match=f"{setting.upper()} is set.*pip install"),
        watched(Settings.model_validate({setting: value})),
    ):
        raise AssertionError("not reached")


def test_tracing_libraries_are_loaded_only_on_request() -> None:
    script = (
        "import sys, json; from bot.settings import Settings; from bot.bootstrap import serve, telemetry\n"
        "with telemetry.watched(Settings()): print(json.dumps(sorted(m.partition('.')[0] for m in sys.modules)))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"opentelemetry", "sentry_sdk"} & set(json.loads(loaded.stdout)) == set()
