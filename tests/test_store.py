"""The store: leases of idempotency keys, audit records without texts, migrations that match the tables."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from service import store as store_module
from service.domain import (
    Audit,
    Brand,
    Channel,
    CheckedDraft,
    CheckResult,
    Complaint,
    Context,
    Draft,
    Finding,
    Gate,
    Outcome,
    Reply,
    Score,
    Scores,
    Severity,
    Span,
    Triage,
    Usage,
)
from service.errors import IdempotencyInProgress, IdempotencyMismatch, SettingsInvalid, Unavailable
from service.store import Claim, Store

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(clock: Clock) -> AsyncIterator[Store]:
    opened = Store("sqlite+aiosqlite:///:memory:", lease_seconds=60, keep_seconds=600, clock=clock)
    await opened.open()
    yield opened
    await opened.close()


def reply(reply_id: str = "r1") -> Reply:
    finding = Finding(check="voice", severity=Severity.WARN, message="m", span=Span(0, 5), quote="Sorry")
    unknown = Score(None)
    draft = CheckedDraft(
        draft=Draft(text="Sorry about your saxophone."),
        results=(CheckResult(check="voice", outcome=Outcome.FAILED, severity=Severity.WARN, findings=(finding,)),),
        scores=Scores(empathy=unknown, specificity=unknown, plainness=unknown),
    )
    return Reply(
        id=reply_id,
        triage=Triage(due_at=NOW, priority=0.5, reasons=(), gate=Gate.LEGAL),
        drafts=(draft, draft),
        usage=Usage(model="m", input_tokens=5, output_tokens=7, cost=0.25, seconds=1.5, degraded="x was down"),
        audit=Audit(prompt="sha256:p", brand="sha256:b", rules="sha256:r", masked={"email": 1}),
    )


def context() -> Context:
    complaint = Complaint(text="My saxophone is broken", channel=Channel.EMAIL)
    return Context(complaint=complaint, brand=Brand(id="acme", name="Acme"), now=NOW, language="en")


async def rows(store: Store, statement: str) -> list[tuple[object, ...]]:
    async with store._engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def test_the_first_use_of_a_key_may_answer_and_the_second_gets_the_same_bytes(store: Store) -> None:
    claim = await store.claim("alice", "k", "digest")
    assert isinstance(claim, Claim)

    await store.finish(claim, b'{"id": 1}')

    assert await store.claim("alice", "k", "digest") == b'{"id": 1}'


async def test_a_key_with_another_body_is_refused(store: Store) -> None:
    await store.claim("alice", "k", "digest")

    with pytest.raises(IdempotencyMismatch):
        await store.claim("alice", "k", "other")


async def test_a_key_that_still_runs_says_when_to_come_back(store: Store) -> None:
    await store.claim("alice", "k", "digest")

    with pytest.raises(IdempotencyInProgress) as caught:
        await store.claim("alice", "k", "digest")

    assert caught.value.retry_after == 2.0


async def test_the_same_key_of_another_caller_is_another_key(store: Store) -> None:
    await store.claim("alice", "k", "digest")

    assert isinstance(await store.claim("bob", "k", "other"), Claim)


async def test_a_lease_that_ended_is_taken_over_and_the_late_owner_changes_nothing(store: Store, clock: Clock) -> None:
    late = await store.claim("alice", "k", "digest")
    assert isinstance(late, Claim)
    clock.now += 61

    taken = await store.claim("alice", "k", "digest")
    assert isinstance(taken, Claim)
    await store.finish(late, b"late")
    await store.release(late)
    await store.finish(taken, b"good")

    assert await store.claim("alice", "k", "digest") == b"good"


async def test_a_released_key_is_free(store: Store) -> None:
    claim = await store.claim("alice", "k", "digest")
    assert isinstance(claim, Claim)

    await store.release(claim)

    assert isinstance(await store.claim("alice", "k", "other"), Claim)


async def test_a_key_whose_work_was_cut_off_by_the_end_of_the_service_is_free_at_the_next_start(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    first = Store(url)
    await first.open()
    await first.claim("me", "cut", "d1")
    done = await first.claim("me", "done", "d1")
    assert isinstance(done, Claim)
    await first.finish(done, b"answer")
    await first.close()

    second = Store(url)
    await second.open()
    try:
        assert isinstance(await second.claim("me", "cut", "d1"), Claim)
        assert await second.claim("me", "done", "d1") == b"answer"
    finally:
        await second.close()


async def test_releasing_a_finished_key_keeps_its_answer(store: Store) -> None:
    claim = await store.claim("alice", "k", "digest")
    assert isinstance(claim, Claim)
    await store.finish(claim, b"kept")

    await store.release(claim)

    assert await store.claim("alice", "k", "digest") == b"kept"


async def test_answers_are_forgotten_when_they_expire(store: Store, clock: Clock) -> None:
    claim = await store.claim("alice", "k", "digest")
    assert isinstance(claim, Claim)
    await store.finish(claim, b"old")
    clock.now += 601

    assert isinstance(await store.claim("alice", "k", "digest"), Claim)


async def test_of_many_simultaneous_uses_of_a_key_exactly_one_may_answer(tmp_path: Path) -> None:
    two = [Store(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}") for _ in range(2)]
    for store in two:
        await store.open()

    outcomes = await asyncio.gather(
        *(store.claim("alice", "k", "digest") for store in two for _ in range(8)), return_exceptions=True
    )

    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, IdempotencyInProgress) for outcome in outcomes) == 15
    for store in two:
        await store.close()


async def test_two_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    two = [Store(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}") for _ in range(2)]

    await asyncio.gather(*(store.open() for store in two))

    assert [await store.answers() for store in two] == [True, True]
    for store in two:
        await store.close()


async def test_a_database_that_another_process_holds_is_waited_for(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "a.db")
    holder.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.1, holder.rollback)
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}")

    await store.open()

    assert await store.answers()
    await store.close()
    holder.close()


async def test_a_reply_leaves_a_record_without_a_word_of_it(store: Store) -> None:
    await store.record(context(), reply())

    (found,) = await rows(store, "SELECT * FROM replies")
    assert "saxophone" not in repr(found)
    (counted,) = await rows(store, "SELECT brand, channel, gate, findings, drafts, ready, degraded, cost FROM replies")
    assert counted == ("acme", "email", "legal", '{"voice": 2}', 2, 2, 1, 0.25)


async def test_records_that_arrive_together_are_all_kept(store: Store) -> None:
    await asyncio.gather(*(store.record(context(), reply(f"r{n}")) for n in range(20)))

    assert await rows(store, "SELECT count(*) FROM replies") == [(20,)]


async def test_a_record_that_cannot_be_kept_is_an_error_and_a_caller_who_left_is_none(store: Store) -> None:
    await store.record(context(), reply())
    gone = asyncio.create_task(store.record(context(), reply()))
    await asyncio.sleep(0)
    gone.cancel()

    with pytest.raises(Unavailable):
        await store.record(context(), reply())  # the id is taken

    assert await rows(store, "SELECT count(*) FROM replies") == [(1,)]


async def test_a_number_that_the_database_cannot_hold_is_an_error_and_no_endless_wait(store: Store) -> None:
    given = reply("r1")
    endless = replace(given, usage=replace(given.usage, input_tokens=2**63))

    with pytest.raises(Unavailable):
        await asyncio.wait_for(store.record(context(), endless), 5)
    await store.record(context(), reply("r2"))

    assert await rows(store, "SELECT id FROM replies") == [("r2",)]


async def test_an_answering_store_says_so_and_a_broken_one_too(store: Store, tmp_path: Path) -> None:
    broken = Store(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")

    assert await store.answers()
    assert not await broken.answers()
    with pytest.raises(Unavailable):
        await broken.open()
    await broken.close()


@pytest.mark.parametrize("url", ["postgresql://localhost/amends", "mysql://x", "nonsense"])
def test_only_sqlite_is_accepted(url: str) -> None:
    with pytest.raises(SettingsInvalid, match="sqlite"):
        Store(url)


async def test_a_second_start_finds_the_database_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    first = Store(url)
    await first.open()
    await first.record(context(), reply())
    await first.close()

    second = Store(url)
    await second.open()

    assert await rows(second, "SELECT id FROM replies") == [("r1",)]
    assert await rows(second, "PRAGMA journal_mode") == [("wal",)]
    await second.close()


def test_the_newest_migration_is_the_one_that_the_store_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(store_module.migrations()))

    assert ScriptDirectory.from_config(config).get_current_head() == store_module.HEAD


@pytest.mark.parametrize("migrated", [False, True])
async def test_a_new_and_a_migrated_database_have_exactly_the_tables_that_the_store_uses(
    tmp_path: Path, migrated: bool
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    if migrated:
        with engine.begin() as connection:
            store_module.version.create(connection)  # a database from before the first migration
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}")
    await store.open()
    assert await store.answers()
    await store.close()

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), store_module.metadata)
        assert connection.execute(select(store_module.replies)).all() == []
    engine.dispose()

    assert differences == []


def test_the_migrations_can_be_undone(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    config = Config()
    config.set_main_option("script_location", str(store_module.migrations()))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        command.downgrade(config, "base")
        left = inspect(connection).get_table_names()
    engine.dispose()

    assert left == ["alembic_version"]
