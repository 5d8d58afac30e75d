"""Belvo's names of the banks."""

import tomllib
from functools import lru_cache
from pathlib import Path

from bot.debit.port import BankNotSupported
from values import Clabe

_TABLE = Path(__file__).parent / "banks.toml"


@lru_cache(maxsize=1)
def codes() -> dict[str, str]:
    """CLABE codes by Belvo's id."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _ids() -> dict[str, str]:
    return {code: name for name, code in codes().items()}


def bank_id(account: Clabe) -> str:
    """Raises BankNotSupported."""
    if account.bank_code not in _ids():
        message = f"Belvo does not debit accounts of bank {account.bank_code}: ask for another bank's account"
        raise BankNotSupported(message)
    return _ids()[account.bank_code]
