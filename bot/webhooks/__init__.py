"""What happens to loans, for the lender's own systems: one feed over all of them, read or delivered."""

from bot.webhooks.addresses import InvalidUrl
from bot.webhooks.catalogue import EVENTS, EventKind, schema_of
from bot.webhooks.delivery import deliver
from bot.webhooks.endpoints import (
    KnownEndpoint,
    SecretOfSettings,
    TooManyEndpoints,
    UnknownEndpoint,
    add_endpoint,
    enable,
    list_endpoints,
    remove_endpoint,
    replay,
    rotate_secret,
    rotate_stored_secrets,
)
from bot.webhooks.faults import webhook_database_faults, webhook_settings_faults
from bot.webhooks.feed import entry_body, events_after, last_position, number_events, task_body
from bot.webhooks.secrets import InvalidSecret

__all__ = [
    "EVENTS",
    "EventKind",
    "InvalidSecret",
    "InvalidUrl",
    "KnownEndpoint",
    "SecretOfSettings",
    "TooManyEndpoints",
    "UnknownEndpoint",
    "add_endpoint",
    "deliver",
    "enable",
    "entry_body",
    "events_after",
    "last_position",
    "list_endpoints",
    "number_events",
    "remove_endpoint",
    "replay",
    "rotate_secret",
    "rotate_stored_secrets",
    "schema_of",
    "task_body",
    "webhook_database_faults",
    "webhook_settings_faults",
]
