"""The lender's API, version 1: one file per resource."""

from bot.api.reference import docs
from bot.api.routes import blueprint

__all__ = ["blueprint", "docs", "problems"]
