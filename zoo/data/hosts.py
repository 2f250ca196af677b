"""A check within seconds whether the hosts of a download can be reached."""

import socket
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

SECONDS = 3.0
PORTS = {"http": 80, "https": 443, "ftp": 21}
# Buckets are read over the net as well.
BUCKETS = "storage.googleapis.com"


def unreachable(urls: Iterable[str], *, seconds: float = SECONDS) -> list[str]:
    """Returns the hosts of addresses if none of them can be reached, [] if one can or if there are none.

    One is enough, as a list of addresses may be longer than what is needed of it.

    Args:
        urls: http, https, ftp or gs; others need no net. A proxy of the environment is asked instead, where there is
            one for them.
        seconds: to wait, for all hosts together.
    """
    addresses = {(host, _proxy(scheme, host, port)) for scheme, host, port in map(_address, urls) if host}
    reached: list[str] = []
    # Names are looked up outside this thread, too, as that has no time limit of its own.
    threads = [
        threading.Thread(target=_connect, args=(host, address, seconds, reached), daemon=True)
        for host, address in addresses
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while not reached and time.monotonic() < end and any(thread.is_alive() for thread in threads):
        time.sleep(0.01)
    return [] if reached else sorted({host for host, _ in addresses})


def _address(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    if parts.scheme == "gs":
        return "https", BUCKETS, PORTS["https"]
    known = parts.hostname and parts.scheme in PORTS
    return (parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme]) if known else ("", "", 0)


def _proxy(scheme: str, host: str, port: int) -> tuple[str, int]:
    proxy = urlsplit(getproxies().get(scheme, ""))
    if proxy.hostname and not proxy_bypass(host):
        return proxy.hostname, proxy.port or PORTS["http"]
    return host, port


def _connect(host: str, address: tuple[str, int], seconds: float, reached: list[str]) -> None:
    try:
        socket.create_connection(address, timeout=seconds).close()
    except OSError:
        return
    reached.append(host)
