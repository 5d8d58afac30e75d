"""Two texts, line by line."""

from collections.abc import Iterator
from difflib import unified_diff

AROUND = 3


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """`(sign, line)`: `+` what is new, `-` what is gone, a space what stays around it, `@` where others were
    left out.
    """
    lines = unified_diff(before.splitlines(), after.splitlines(), n=AROUND, lineterm="")
    for line in list(lines)[2:]:
        yield line[0], line[1:] if line[0] != "@" else ""
