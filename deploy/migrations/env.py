"""Alembic's entry: migrates the connection that it is given, or the database of AMENDS_DATABASE_URL."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection

from service.store import metadata


def migrate(connection: Connection) -> None:
    """Bring one database to the wanted revision."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = os.environ.get("AMENDS_DATABASE_URL", "sqlite:///amends.db").replace("+aiosqlite", "")
    with create_engine(url).connect() as opened:
        migrate(opened)
