"""The database's own refusal to change or delete what was written to the ledger and to histories."""

from sqlalchemy import Connection, text

TABLES = ("ledger_entry", "posting", "transition", "consent")

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: write a reversing entry', TG_TABLE_NAME;
END $$
"""


def install(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(_FUNCTION))
    for table in TABLES:
        for statement in _statements(connection.dialect.name, table):
            connection.execute(text(statement))


def remove(connection: Connection) -> None:
    for table in TABLES:
        for act in ("update", "delete"):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_change()"))


def _statements(dialect: str, table: str) -> list[str]:
    if dialect == "postgresql":
        per_row = (
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change()"
        )
        whole = (
            f"CREATE TRIGGER {table}_no_delete BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION refuse_change()"
        )
        return [per_row, whole]
    return [
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: write a reversing entry'); END"
        for act in ("update", "delete")
    ]
