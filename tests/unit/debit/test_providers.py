"""Which provider, and what its settings must hold."""

from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from bot.debit.belvo.provider import BelvoProvider
from bot.debit.providers import NoDebitProvider, make_providers
from bot.debit.returns import has_table
from bot.settings import ForbiddenInProduction, MissingSettings, NotBuiltYet, Settings

GIVEN: dict[str, Any] = {
    "env": "production",
    "secret_key": "s",
    "encryption_keys": "k",
    "signing_key": "g",
    "twilio_account_sid": "AC1",
    "twilio_auth_token": "t",
    "lender_file": Path("lender.toml"),
    "_env_file": None,
}
BELVO = {
    "belvo_api_url": "https://b.example",
    "belvo_api_key_id": "i",
    "belvo_api_key_secret": "s",
    "belvo_webhook_secret": "w",
}


def test_belvo_in_production_needs_its_keys() -> None:
    with pytest.raises(MissingSettings) as caught:
        Settings(**GIVEN, debit_provider="belvo").require_production()
    assert caught.value.names == [
        "BELVO_API_URL",
        "BELVO_API_KEY_ID",
        "BELVO_API_KEY_SECRET",
        "BELVO_WEBHOOK_SECRET",
    ]
    settings = Settings(**GIVEN, **BELVO, debit_provider="belvo")
    settings.require_production()
    assert isinstance(make_providers(settings).default, BelvoProvider)


def test_none_is_a_choice_and_the_simulator_is_not() -> None:
    settings = Settings(**GIVEN)
    settings.require_production()
    with pytest.raises(NoDebitProvider):
        _ = make_providers(settings).default
    with pytest.raises(ForbiddenInProduction):
        Settings(**GIVEN, debit_provider="simulator").require_production()


@pytest.mark.parametrize("name", ["monato", "bankfile"])
@pytest.mark.parametrize("env", ["production", "test"])
def test_what_is_not_built_yet_is_said_before_anything_starts(name: str, env: str) -> None:
    settings = Settings(**(GIVEN | {"env": env}), debit_provider=name)  # type: ignore[arg-type]
    with pytest.raises(
        NotBuiltYet, match=f"ACUERDO_DEBIT_PROVIDER={name} is not served by this version: set it to belvo"
    ):
        settings.require_production()


def test_identity_files_where_the_lender_must_give_them() -> None:
    settings = Settings(**GIVEN, **BELVO, debit_provider="belvo", belvo_identity_files=True)
    assert make_providers(settings).default.capabilities.needs_identity_files


OFFERED = get_args(get_type_hints(Settings)["debit_provider"])


@pytest.mark.parametrize("name", [name for name in OFFERED if name])
def test_each_that_can_be_set_is_made_and_its_returns_have_a_table(name: str) -> None:
    """Else it is refused before anything starts: a provider that was half added would take no mandate, and
    every return of its would go to a person.
    """
    given = {
        field: "https://p.example" if field.endswith("_url") else "x"
        for field, about in Settings.model_fields.items()
        if field.startswith(("belvo_" if name == "simulator" else f"{name}_",)) and about.annotation is str
    }
    settings = Settings(**(GIVEN | {"env": "test"}), **given, debit_provider=name)  # type: ignore[arg-type]
    try:
        settings.require_production()
    except NotBuiltYet:
        assert name not in make_providers(settings).names
    else:
        assert make_providers(settings).default.name == name
        assert has_table(name)
