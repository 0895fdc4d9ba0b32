"""What stays: an audit record of every reply, without its texts, and the answers that idempotency keys replay.

SQLAlchemy Core over SQLite in WAL mode. One writer at a time in this process; audit rows that arrive together are
committed together. Every fault of the database is ``Unavailable``.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_skip
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from service.domain import Context, Reply
from service.errors import IdempotencyInProgress, IdempotencyMismatch, SettingsInvalid, Unavailable

HEAD = "0001"
"""The newest migration; a database that has it is opened without loading Alembic."""

PATIENCE_SECONDS = 5.0
"""How long a writer waits for another process."""

metadata = MetaData()

replies = Table(
    "replies",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
    Column("brand", String(64), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("language", String(8)),
    Column("gate", String(32)),
    Column("prompt_digest", String(80), nullable=False),
    Column("brand_digest", String(80), nullable=False),
    Column("rules_digest", String(80), nullable=False),
    Column("masked", JSON, nullable=False),
    Column("model", String(200), nullable=False),
    Column("cost", Float),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("drafts", Integer, nullable=False),
    Column("ready", Integer, nullable=False),
    Column("degraded", Boolean, nullable=False),
)
"""One row a reply: what it was made from and what became of it, never a word of it."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
    Column("body", LargeBinary),
)
"""One row a key: who works on it and until when, then the answer; it is forgotten when it expires."""

version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
"""Alembic's own table: the migration that the database is at."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to answer one idempotency key, until the lease ends."""

    caller: str
    key: str
    owner: str


def migrations() -> Path:
    """The folder of the Alembic history: inside an installed package, or in the source tree."""
    packaged = Path(__file__).parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "deploy" / "migrations"


def row_of(context: Context, reply: Reply) -> dict[str, Any]:
    """The audit record of a reply."""
    counts = Counter(finding.check for draft in reply.drafts for finding in draft.findings)
    return {
        "id": reply.id,
        "at": context.now,
        "brand": context.brand.id[:64],
        "channel": context.complaint.channel.value,
        "language": context.language,
        "gate": reply.triage.gate.value if reply.triage.gate else None,
        "prompt_digest": reply.audit.prompt,
        "brand_digest": reply.audit.brand,
        "rules_digest": reply.audit.rules,
        "masked": dict(reply.audit.masked),
        "model": reply.usage.model[:200],
        "cost": reply.usage.cost,
        "input_tokens": reply.usage.input_tokens,
        "output_tokens": reply.usage.output_tokens,
        "seconds": reply.usage.seconds,
        "findings": dict(counts),
        "drafts": len(reply.drafts),
        "ready": sum(draft.ready for draft in reply.drafts),
        "degraded": reply.degraded,
    }


class Store:
    """The database of one process; open it before use, close it after.

    Raises:
        SettingsInvalid: the address is not one of an SQLite database.
    """

    def __init__(
        self,
        url: str,
        *,
        lease_seconds: float = 330.0,
        keep_seconds: float = 24 * 3600.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        try:
            address = make_url(url)
        except ArgumentError as exc:
            raise SettingsInvalid("AMENDS_DATABASE_URL is not an address; use sqlite+aiosqlite:///amends.db") from exc
        if address.get_backend_name() != "sqlite":
            raise SettingsInvalid(
                f"AMENDS_DATABASE_URL names {address.get_backend_name()!r}, but this version keeps its data in SQLite; "
                "use sqlite+aiosqlite:///amends.db"
            )
        self.lease_seconds = lease_seconds
        """Longer than any request may take: a key whose process died is free again after this."""
        self.keep_seconds = keep_seconds
        self._clock = clock
        self._engine = create_async_engine(address.set(drivername="sqlite+aiosqlite"), hide_parameters=True)
        self._lock = asyncio.Lock()
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._recording: asyncio.Task[None] | None = None
        self._claimed: set[Claim] = set()
        event.listen(self._engine.sync_engine, "connect", _prepare)

    async def open(self) -> None:
        """Make the database what this release needs.

        Raises:
            Unavailable: the database cannot be opened.
        """
        await self._turn_to_wal()
        async with self._writing() as connection:
            if await connection.run_sync(_version) != HEAD:
                await connection.exec_driver_sql("BEGIN EXCLUSIVE")  # another process may be doing the same
                await connection.run_sync(_bring_up)

    async def _turn_to_wal(self) -> None:
        """Set the file's journal mode, which it keeps; SQLite itself does not wait while another process does so."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                async with self._engine.connect() as connection:
                    await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                return
            except OperationalError as exc:
                if "locked" not in str(exc.orig) or time.monotonic() > until:
                    raise Unavailable("The service's database cannot be opened.") from exc
                await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Let go of the database, once what is being written is written and keys whose work was cut off are free."""
        if self._recording is not None:
            await self._recording
        for claim in tuple(self._claimed):
            with suppress(Unavailable):  # the lease ends by itself
                await self.release(claim)
        await self._engine.dispose()

    async def answers(self) -> bool:
        """Whether the database can be read and is up to date."""
        try:
            async with self._engine.connect() as connection:
                return await connection.run_sync(_version) == HEAD
        except SQLAlchemyError:
            return False

    async def record(self, context: Context, reply: Reply) -> None:
        """Keep the audit record of a reply; returns when it is committed."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((row_of(context, reply), done))
        if self._recording is None or self._recording.done():
            self._recording = asyncio.create_task(self._record_all())
        await done

    async def _record_all(self) -> None:
        """Commit everything that waits, and what came meanwhile, until nothing waits."""
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failure: Unavailable | None = None
            try:
                async with self._writing() as connection:
                    await connection.execute(insert(replies), [row for row, _ in batch])
            except Unavailable as exc:
                failure = exc
            for _, done in batch:
                if done.cancelled():
                    continue
                if failure is None:
                    done.set_result(None)
                else:
                    done.set_exception(failure)

    async def claim(self, caller: str, key: str, digest: str) -> Claim | bytes:
        """The right to answer this key, or the bytes of the answer that it had.

        Raises:
            IdempotencyMismatch: the key was used with another request.
            IdempotencyInProgress: the first request with this key still runs.
        """
        now = self._clock()
        row = {"caller": caller, "key": key, "digest": digest, "owner": uuid.uuid4().hex}
        claim = Claim(caller, key, row["owner"])
        times = {"lease_until": now + self.lease_seconds, "expires_at": now + self.keep_seconds}
        async with self._writing() as connection:
            await connection.execute(delete(idempotency).where(idempotency.c.expires_at <= now))
            made = await connection.execute(insert_or_skip(idempotency).values(row | times).on_conflict_do_nothing())
            if made.rowcount == 1:
                self._claimed.add(claim)
                return claim
            found = (await connection.execute(select(idempotency).where(*_same(claim)))).one()
            if found.digest != digest:
                raise IdempotencyMismatch("This Idempotency-Key was used with another request; take a new key.")
            if found.body is not None:
                return bytes(found.body)
            if found.lease_until > now:
                raise IdempotencyInProgress("The first request with this Idempotency-Key still runs.", retry_after=2.0)
            await connection.execute(update(idempotency).where(*_same(claim)).values(row | times))
            self._claimed.add(claim)
            return claim

    async def finish(self, claim: Claim, body: bytes) -> None:
        """Keep the answer of a key, unless the lease ended and another took over."""
        async with self._writing() as connection:
            await connection.execute(
                update(idempotency).where(*_same(claim), idempotency.c.owner == claim.owner).values(body=body)
            )
        self._claimed.discard(claim)

    async def release(self, claim: Claim) -> None:
        """Free a key whose request failed or was given up; the next one starts anew."""
        async with self._writing() as connection:
            await connection.execute(
                delete(idempotency).where(
                    *_same(claim), idempotency.c.owner == claim.owner, idempotency.c.body.is_(None)
                )
            )
        self._claimed.discard(claim)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction; writers of this process queue up here instead of in SQLite."""
        async with self._lock:
            try:
                async with self._engine.begin() as connection:
                    yield connection
            except (SQLAlchemyError, OverflowError) as exc:  # a number too large for SQLite comes as it is
                raise Unavailable("The service's database cannot be used right now.", retry_after=5.0) from exc


def _same(claim: Claim) -> tuple[Any, Any]:
    return idempotency.c.caller == claim.caller, idempotency.c.key == claim.key


def _prepare(connection: Any, _record: Any) -> None:
    """Set up one SQLite connection."""
    for pragma in (f"busy_timeout={int(PATIENCE_SECONDS * 1000)}", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _version(connection: Connection) -> str | None:
    """The migration that the database is at; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _bring_up(connection: Connection) -> None:
    """Make a new database at once, migrate an older one; inside the open transaction.

    A new one is made from the tables above, because Alembic costs 10 MB and half a second that most starts never need.
    """
    found = _version(connection)
    if found == HEAD:  # another process was faster
        return
    if found is None and not inspect(connection).get_table_names():
        metadata.create_all(connection)
        version.create(connection)
        connection.execute(insert(version).values(version_num=HEAD))
        return
    _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, inside the open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
