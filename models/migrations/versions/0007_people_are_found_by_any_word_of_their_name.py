"""People are found by any word of their name"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
_BATCH = 5_000


def upgrade() -> None:
    words = op.create_table(
        "name_word",
        sa.Column(
            "borrower_id",
            _KEY,
            sa.ForeignKey("borrower.id", name="fk_name_word_borrower_id_borrower"),
            nullable=False,
        ),
        sa.Column("word", _WORD, nullable=False),
        sa.PrimaryKeyConstraint("borrower_id", "word", name="pk_name_word"),
    )
    op.create_index("ix_name_word_word", "name_word", ["word", "borrower_id"])
    op.drop_index("ix_borrower_name", "borrower")
    people, connection = sa.table("borrower", sa.column("id"), sa.column("name")), op.get_bind()
    after = 0
    while batch := connection.execute(
        sa.select(people).where(people.c.id > after).order_by(people.c.id).limit(_BATCH)
    ).all():
        if rows := [{"borrower_id": person, "word": word} for person, name in batch for word in _words(name)]:
            connection.execute(sa.insert(words), rows)
        after = batch[-1].id


def _words(name: str) -> list[str]:
    flat = unicodedata.normalize("NFKD", name.casefold())
    found = re.findall(r"[^\W_]+", "".join(c for c in flat if not unicodedata.combining(c)))
    return list(dict.fromkeys(word[:40] for word in found))[:12]


def downgrade() -> None:
    op.create_index("ix_borrower_name", "borrower", ["name"])
    op.drop_table("name_word")
