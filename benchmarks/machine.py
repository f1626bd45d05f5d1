"""Where and what ran: processor, memory, versions, commit."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.results import Machine

ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("tiimi", "ortools", "pydantic")
_SOURCES = ("models", "optimizer", "benchmarks", "fixtures")


def machine() -> Machine:
    """This machine."""
    return Machine(
        cpu=_cpu(), cores=os.cpu_count() or 1, memory_mib=memory_mib(), system=platform.platform()
    )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory_mib() -> int | None:
    """All memory of the machine, where the system says it."""
    if not hasattr(os, "sysconf"):
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def load() -> float | None:
    """Threads that wanted a processor in the last minute, on average, where the system says it."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def peak_memory_mib() -> int | None:
    """The most memory this process has had so far, where the system says it.

    Read from the process itself: what `getrusage` says of a child begins with its parent's.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    for line in status.read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return None


def versions() -> dict[str, str]:
    """Of Python and of what decides about speed."""
    return {"python": platform.python_version()} | {name: version(name) for name in _PACKAGES}


def commit() -> tuple[str | None, bool]:
    """The commit that is checked out, and whether the source differs from it."""
    head = _git("rev-parse", "HEAD")
    return head, bool(_git("status", "--porcelain", "--", *_SOURCES))


def _git(*arguments: str) -> str | None:
    try:
        run = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.strip()
