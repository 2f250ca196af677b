import socket
import time

import pytest

from zoo.data import hosts
from zoo.data.hosts import unreachable


@pytest.fixture
def open_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch):
    monkeypatch.setattr(hosts, "getproxies", dict)


def test_a_host_that_answers_is_enough(open_port):
    closed = f"http://127.0.0.1:{closed_port()}/a"
    assert unreachable([f"http://127.0.0.1:{open_port}/a", closed]) == []
    assert unreachable([closed]) == ["127.0.0.1"]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_without_hosts_nothing_is_missing():
    assert unreachable([]) == unreachable(["file:///a", "a text", "/folder"]) == []


def test_buckets_and_ports_of_schemes(monkeypatch):
    asked = []

    def connect(place, timeout):
        asked.append(place)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    silent = unreachable(["gs://bucket/a", "https://a.org/b", "http://b.org:81/c", "ftp://c.org/d", "https://a.org/e"])
    assert silent == ["a.org", "b.org", "c.org", "storage.googleapis.com"]
    assert sorted(asked) == [("a.org", 443), ("b.org", 81), ("c.org", 21), ("storage.googleapis.com", 443)]


def test_a_proxy_is_asked_instead(monkeypatch):
    asked = []
    monkeypatch.setattr(hosts, "getproxies", lambda: {"https": "http://proxy.here:3128"})
    monkeypatch.setattr(hosts, "proxy_bypass", lambda host: host == "inside.org")
    monkeypatch.setattr(hosts, "_connect", lambda host, place, seconds, reached: asked.append((host, place)))
    assert unreachable(["https://a.org/b", "https://inside.org/c"]) == ["a.org", "inside.org"]
    assert sorted(asked) == [("a.org", ("proxy.here", 3128)), ("inside.org", ("inside.org", 443))]


def test_names_that_are_looked_up_for_ever_are_not_waited_for(monkeypatch):
    def look_up(place, timeout):
        time.sleep(1)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", look_up)
    start = time.monotonic()
    assert unreachable(["https://slow.org/a"], seconds=0.2) == ["slow.org"]
    assert time.monotonic() - start < 0.9
