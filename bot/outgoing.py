"""What every outgoing call shares: a session that asks only the settings where to go, and whether a call that
failed ever left.
"""

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError


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
