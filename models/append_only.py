"""The database's own refusal to change, delete or replace what was written to the ledger and to histories."""

from sqlalchemy import Connection, inspect, text

UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {
    "ledger_entry": (("id",), ("loan_id", "seq"), ("key",), ("reverses_id",)),
    "posting": (("id",),),
    "transition": (("id",), ("subject", "subject_id", "seq")),
    "consent": (("id",), ("mandate_id",)),
    "audit_entry": (("id",),),
}
"""By table: what names a row of it. SQLite's INSERT OR REPLACE would delete such a row unseen."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: write a reversing entry', TG_TABLE_NAME;
END $$
"""


def install(connection: Connection) -> None:
    """On the tables that are here; where it is installed, nothing changes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(_FUNCTION))
    here = set(inspect(connection).get_table_names())
    for table in UNIQUE.keys() & here:
        for statement in _statements(connection.dialect.name, table):
            connection.execute(text(statement))


def remove(connection: Connection) -> None:
    for table in UNIQUE:
        for act in ("update", "delete", "replace"):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_change() CASCADE"))


def _statements(dialect: str, table: str) -> list[str]:
    if dialect == "postgresql":
        on = f"ON {table} FOR EACH"
        refuse = "EXECUTE FUNCTION refuse_change()"
        return [
            f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE OR DELETE {on} ROW {refuse}",
            f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE TRUNCATE {on} STATEMENT {refuse}",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: write a reversing entry'); END"
    taken = " OR ".join(_taken(table, names) for names in UNIQUE[table])
    return [
        *(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act.upper()} ON {table} {refuse}"
            for act in ("update", "delete")
        ),
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}",
    ]


def _taken(table: str, names: tuple[str, ...]) -> str:
    same = " AND ".join(f"{name} = NEW.{name}" for name in names)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables
