"""The API described, as OpenAPI 3.1, from the models that check it."""

from typing import Any

from flask import Blueprint, Response, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.api import answers
from bot.api.adjustments import AdjustmentIn
from bot.api.answers import (
    AdjustedOut,
    AppliedLoanOut,
    ContactOut,
    ConversationOut,
    DocumentsOut,
    ErasedOut,
    EventsOut,
    ExplainedOut,
    ExportOut,
    FeaturesPageOut,
    LedgerOut,
    LoanOut,
    LoanRowsOut,
    LoansOut,
    MetricOut,
    OffersOut,
    OutreachOut,
    PageOut,
    PageRevokedOut,
    PaymentOut,
    PersonOut,
    ProblemOut,
    TasksOut,
)
from bot.api.bulk_loans import LoanRowIn, LoansIn
from bot.api.contacts import ContactIn
from bot.api.fields import describe_fields
from bot.api.holds import HoldIn
from bot.api.loans import LoanIn
from bot.api.outreach import OutreachIn
from bot.api.pages import PageIn
from bot.api.parameters import CURSOR, ID, KEY, LIMIT, page, query
from bot.api.payments import DecisionIn, PaymentIn, ReversalIn
from bot.api.privacy import PrivacyIn
from bot.reports import KPIS
from bot.webhooks import EVENTS, EventKind, schema_of
from models.hold import HOLD_KINDS
from models.loan import LOAN_STATES


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/openapi.json", view_func=get_openapi)


def get_openapi() -> Response:
    return jsonify(document())


_TAKEN: tuple[type[BaseModel], ...] = (
    PageIn,
    LoanIn,
    LoanRowIn,
    LoansIn,
    PaymentIn,
    OutreachIn,
    ReversalIn,
    DecisionIn,
    AdjustmentIn,
    HoldIn,
    ContactIn,
    PrivacyIn,
)
_GIVEN = tuple(
    model for model in vars(answers).values() if isinstance(model, type) and issubclass(model, answers.Answer)
)
TAGS = {
    "loans": "Loans, with all that is owed and agreed, and their ledgers",
    "payments": "Payments that you received",
    "borrowers": "People, their conversations, and reaching out to them",
    "tasks": "What waits for a person",
    "events": "Everything that happens, in one order: read here, or sent to your address as webhooks",
    "metrics": "The KPIs, as the console shows them",
}


def document() -> dict[str, Any]:
    models: list[Any] = [(model, "validation") for model in _TAKEN] + [
        (model, "serialization") for model in _GIVEN
    ]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    describe_fields(schemas["$defs"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Acuerdo",
            "version": "1",
            "description": "Money is an integer in centavos. Times are ISO 8601 with zone.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": _paths(),
        "webhooks": _webhooks(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas["$defs"],
        },
    }


def _content(model: type[BaseModel], kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}


_PROBLEMS = {
    "400": "this is no request: its JSON, its limit, its cursor",
    "401": "a key is needed",
    "403": "this key may only read",
    "404": "there is nothing of this name",
    "409": "it conflicts with what is here, or a rule forbids it",
    "413": "the body is too large",
    "415": "the body is not JSON",
    "422": "a field does not fit: it is named",
    "425": "the first call with this Idempotency-Key is still under way: send it again after Retry-After",
    "503": "the database is busy: send it again after Retry-After",
    "default": "what is wrong and what to do",
}
_UNSAFE = ("409", "413", "415", "422", "425")


def _operation(
    tag: str,
    summary: str,
    answer: type[BaseModel],
    parameters: list[dict[str, Any]],
    taken: type[BaseModel] | None = None,
    codes: tuple[str, ...] = ("200",),
) -> dict[str, Any]:
    problems = {code: text for code, text in _PROBLEMS.items() if taken or code not in _UNSAFE}
    operation: dict[str, Any] = {
        "tags": [tag],
        "summary": summary,
        "parameters": parameters,
        "responses": {code: {"description": "done", "content": _content(answer)} for code in codes}
        | {
            code: {"description": text, "content": _content(ProblemOut, "application/problem+json")}
            for code, text in problems.items()
        },
    }
    return operation | ({"requestBody": {"required": True, "content": _content(taken)}} if taken else {})


def _paths() -> dict[str, Any]:
    return {
        **_loans(),
        **_acts(),
        **_documents(),
        **_payments(),
        **_borrowers(),
        **_tasks(),
        **_features(),
        **_events(),
        **_metrics(),
    }


def _loans() -> dict[str, Any]:
    since = query(
        "updated_since", "something changed at this time or later", type="string", format="date-time"
    )
    return {
        "/loans": {
            "get": _operation(
                "loans",
                "Lists loans",
                LoansOut,
                [query("status", "only these", type="string", enum=list(LOAN_STATES)), since, *page(100)],
            ),
            "put": _operation(
                "loans",
                "Creates or updates up to 1,000 loans; each is taken or refused by itself",
                LoanRowsOut,
                [KEY],
                LoansIn,
            ),
        },
        "/loans/{external_id}": {
            "put": _operation(
                "loans",
                "Creates or updates a loan with its borrower and instalments",
                AppliedLoanOut,
                [ID, KEY],
                LoanIn,
                ("200", "201"),
            ),
            "get": _operation("loans", "The loan with its current state", LoanOut, [ID]),
        },
        "/loans/{external_id}/documents": {
            "get": _operation("loans", "Agreements, statements, mandates and letters", DocumentsOut, [ID])
        },
        "/loans/{external_id}/offers": {
            "get": _operation("loans", "What policy allows today, and what was offered", OffersOut, [ID])
        },
        "/loans/{external_id}/ledger": {
            "get": _operation("loans", "The loan's ledger, oldest first", LedgerOut, [ID, *page(1000)])
        },
    }


def _documents() -> dict[str, Any]:
    document = ID | {
        "name": "document_id",
        "schema": {"type": "string", "minLength": 1, "maxLength": 32},
        "description": "the id of a document, as its loan lists it",
        "example": "17",
    }
    get = _operation("loans", "A document, as its PDF", ProblemOut, [document])
    pdf = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
    get["responses"]["200"] = {"description": "the file", "content": pdf}
    return {"/documents/{document_id}": {"get": get}}


def _payments() -> dict[str, Any]:
    post = _operation(
        "payments", "A payment that the lender received", PaymentOut, [KEY], PaymentIn, ("200", "201", "202")
    )
    payment = ID | {
        "name": "payment_id",
        "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"},
        "example": "17",
    }
    payment |= {"description": "the id of a payment"}
    what = "Takes a posted payment back, once"
    decided = "Decides a payment in review: the same as another, or other money"
    return {
        "/payments": {"post": post},
        "/payments/{payment_id}": {
            "get": _operation("payments", "What became of a payment", PaymentOut, [payment])
        },
        "/payments/{payment_id}/reversal": {
            "post": _operation("payments", what, PaymentOut, [payment, KEY], ReversalIn, ("201",))
        },
        "/payments/{payment_id}/decision": {
            "post": _operation("payments", decided, PaymentOut, [payment, KEY], DecisionIn)
        },
    }


def _acts() -> dict[str, Any]:
    """The lender's own acts on a loan."""
    kind = ID | {
        "name": "kind",
        "schema": {"type": "string", "enum": list(HOLD_KINDS)},
        "description": "the kind of hold",
        "example": "dispute",
    }
    lift = _operation("loans", "Lifts a hold", LoanOut, [ID, kind, KEY])
    return {
        "/loans/{external_id}/adjustments": {
            "post": _operation(
                "loans",
                "A waiver, refund, write-off or recovery, as a ledger entry",
                AdjustedOut,
                [ID, KEY],
                AdjustmentIn,
                ("201",),
            )
        },
        "/loans/{external_id}/holds": {
            "post": _operation("loans", "Places a hold", LoanOut, [ID, KEY], HoldIn, ("200", "201"))
        },
        "/loans/{external_id}/holds/{kind}": {"delete": lift},
    }


def _borrowers() -> dict[str, Any]:
    return {
        "/borrowers/{external_id}": {
            "get": _operation("borrowers", "One person with contact points, flags and loans", PersonOut, [ID])
        },
        "/borrowers/{external_id}/conversation": {
            "get": _operation("borrowers", "The borrower's conversation", ConversationOut, [ID, page(100)[0]])
        },
        "/borrowers/{external_id}/page": {
            "post": _operation(
                "borrowers", "A link to the borrower's own pages", PageOut, [ID, KEY], PageIn, ("201",)
            ),
            "delete": _operation(
                "borrowers", "Ends all links to the borrower's own pages", PageRevokedOut, [ID, KEY]
            ),
        },
        "/borrowers/{external_id}/export": {
            "post": _operation(
                "borrowers",
                "All that is held about a borrower, as they may ask for it",
                ExportOut,
                [ID],
                PrivacyIn,
            )
        },
        "/borrowers/{external_id}/erasure": {
            "post": _operation(
                "borrowers",
                "Erases what identifies a borrower, where nothing is owed or under way",
                ErasedOut,
                [ID, KEY],
                PrivacyIn,
            )
        },
        "/borrowers/{external_id}/contacts": {
            "post": _operation(
                "borrowers",
                "A call or a visit that was made: it counts like a message",
                ContactOut,
                [ID, KEY],
                ContactIn,
                ("200", "201"),
            )
        },
        "/borrowers/{external_id}/outreach": {
            "get": _operation(
                "borrowers", "Why they got what they got, and what comes next", ExplainedOut, [ID]
            ),
            "post": _operation(
                "borrowers",
                "Starts a flow now, within the contact rules",
                OutreachOut,
                [ID, KEY],
                OutreachIn,
                ("202",),
            ),
        },
    }


def _tasks() -> dict[str, Any]:
    return {"/tasks": {"get": _operation("tasks", "What waits for a person", TasksOut, page(100))}}


def _features() -> dict[str, Any]:
    summary = "What is known of each borrower, for decisions about new loans"
    return {"/features": {"get": _operation("borrowers", summary, FeaturesPageOut, page(100))}}


def _events() -> dict[str, Any]:
    after = query("after", "a position: what came after it", type="string", pattern="^[0-9]{1,18}$")
    listed = "Every ledger entry and task of all loans, oldest first; poll with `after`: the last `next`"
    return {"/events": {"get": _operation("events", listed, EventsOut, [LIMIT, after, CURSOR])}}


def _webhooks() -> dict[str, Any]:
    """What is sent to the lender's address, by type, as the feed lists it."""
    return {event.kind: {"post": _delivery(event)} for event in EVENTS}


def _delivery(event: EventKind) -> dict[str, Any]:
    return {
        "tags": ["events"],
        "summary": event.summary,
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(event)}}},
        "responses": {"2XX": {"description": "taken; anything else is sent again for three days"}},
    }


def _metrics() -> dict[str, Any]:
    name = ID | {
        "name": "name",
        "schema": {"type": "string", "enum": list(KPIS)},
        "description": "the KPI",
        "example": "recovery",
    }
    asked = [
        query("from", "the first day", type="string", format="date"),
        query("to", "the last day; today where it is not given", type="string", format="date"),
        query("by", "day, week, month, product or lender", type="string"),
    ]
    return {
        "/metrics/{name}": {
            "get": _operation("metrics", "A KPI, with its definition", MetricOut, [name, *asked])
        }
    }
