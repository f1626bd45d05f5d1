"""How Alembic reaches the tables: on the connection that `database.migrate` hands over."""

from alembic import context

from api.service.database import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
