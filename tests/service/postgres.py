"""A throw-away PostgreSQL for the tests, if its programs are on this machine."""

import glob
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.engine import make_url

from api.service.database import Table

USER = "tests"
PASSWORD = "only for tests"
_SERVER_ACCOUNT = "postgres"
_ANOTHER_NAME = 0
_SECONDS_OF_PATIENCE = 120
_PORTS = range(20_000, 32_000)
"""Below those that systems give away by themselves, so that nobody gets one before its server."""


class NoPostgresError(Exception):
    """There is no PostgreSQL to be had here."""


class Cluster:
    """A PostgreSQL server of our own in a folder; it can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._binaries = _binaries()
        self._as_user = _as_other_user()
        self.port = free_port()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        url = URL.create("postgresql+pg8000", USER, PASSWORD, "127.0.0.1", self.port, "postgres")
        return url.render_as_string(hide_password=False)

    @property
    def environment(self) -> dict[str, str]:
        """With these, PostgreSQL's own programs are there, and reach it as its superuser."""
        return {
            "PATH": f"{self._binaries}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": USER,
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": "postgres",
        }

    def make(self) -> None:
        """Initialise the folder; nobody but the server's account may look into it."""
        password = self._folder / "password"
        password.write_text(PASSWORD)
        if self._as_user:
            for path in (self._folder, password):
                shutil.chown(path, _SERVER_ACCOUNT)
        self._run(
            "initdb",
            f"--pgdata={self._folder / 'data'}",
            f"--username={USER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    *self._as_user,
                    self._binaries / "postgres",
                    *("-D", self._folder / "data", "-p", str(self.port)),
                    *("-h", "127.0.0.1", "-k", self._folder, "-F", "-c", "max_connections=200"),
                ],
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        self._wait()

    def kill(self) -> None:
        """End it at once, without a word, as a power cut would."""
        pid = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        assert self._server is not None
        self._server.wait(_SECONDS_OF_PATIENCE)

    def stop(self) -> None:
        """End it in order, whoever is still connected."""
        if self._server is None or self._server.poll() is not None:
            return
        self._run("pg_ctl", "stop", "-D", self._folder / "data", "-m", "fast", "-w")
        self._server.wait(_SECONDS_OF_PATIENCE)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [*self._as_user, self._binaries / program, *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=_SECONDS_OF_PATIENCE,
            cwd=self._folder,
        )

    def _wait(self) -> None:
        engine = create_engine(self.url)
        end = time.monotonic() + _SECONDS_OF_PATIENCE
        try:
            while True:
                assert self._server is not None
                if self._server.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text())
                try:
                    with engine.connect():
                        return
                except Exception:
                    assert time.monotonic() < end, (self._folder / "log").read_text()
                    time.sleep(0.1)
        finally:
            engine.dispose()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL in a temporary folder.

    Raises:
        NoPostgresError: its programs are not here, or may not be run.
    """
    folder = Path(tempfile.mkdtemp(prefix="tiimi-postgres-"))
    try:
        made = Cluster(folder)
        made.make()
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder)


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """A new database on a server; gone afterwards."""
    global _ANOTHER_NAME
    _ANOTHER_NAME += 1
    name = f"tiimi_test_{os.getpid()}_{_ANOTHER_NAME}"
    server = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            url = make_url(server_url).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


def empty(engine: Engine) -> None:
    """Take all rows out of a database's tables, whoever is still connected."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        # Also of those that take rows only: no trigger fires.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Table.metadata.sorted_tables:
            connection.execute(table.delete())


def _binaries() -> Path:
    """The folder of PostgreSQL's programs; Debian keeps them off the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if Path(folder, "initdb").exists():
            return Path(folder)
    raise NoPostgresError("initdb is not installed")


def _as_other_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam(_SERVER_ACCOUNT)
    except KeyError:
        raise NoPostgresError(f"root needs the account {_SERVER_ACCOUNT}") from None
    return ["runuser", "-u", _SERVER_ACCOUNT, "--"]


def free_port() -> int:
    """A port where nobody listens."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", secrets.choice(_PORTS)))
            return int(probe.getsockname()[1])
