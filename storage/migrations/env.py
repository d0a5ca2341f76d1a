"""Alembic's entry: runs the revisions on the connection that storage/migrate.py hands over."""

from alembic import context

from storage.tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transactional_ddl=True,  # both databases can undo a half-done revision
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
