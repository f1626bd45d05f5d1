"""Failed logins by address, in memory, within a sliding minute."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from fastapi import FastAPI

SECONDS = 60.0
MOST_ADDRESSES = 10_000
"""Beyond, the address that failed the longest ago is forgotten."""

_making = threading.Lock()


class FailedLogins:
    """How often each address failed lately; addresses of one IPv6 network count as one."""

    def __init__(
        self,
        most: int,
        most_addresses: int = MOST_ADDRESSES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._most_addresses = most_addresses
        self._clock = clock
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._times)

    def seconds_to_wait(self, address: str) -> int:
        """Whole seconds until an address is looked at again; 0 if it is now."""
        with self._lock:
            times = self._times.get(_network(address))
            if times is None or len(times) < self._most:
                return 0
            return max(0, math.ceil(times[0] + SECONDS - self._clock()))

    def add(self, address: str) -> None:
        """An address has failed once more."""
        with self._lock:
            network = _network(address)
            times = self._times.setdefault(network, deque(maxlen=self._most))
            times.append(self._clock())
            self._times.move_to_end(network)
            while len(self._times) > self._most_addresses:
                self._times.popitem(last=False)


def failed_logins_of(app: FastAPI, most: int) -> FailedLogins:
    """An application's own."""
    with _making:
        if not hasattr(app.state, "failed_logins"):
            app.state.failed_logins = FailedLogins(most)
        failed: FailedLogins = app.state.failed_logins
        return failed


def _network(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
    return str(ip)
