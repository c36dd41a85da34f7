"""The example dashboard and alerts query metrics that exist, by labels that they have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from bot.core.platform import Undeliverable
from bot.telemetry import metrics
from storage.messaging import outbox

DASHBOARD, ALERTS = Path("docs/monitoring/dashboard.json"), Path("docs/monitoring/alerts.yaml")
ENDS = {Counter: ("_total",), Gauge: ("",), Histogram: ("_bucket", "_count", "_sum")}
# What bot/delivery/attempts.py counts a delivery as.
OUTCOMES = {"ok", "later", "fault", "refused", "gone", "failed"}


def served() -> dict[str, set[str]]:
    """Return every metric by the name under which it is served, with its labels."""
    found = {}
    for one in vars(metrics).values():
        if isinstance(one, Counter | Gauge | Histogram):
            for end in ENDS[type(one)]:
                more = {"le"} if end == "_bucket" else set()
                found[one._name + end] = set(one._labelnames) | more
    return found


def dashboard() -> Iterator[str]:
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def alerts() -> Iterator[str]:
    for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["description"]
            yield rule["expr"]


@pytest.mark.parametrize("asked", [*dashboard(), *alerts()])
def test_dashboard_and_alerts_use_existing_metrics_and_labels(asked: str) -> None:
    known = served()
    named = set(re.findall(r"commonplace_\w+", asked))
    assert named
    assert named <= known.keys()
    labels = {label for name in named for label in known[name]}
    grouped = {word for group in re.findall(r"by \(([\w, ]+)\)", asked) for word in group.split(", ")}
    picked = set(re.findall(r"(\w+)=\"", asked))
    assert grouped | picked <= labels


def test_dashboard_and_alerts_ask_for_outcomes_that_are_counted() -> None:
    asked = set(re.findall(r'outcome="(\w+)"', " ".join([*dashboard(), *alerts()])))
    counted = Path("bot/delivery/attempts.py").read_text(encoding="utf-8")
    assert {"failed", "later"} <= asked <= OUTCOMES
    assert {outcome for outcome in OUTCOMES if f'"{outcome}"' in counted} == OUTCOMES


def test_every_metric_of_trouble_has_an_alert() -> None:
    watched = " ".join([*dashboard(), *alerts()])
    telling = ("ready", "last_tick_timestamp_seconds", "oldest_timer_seconds", "oldest_delivery_seconds", "outbox")
    for name in (*telling, "timers_overdue", "timers_failing", "refusals_total", "deliveries_total", "events_total"):
        assert f"commonplace_{name}" in watched


def test_no_label_can_hold_typed_text() -> None:
    """Every label has few values, all ours: kinds of events, platforms, states, parts, reasons."""
    labels = {label for names in served().values() for label in names}
    assert labels == {"kind", "outcome", "platform", "state", "part", "reason", "le"}
    assert all(re.fullmatch(r"[a-z ]+", reason) for reason in Undeliverable.REASONS)


def test_operators_page_names_existing_metrics() -> None:
    page = Path("docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(commonplace_\w+)`", page)) <= served().keys()


def test_pages_name_states_that_a_message_can_have() -> None:
    """Alerts, the dashboard, and SQL for operators would silently find nothing after a state is renamed."""
    states = {value for name, value in vars(outbox).items() if name.isupper() and isinstance(value, str)}
    operations = Path("docs/operations.md").read_text(encoding="utf-8")
    sql = " ".join(re.findall(r"UPDATE outgoing SET .*", operations))
    named = set(re.findall(r"'(\w[\w ]*)'", sql))
    named |= set(re.findall(r'state="([^"]+)"', " ".join([*dashboard(), *alerts()])))
    assert len(named) >= 3
    assert named <= states
    assert outbox.Outgoing.__tablename__ == "outgoing"
