"""A message names its event and its contact point

So a chosen address is used inside a conversation, and what is put off keeps its flow. What the next try must
observe has a column of its own; who owned the conversation is asked at dispatch.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("event") as batch:
        batch.add_column(sa.Column("contact_point_id", _KEY, nullable=True))
        batch.create_foreign_key(
            op.f("fk_event_contact_point_id_contact_point"), "contact_point", ["contact_point_id"], ["id"]
        )
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("contact_point_id", _KEY, nullable=True))
        batch.add_column(sa.Column("event_id", _KEY, nullable=True))
        batch.add_column(sa.Column("form", sa.String(16), nullable=True))
        batch.create_foreign_key(
            op.f("fk_message_contact_point_id_contact_point"), "contact_point", ["contact_point_id"], ["id"]
        )
        batch.create_foreign_key(op.f("fk_message_event_id_event"), "event", ["event_id"], ["id"])
        batch.drop_column("owner_version")
    op.execute("UPDATE message SET form = 'plain', error = NULL WHERE error = 'plain'")
    op.execute("UPDATE message SET form = 'template', error = NULL WHERE error = 'needs_template'")


def downgrade() -> None:
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("owner_version", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("fk_message_event_id_event"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_message_contact_point_id_contact_point"), type_="foreignkey")
        batch.drop_column("form")
        batch.drop_column("event_id")
        batch.drop_column("contact_point_id")
    with op.batch_alter_table("event") as batch:
        batch.drop_constraint(op.f("fk_event_contact_point_id_contact_point"), type_="foreignkey")
        batch.drop_column("contact_point_id")
