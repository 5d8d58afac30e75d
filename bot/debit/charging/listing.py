"""Results by list: a call for a page of charges, where the provider lists them, instead of one for each."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

import structlog

from bot.debit.port import AuthError, ChargeReport, DebitError, DebitProvider, RateLimited
from models.base import AnyRow

log = structlog.get_logger(__name__)

APART = timedelta(minutes=5)
"""Charges submitted this close to one another are asked for in one list."""
SKEW = timedelta(minutes=2)
"""By so much the provider's clock may differ from ours."""
FEWEST = 3
"""Fewer are asked about one by one: a list is a call too."""
OTHERS = 4
"""So many charges are read of the list for each that is looked for, and a page: then it is taken to hold
others.
"""
PAGE = 100


def listed_reports(provider: DebitProvider, rows: Sequence[AnyRow]) -> dict[str, ChargeReport]:
    """By the provider's ids, what its list holds of these charges. What it lacks, and what could not be read,
    is left to be asked about by itself. Raises AuthError and RateLimited: nothing else can be asked then.
    """
    found: dict[str, ChargeReport] = {}
    if not provider.capabilities.lists_charges:
        return found
    for run in _runs(rows):
        wanted = {row.provider_id for row in run}
        listed = provider.charges_made(run[0].submitted_at - SKEW, run[-1].submitted_at + SKEW)
        try:
            for report in islice(listed, OTHERS * len(run) + PAGE):
                if report.provider_id in wanted:
                    wanted.remove(report.provider_id)
                    found[report.provider_id] = report
                if not wanted:
                    break
        except (AuthError, RateLimited):
            raise
        except DebitError as error:
            log.warning("the provider's list could not be read", code=error.code, missing=len(wanted))
    return found


def _runs(rows: Sequence[AnyRow]) -> Iterator[list[AnyRow]]:
    """Those submitted close together, FEWEST at least, in order."""
    run: list[AnyRow] = []
    for row in sorted((row for row in rows if row.submitted_at), key=lambda row: row.submitted_at):
        if run and row.submitted_at - run[-1].submitted_at > APART:
            if len(run) >= FEWEST:
                yield run
            run = []
        run.append(row)
    if len(run) >= FEWEST:
        yield run
