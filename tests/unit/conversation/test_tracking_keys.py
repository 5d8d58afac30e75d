"""The key of a transfer is no account; an account next to it stays one, and is masked."""

from bot.conversation import accounts

KEY, CLABE = "085902345678901234", "012180001234567899"


def _kind(text: str) -> str | None:
    found = accounts.find(text, lambda digits: digits, lambda bank: True, expected=False)
    return found.given.kind if found else None


def test_a_tracking_key_is_kept_and_an_account_is_not() -> None:
    assert _kind(f"mi clave de rastreo es {KEY}") is None
    assert accounts.mask(f"mi clave de rastreo es {KEY}") == f"mi clave de rastreo es {KEY}"
    assert _kind(f"mi clabe es {CLABE}, la de rastreo no la tengo") == "clabe"
    assert CLABE not in accounts.mask(f"mi clabe es {CLABE}, la de rastreo no la tengo")
    assert _kind("MBAN01002611230012345678") is None
    assert accounts.mask("MBAN01002611230012345678").startswith("MBAN0100")
    assert _kind(f"CLABE{CLABE}") == "clabe"
    assert CLABE not in accounts.mask(f"CLABE{CLABE}")
    assert _kind(f"es {KEY}") == "invalid"
    assert KEY not in accounts.mask(f"es {KEY}")
