"""Alembic's entry: runs the revisions on the connection that storage/migrate.py hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.schema import UtcDateTime
from storage.tables import Table


def _plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # A revision must mean the same in ten years, so it may not import our classes.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transactional_ddl=True,  # both databases can undo a half-done revision
    compare_type=True,
    render_item=_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
