"""The closed set of what a borrower's message can mean."""

PRECEDENCE = (
    "report_vulnerability",
    "opt_out",
    "wrong_person",
    "third_party",
    "dispute_debt",
    "dispute_charge",
    "complain",
    "privacy_request",
    "talk_to_human",
    "cancel_debit",
    "report_payment",
    "promise_to_pay",
    "request_extension",
    "request_plan",
    "request_discount",
    "report_hardship",
    "refuse_to_pay",
    "authorize_debit",
    "change_account",
    "provide_clabe",
    "contact_preference",
    "opt_in",
    "request_loan",
    "ask_identity",
    "ask_breakdown",
    "ask_due_date",
    "ask_payment_methods",
    "ask_balance",
    "greet",
    "thank",
    "affirm",
    "deny",
    "abuse",
    "other",
)
"""Where two fit, the earlier one wins."""

INTENTS = tuple(sorted(PRECEDENCE))
SAFETY = frozenset(PRECEDENCE[:10]) - {"privacy_request"}
"""Missing one of these hurts somebody: their thresholds are lower."""

ALSO = (
    "opt_out",
    "cancel_debit",
    "dispute_debt",
    "dispute_charge",
    "complain",
    "talk_to_human",
    "report_vulnerability",
)
"""Safety acts that are reported next to another intent."""
