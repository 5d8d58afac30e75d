"""The records as first released"""

import sqlalchemy as sa
from alembic import op

from models import append_only
from models.base import BigInt, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "role IN ('agent', 'supervisor', 'manager', 'auditor', 'admin')", name=op.f("ck_agent_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("email", name=op.f("uq_agent_email")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("role IN ('lender', 'readonly')", name=op.f("ck_api_key_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_key_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
    )
    op.create_table(
        "borrower",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("curp", sa.String(length=18), nullable=True),
        sa.Column("rfc", sa.String(length=13), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("state", sa.String(length=2), nullable=True),
        sa.Column("municipality", sa.String(length=5), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("preferred_channel", sa.String(length=16), nullable=True),
        sa.Column("preferred_from", sa.String(length=5), nullable=True),
        sa.Column("preferred_until", sa.String(length=5), nullable=True),
        sa.Column("opted_out_at", UtcDateTime(), nullable=True),
        sa.Column("notice_given_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrower")),
        sa.UniqueConstraint("external_id", name=op.f("uq_borrower_external_id")),
    )
    with op.batch_alter_table("borrower", schema=None) as batch_op:
        batch_op.create_index("ix_borrower_name", ["name"], unique=False)

    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "template",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("content_sid", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=24), nullable=True),
        sa.Column("rejection", sa.String(length=400), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("hash", name=op.f("uq_template_hash")),
        sa.UniqueConstraint("name", "language", name=op.f("uq_template_name_language")),
    )
    op.create_table(
        "tick",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("job", "at", name=op.f("pk_tick")),
    )
    with op.batch_alter_table("tick", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tick_open",
            ["at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "transition",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("from_status", sa.String(length=16), nullable=True),
        sa.Column("to_status", sa.String(length=16), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.CheckConstraint(
            "subject IN ('promise', 'mandate', 'charge', 'plan')", name=op.f("ck_transition_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
        sa.UniqueConstraint(
            "subject", "subject_id", "seq", name=op.f("uq_transition_subject_subject_id_seq")
        ),
    )
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.create_index(
            "uq_transition_first",
            ["subject", "subject_id"],
            unique=True,
            sqlite_where=sa.text("from_status IS NULL"),
            postgresql_where=sa.text("from_status IS NULL"),
        )

    op.create_table(
        "bank_account",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("borrower_id", BigInt, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("bank_code", sa.String(length=3), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_bank_account_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint(
            "borrower_id", "fingerprint", name=op.f("uq_bank_account_borrower_id_fingerprint")
        ),
    )
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.create_index("ix_bank_account_fingerprint", ["fingerprint"], unique=False)

    op.create_table(
        "conversation",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=True),
        sa.Column("borrower_id", BigInt, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("expecting", sa.String(length=16), nullable=True),
        sa.Column("handler", sa.String(length=8), nullable=False),
        sa.Column("agent_id", BigInt, nullable=True),
        sa.Column("queue_reason", sa.String(length=40), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=True),
        sa.Column("last_in_at", UtcDateTime(), nullable=True),
        sa.Column("contacted_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("handler IN ('bot', 'queue', 'agent')", name=op.f("ck_conversation_handler")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_conversation_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_conversation_borrower_id_borrower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("key", name=op.f("uq_conversation_key")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index("ix_conversation_borrower_id", ["borrower_id"], unique=False)
        batch_op.create_index(
            "ix_conversation_waiting",
            ["urgency", "queued_at"],
            unique=False,
            sqlite_where=sa.text("handler <> 'bot'"),
            postgresql_where=sa.text("handler <> 'bot'"),
        )

    op.create_table(
        "idempotent_call",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("api_key_id", BigInt, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_idempotent_call_api_key_id_api_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_call")),
        sa.UniqueConstraint("api_key_id", "key", name=op.f("uq_idempotent_call_api_key_id_key")),
    )
    op.create_table(
        "loan",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("borrower_id", BigInt, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("product", sa.String(length=80), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("lender", sa.String(length=120), nullable=True),
        sa.Column("pay_clabe", sa.String(length=18), nullable=True),
        sa.Column("pay_reference", sa.String(length=40), nullable=True),
        sa.Column("cash_reference", sa.String(length=40), nullable=True),
        sa.Column("guarantor_name", sa.String(length=200), nullable=True),
        sa.Column("guarantor_phone", sa.String(length=20), nullable=True),
        sa.Column("allocation_rule", sa.String(length=32), nullable=False),
        sa.Column("ledger_seq", sa.Integer(), nullable=False),
        sa.Column("ledger_hash", sa.String(length=64), nullable=False),
        sa.Column("outstanding_centavos", sa.BigInteger(), nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        sa.Column("next_due_centavos", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('current', 'overdue', 'disputed', 'written_off', 'settled')",
            name=op.f("ck_loan_status"),
        ),
        sa.CheckConstraint("outstanding_centavos >= 0", name=op.f("ck_loan_outstanding")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrower.id"], name=op.f("fk_loan_borrower_id_borrower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("external_id", name=op.f("uq_loan_external_id")),
    )
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.create_index("ix_loan_borrower_id", ["borrower_id"], unique=False)
        batch_op.create_index("ix_loan_overdue_since", ["overdue_since", "status"], unique=False)

    op.create_table(
        "balance",
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("account", sa.String(length=48), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_balance_loan_id_loan")),
        sa.PrimaryKeyConstraint("loan_id", "account", name=op.f("pk_balance")),
    )
    op.create_table(
        "contact_point",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("borrower_id", BigInt, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_reason", sa.String(length=40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("channel IN ('whatsapp', 'sms', 'email')", name=op.f("ck_contact_point_channel")),
        sa.CheckConstraint(
            "status IN ('unverified', 'confirmed', 'invalid', 'closed')", name=op.f("ck_contact_point_status")
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_contact_point_borrower_id_borrower")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_contact_point_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_point")),
        sa.UniqueConstraint(
            "borrower_id", "channel", "key", name=op.f("uq_contact_point_borrower_id_channel_key")
        ),
    )
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.create_index("ix_contact_point_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index("ix_contact_point_key", ["key"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("loan_id", BigInt, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_event_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_event_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("key", name=op.f("uq_event_key")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_pending",
            ["not_before", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "hold",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('dispute', 'deceased', 'vulnerable', 'legal', 'opt_out', 'payment_reported', 'hardship', 'complaint')",
            name=op.f("ck_hold_kind"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_hold_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(
            "uq_hold_open",
            ["loan_id", "kind"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "instalment",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount_centavos", sa.BigInteger(), nullable=False),
        sa.Column("unpaid_principal", sa.BigInteger(), nullable=False),
        sa.Column("unpaid_interest", sa.BigInteger(), nullable=False),
        sa.Column("unpaid_late_fees", sa.BigInteger(), nullable=False),
        sa.Column("unpaid_tax", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("unpaid_interest >= 0", name=op.f("ck_instalment_unpaid_interest")),
        sa.CheckConstraint("unpaid_late_fees >= 0", name=op.f("ck_instalment_unpaid_late_fees")),
        sa.CheckConstraint("unpaid_principal >= 0", name=op.f("ck_instalment_unpaid_principal")),
        sa.CheckConstraint("unpaid_tax >= 0", name=op.f("ck_instalment_unpaid_tax")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_instalment_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalment")),
        sa.UniqueConstraint("loan_id", "number", name=op.f("uq_instalment_loan_id_number")),
    )
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_instalment_unpaid",
            ["loan_id", "due_date"],
            unique=False,
            sqlite_where=sa.text("unpaid_principal + unpaid_interest + unpaid_late_fees + unpaid_tax > 0"),
            postgresql_where=sa.text(
                "unpaid_principal + unpaid_interest + unpaid_late_fees + unpaid_tax > 0"
            ),
        )

    op.create_table(
        "ledger_entry",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("reverses_id", BigInt, nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('loan.opened', 'loan.adjusted', 'loan.settled', 'accrual.posted', 'contact.sent', 'contact.delivered', 'contact.read', 'contact.failed', 'contact.suppressed', 'contact.replied', 'contact_point.closed', 'preference.recorded', 'identity.confirmed', 'identity.failed', 'wrong_party.reported', 'promise.made', 'promise.kept', 'promise.partial', 'promise.broken', 'promise.cancelled', 'plan.offered', 'plan.agreed', 'plan.kept', 'plan.broken', 'plan.cancelled', 'extension.granted', 'settlement.offered', 'settlement.agreed', 'mandate.requested', 'mandate.authorized', 'mandate.submitted', 'mandate.active', 'mandate.rejected', 'mandate.suspended', 'mandate.disputed', 'mandate.cancelled', 'mandate.expired', 'charge.notified', 'charge.submitted', 'charge.unknown', 'charge.collected', 'charge.settled', 'charge.returned', 'charge.cancelled', 'charge.reversed', 'payment.reported', 'payment.posted', 'payment.reversed', 'payment.reallocated', 'refund.posted', 'waiver.granted', 'hold.placed', 'hold.lifted', 'dispute.opened', 'dispute.resolved', 'hardship.reported', 'vulnerability.reported', 'complaint.opened', 'complaint.resolved', 'privacy.requested', 'privacy.answered', 'optout.recorded', 'optin.recorded', 'document.issued', 'handoff.requested', 'handoff.taken', 'handoff.released')",
            name=op.f("ck_ledger_entry_kind"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_ledger_entry_loan_id_loan")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses_id_ledger_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_entry_key")),
        sa.UniqueConstraint("loan_id", "seq", name=op.f("uq_ledger_entry_loan_id_seq")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entry_reverses_id")),
    )
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_entry_kind", ["kind", "at"], unique=False)

    op.create_table(
        "mandate",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("folio", sa.String(length=24), nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("bank_account_id", BigInt, nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("max_amount", sa.BigInteger(), nullable=False),
        sa.Column("frequency", sa.String(length=16), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("terms_version", sa.String(length=32), nullable=False),
        sa.Column("terms_text", sa.Text(), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("provider_refs", Json, nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=True),
        sa.Column("authorized_at", UtcDateTime(), nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'requested', 'authorized', 'submitted', 'active', 'suspended', 'disputed', 'rejected', 'cancelled', 'expired')",
            name=op.f("ck_mandate_status"),
        ),
        sa.CheckConstraint("max_amount > 0", name=op.f("ck_mandate_max_amount")),
        sa.ForeignKeyConstraint(
            ["bank_account_id"], ["bank_account.id"], name=op.f("fk_mandate_bank_account_id_bank_account")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_mandate_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
        sa.UniqueConstraint("folio", name=op.f("uq_mandate_folio")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index("ix_mandate_status", ["status"], unique=False)
        batch_op.create_index(
            "uq_mandate_active",
            ["loan_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('active', 'suspended', 'disputed')"),
            postgresql_where=sa.text("status IN ('active', 'suspended', 'disputed')"),
        )
        batch_op.create_index(
            "uq_mandate_pending",
            ["loan_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('draft', 'requested', 'authorized', 'submitted')"),
            postgresql_where=sa.text("status IN ('draft', 'requested', 'authorized', 'submitted')"),
        )

    op.create_table(
        "message",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("borrower_id", BigInt, nullable=True),
        sa.Column("loan_id", BigInt, nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("author", sa.String(length=8), nullable=False),
        sa.Column("agent_id", BigInt, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("choices", Json, nullable=True),
        sa.Column("wording", Json, nullable=True),
        sa.Column("purpose", sa.String(length=16), nullable=True),
        sa.Column("account_sid", sa.String(length=64), nullable=True),
        sa.Column("provider_sid", sa.String(length=64), nullable=True),
        sa.Column("media", Json, nullable=True),
        sa.Column("extra", Json, nullable=True),
        sa.Column("understood", Json, nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("error_code", sa.String(length=16), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner_version", sa.Integer(), nullable=True),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("author IN ('borrower', 'bot', 'agent')", name=op.f("ck_message_author")),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_message_direction")),
        sa.CheckConstraint(
            "status IN ('received', 'unprocessed', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed', 'unknown')",
            name=op.f("ck_message_status"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_message_agent_id_agent")),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["borrower.id"], name=op.f("fk_message_borrower_id_borrower")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_message_loan_id_loan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("account_sid", "provider_sid", name=op.f("uq_message_account_sid_provider_sid")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_borrower_id", ["borrower_id", "id"], unique=False)
        batch_op.create_index("ix_message_conversation_id", ["conversation_id", "id"], unique=False)
        batch_op.create_index(
            "ix_message_queued",
            ["purpose", "not_before", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'queued'"),
            postgresql_where=sa.text("status = 'queued'"),
        )
        batch_op.create_index(
            "ix_message_unsettled",
            ["claimed_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('sending', 'unknown')"),
        )

    op.create_table(
        "timer",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wait_id", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("fired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_timer_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timer_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("fired_at IS NULL"),
            postgresql_where=sa.text("fired_at IS NULL"),
        )

    op.create_table(
        "charge",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("mandate_id", BigInt, nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("instalment_id", BigInt, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("charge_on", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("provider_id", sa.String(length=64), nullable=True),
        sa.Column("return_code", sa.String(length=16), nullable=True),
        sa.Column("return_text", sa.String(length=200), nullable=True),
        sa.Column("notice_message_id", BigInt, nullable=True),
        sa.Column("notified_at", UtcDateTime(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("collected_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'notified', 'submitting', 'submitted', 'processing', 'collected', 'settled', 'returned', 'cancelled', 'unknown', 'reversed')",
            name=op.f("ck_charge_status"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_charge_amount")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalment.id"], name=op.f("fk_charge_instalment_id_instalment")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_charge_loan_id_loan")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_charge_mandate_id_mandate")),
        sa.ForeignKeyConstraint(
            ["notice_message_id"], ["message.id"], name=op.f("fk_charge_notice_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge")),
        sa.UniqueConstraint("instalment_id", "attempt", name=op.f("uq_charge_instalment_id_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_charge_key")),
    )
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.create_index("ix_charge_due", ["charge_on", "status"], unique=False)
        batch_op.create_index("ix_charge_loan_id", ["loan_id"], unique=False)
        batch_op.create_index(
            "uq_charge_open",
            ["instalment_id"],
            unique=True,
            sqlite_where=sa.text(
                "status IN ('planned', 'notified', 'submitting', 'submitted', 'processing', 'unknown')"
            ),
            postgresql_where=sa.text(
                "status IN ('planned', 'notified', 'submitting', 'submitted', 'processing', 'unknown')"
            ),
        )

    op.create_table(
        "consent",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("mandate_id", BigInt, nullable=False),
        sa.Column("asked_message_id", BigInt, nullable=False),
        sa.Column("answered_message_id", BigInt, nullable=False),
        sa.Column("answer_text", sa.String(length=200), nullable=False),
        sa.Column("terms_hash", sa.String(length=64), nullable=False),
        sa.Column("identity", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_message_id"], ["message.id"], name=op.f("fk_consent_answered_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["asked_message_id"], ["message.id"], name=op.f("fk_consent_asked_message_id_message")
        ),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandate.id"], name=op.f("fk_consent_mandate_id_mandate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("mandate_id", name=op.f("uq_consent_mandate_id")),
    )
    op.create_table(
        "posting",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("entry_id", BigInt, nullable=False),
        sa.Column("account", sa.String(length=48), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entry.id"], name=op.f("fk_posting_entry_id_ledger_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_entry_id", ["entry_id"], unique=False)

    op.create_table(
        "promise",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("loan_id", BigInt, nullable=False),
        sa.Column("message_id", BigInt, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'kept', 'partial', 'broken', 'cancelled')", name=op.f("ck_promise_status")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promise_amount")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_promise_loan_id_loan")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_promise_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(
            "ix_promise_expires",
            ["expires_on"],
            unique=False,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.create_index(
            "uq_promise_open",
            ["loan_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "receipt",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("message_id", BigInt, nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("error_code", sa.String(length=16), nullable=True),
        sa.Column("extra", Json, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_receipt_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("message_id", "status", name=op.f("uq_receipt_message_id_status")),
    )
    op.create_table(
        "task",
        sa.Column("id", BigInt, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", BigInt, nullable=True),
        sa.Column("loan_id", BigInt, nullable=True),
        sa.Column("message_id", BigInt, nullable=True),
        sa.Column("data", Json, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_task_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_task_loan_id_loan")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_task_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("key", name=op.f("uq_task_key")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_open",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    append_only.install(op.get_bind())


def downgrade() -> None:
    append_only.remove(op.get_bind())
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("task")
    op.drop_table("receipt")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_promise_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(
            "ix_promise_expires",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.drop_table("promise")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index("ix_posting_entry_id")

    op.drop_table("posting")
    op.drop_table("consent")
    with op.batch_alter_table("charge", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_charge_open",
            sqlite_where=sa.text(
                "status IN ('planned', 'notified', 'submitting', 'submitted', 'processing', 'unknown')"
            ),
            postgresql_where=sa.text(
                "status IN ('planned', 'notified', 'submitting', 'submitted', 'processing', 'unknown')"
            ),
        )
        batch_op.drop_index("ix_charge_loan_id")
        batch_op.drop_index("ix_charge_due")

    op.drop_table("charge")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_timer_due",
            sqlite_where=sa.text("fired_at IS NULL"),
            postgresql_where=sa.text("fired_at IS NULL"),
        )

    op.drop_table("timer")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_unsettled",
            sqlite_where=sa.text("status IN ('sending', 'unknown')"),
            postgresql_where=sa.text("status IN ('sending', 'unknown')"),
        )
        batch_op.drop_index(
            "ix_message_queued",
            sqlite_where=sa.text("status = 'queued'"),
            postgresql_where=sa.text("status = 'queued'"),
        )
        batch_op.drop_index("ix_message_conversation_id")
        batch_op.drop_index("ix_message_borrower_id")

    op.drop_table("message")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_mandate_pending",
            sqlite_where=sa.text("status IN ('draft', 'requested', 'authorized', 'submitted')"),
            postgresql_where=sa.text("status IN ('draft', 'requested', 'authorized', 'submitted')"),
        )
        batch_op.drop_index(
            "uq_mandate_active",
            sqlite_where=sa.text("status IN ('active', 'suspended', 'disputed')"),
            postgresql_where=sa.text("status IN ('active', 'suspended', 'disputed')"),
        )
        batch_op.drop_index("ix_mandate_status")

    op.drop_table("mandate")
    with op.batch_alter_table("ledger_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_entry_kind")

    op.drop_table("ledger_entry")
    with op.batch_alter_table("instalment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_instalment_unpaid",
            sqlite_where=sa.text("unpaid_principal + unpaid_interest + unpaid_late_fees + unpaid_tax > 0"),
            postgresql_where=sa.text(
                "unpaid_principal + unpaid_interest + unpaid_late_fees + unpaid_tax > 0"
            ),
        )

    op.drop_table("instalment")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hold_open",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.drop_table("hold")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_pending",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("event")
    with op.batch_alter_table("contact_point", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_point_key")
        batch_op.drop_index("ix_contact_point_conversation_id")

    op.drop_table("contact_point")
    op.drop_table("balance")
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.drop_index("ix_loan_overdue_since")
        batch_op.drop_index("ix_loan_borrower_id")

    op.drop_table("loan")
    op.drop_table("idempotent_call")
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_conversation_waiting",
            sqlite_where=sa.text("handler <> 'bot'"),
            postgresql_where=sa.text("handler <> 'bot'"),
        )
        batch_op.drop_index("ix_conversation_borrower_id")

    op.drop_table("conversation")
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_account_fingerprint")

    op.drop_table("bank_account")
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_transition_first",
            sqlite_where=sa.text("from_status IS NULL"),
            postgresql_where=sa.text("from_status IS NULL"),
        )

    op.drop_table("transition")
    with op.batch_alter_table("tick", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_tick_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("tick")
    op.drop_table("template")
    op.drop_table("setting")
    with op.batch_alter_table("borrower", schema=None) as batch_op:
        batch_op.drop_index("ix_borrower_name")

    op.drop_table("borrower")
    op.drop_table("api_key")
    op.drop_table("agent")
