"""What every outgoing call shares: a session that asks only the settings where to go, whether a call that
failed ever left, and how long who was called asks to wait.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

LONGEST_WAIT_SECONDS = 86_400.0


def session(connections: int = 4) -> requests.Session:
    """No proxy, no .netrc, and nothing is tried again behind the caller's back."""
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, HTTPAdapter(pool_maxsize=connections, max_retries=0))
    return made


def never_left(error: requests.RequestException) -> bool:
    """Whether no connection came about: then nobody can have taken what was sent."""
    reason = error.args[0].reason if error.args and isinstance(error.args[0], MaxRetryError) else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError | NameResolutionError
    )


def seconds_to_wait(retry_after: str, at: datetime) -> float | None:
    """What a `Retry-After` asks for, in seconds or as a date, of a day at most; null where it is neither."""
    try:
        if retry_after.isdecimal():
            seconds = float(retry_after)
        else:
            until = parsedate_to_datetime(retry_after)
            seconds = (until.replace(tzinfo=until.tzinfo or UTC) - at).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(0.0, seconds), LONGEST_WAIT_SECONDS)
