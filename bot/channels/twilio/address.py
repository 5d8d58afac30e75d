"""Another host in place of Twilio's, where the settings name one."""

from urllib.parse import SplitResult, urlsplit, urlunsplit


def readdressed(url: str, base: SplitResult | None) -> str:
    """`TWILIO_API_URL` replaces scheme and host; its path, where it has one, goes before Twilio's."""
    if base is None:
        return url
    parts = urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, ""))
