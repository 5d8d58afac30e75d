"""How migrations run: in one transaction, with short waits for locks on PostgreSQL."""

from alembic import context
from sqlalchemy import text

from models import Base, write_tx


def run() -> None:
    with write_tx(context.config.attributes["engine"]) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            connection.execute(text("SET LOCAL statement_timeout = '15min'"))
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()


run()
