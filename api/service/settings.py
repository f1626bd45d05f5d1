"""What can be set, from the environment: ``TIIMI_PORT=8081`` (docs/operators.md)."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOCAL_ONLY = "127.0.0.1"


class Settings(BaseSettings):
    """All settings, with defaults that need nothing installed.

    Attributes:
        data: folder of the embedded database.
        database_url: SQLAlchemy's, ``sqlite:///…`` or ``postgresql+pg8000://…``; by default
            a SQLite file in `data`.
        scheduler: address of a Dask scheduler for more machines; by default workers of our own.
        processes: worker processes of our own.
        solver_threads: threads of one solve; by default the processors shared by the processes.
        most_solves: solves at a time, over all servers.
        queue_length: solves waiting, beyond which none is taken (429).
        most_seconds: of one solve; `default_seconds` where none is asked for.
        most_bytes: of a request's body (413).
        most_documents: reports, risks and pages of one person made at a time, by this server, each
            in a process of its own; `documents_waiting` more may wait (429). One takes at most
            `document_seconds` (503).
        beat_seconds: how often a worker says that it lives; `lost_after_beats` without one
            and the job is taken up again, at most `most_attempts` times in all.
        keep_days: age at which what is stored is deleted; 0 keeps all.
        issuer, audience, jwt_key, jwt_algorithm: of an OpenID provider; `jwt_key` is a PEM
            public key or a path to one. Claims `jwt_owner_claim` and `jwt_role_claim` say whose
            data and which role.
        most_failed_logins: in a minute from one address, beyond which none is looked at (429).
        origins: of pages that may call from a browser; none by default.
    """

    model_config = SettingsConfigDict(env_prefix="TIIMI_", extra="ignore")

    host: str = LOCAL_ONLY
    port: int = Field(default=8080, ge=0, le=65535)
    data: Path = Path("tiimi-data")
    database_url: str = ""
    scheduler: str = ""
    processes: int = Field(default=1, ge=1, le=1000)
    solver_threads: int = Field(default=0, ge=0, le=1000)
    most_solves: int = Field(default=2, ge=1)
    queue_length: int = Field(default=20, ge=0)
    default_seconds: float = Field(default=60.0, gt=0)
    most_seconds: float = Field(default=3600.0, gt=0)
    most_bytes: int = Field(default=20_000_000, ge=1)
    most_documents: int = Field(default=2, ge=1, le=1000)
    documents_waiting: int = Field(default=20, ge=0)
    document_seconds: float = Field(default=300.0, gt=0)
    beat_seconds: float = Field(default=1.0, gt=0)
    lost_after_beats: int = Field(default=15, ge=2)
    most_attempts: int = Field(default=3, ge=1)
    keep_days: int = Field(default=0, ge=0)
    issuer: str = ""
    audience: str = ""
    jwt_key: str = ""
    jwt_algorithm: str = "RS256"
    jwt_owner_claim: str = "tiimi_owner"
    jwt_role_claim: str = "tiimi_role"
    most_failed_logins: int = Field(default=10, ge=1)
    origins: tuple[str, ...] = ()

    @field_validator("jwt_algorithm")
    @classmethod
    def _asymmetric(cls, value: str) -> str:
        if value not in ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA"):
            raise ValueError("only algorithms with a public key are allowed")
        return value

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{(self.data / 'tiimi.db').absolute()}"

    @property
    def threads(self) -> int:
        """Threads of one solve."""
        return self.solver_threads or max(1, (os.cpu_count() or 1) // self.processes)
