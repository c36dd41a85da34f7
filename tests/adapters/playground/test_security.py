"""Which requests the playground answers, and which it refuses."""

from pathlib import Path

import pytest

from adapters.playground.adapter import Playground
from tests.adapters.playground.conftest import Running
from tests.adapters.playground.pretend import PretendBot, PretendClock, create_world

SAY = {"person": "maya", "room": "everybody", "text": "Hello"}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "192.168.1.7", "[::2]", "]["]
)
async def test_request_by_a_foreign_host_name_is_refused(running: Running, host: str) -> None:
    for path in ("", "healthz", "static/playground.js", "events?as=maya"):
        async with running.http.get(running.url + path, headers={"Host": host}) as answer:
            assert answer.status == 421
            assert "Harbor" not in await answer.text()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1234", "[::1]:80"])
async def test_local_host_names_are_accepted(running: Running, host: str) -> None:
    async with running.http.get(running.url + "healthz", headers={"Host": host}) as answer:
        assert (answer.status, await answer.text()) == (200, "ok")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_website_cannot_act(running: Running, headers: dict[str, str]) -> None:
    async with running.http.post(running.url + "say", json=SAY, headers=headers) as answer:
        assert answer.status == 403
    assert running.playground.world.posts("everybody") == []


async def test_page_itself_can_act(running: Running) -> None:
    headers = {"Origin": running.url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    async with running.http.post(running.url + "say", json=SAY, headers=headers) as answer:
        assert answer.status == 200
    assert len(running.playground.world.posts("everybody")) == 1


async def test_form_from_elsewhere_cannot_pose_as_the_page(running: Running) -> None:
    async with running.http.post(running.url + "say", data={"text": '{"person": "maya"}'}) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("path", ["", "static/playground.css", "healthz", "events?as=maya", "nowhere", "events?as=eve"])
async def test_page_runs_no_typed_script_and_cannot_be_framed(running: Running, path: str) -> None:
    async with running.http.get(running.url + path) as answer:
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_page_requests_nothing_from_other_addresses(running: Running) -> None:
    page = await running.tab("maya").page()
    for node in page.walk():
        assert "style" not in node.attributes
        assert not any(name.startswith("on") for name in node.attributes)
    assert [n.text for n in page.all("script")] == [""]
    wanted = [n.attributes.get("src") or n.attributes.get("href", "") for n in [*page.all("script"), *page.all("link")]]
    assert all(where.startswith("/static/") for where in wanted)


async def test_oversized_request_is_refused_in_words(running: Running) -> None:
    told = await running.tab("maya").request("say", expect=413, text="x" * 300_000)
    assert told == {"error": "That is too much at once. Please send less."}


async def test_request_that_the_page_never_makes_is_refused_in_words(running: Running) -> None:
    headers = {"Content-Type": "application/json"}
    async with running.http.post(running.url + "say", data=b"{", headers=headers) as answer:
        assert answer.status == 400
        assert "Please reload it" in (await answer.json())["error"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_playground_is_not_served_to_other_machines(tmp_path: Path, host: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Playground(PretendBot(), PretendClock(), create_world(tmp_path / "playground.db"), host=host)
