"""What a plan covers, and whether its parts are charged under the mandate"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_OF_PLAN = sa.text("plan_instalment_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("plan", sa.Column("covers_until", sa.Date(), nullable=True))
    op.add_column("plan", sa.Column("by_debit", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE plan SET covers_until = offered_on")
    with op.batch_alter_table("plan") as batch:
        batch.alter_column("covers_until", existing_type=sa.Date(), nullable=False)
    part = sa.Column(
        "plan_instalment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
    )
    with op.batch_alter_table("charge") as batch:
        batch.add_column(part)
        batch.create_foreign_key(
            "fk_charge_plan_instalment_id_plan_instalment", "plan_instalment", ["plan_instalment_id"], ["id"]
        )
    op.create_index(
        "ix_charge_plan_instalment_id",
        "charge",
        ["plan_instalment_id"],
        sqlite_where=_OF_PLAN,
        postgresql_where=_OF_PLAN,
    )


def downgrade() -> None:
    op.drop_index("ix_charge_plan_instalment_id", "charge")
    with op.batch_alter_table("charge") as batch:
        batch.drop_constraint("fk_charge_plan_instalment_id_plan_instalment", type_="foreignkey")
        batch.drop_column("plan_instalment_id")
    with op.batch_alter_table("plan") as batch:
        batch.drop_column("by_debit")
        batch.drop_column("covers_until")
