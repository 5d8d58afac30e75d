"""Forms that come back refused: they hold what was typed into them."""

from typing import Any

from flask import request


def typed(name: str, otherwise: Any = "", /, **form: Any) -> Any:
    """What was typed into the field where the page answers its form, else `otherwise`. `form`: by what
    part of the address, `endpoint` or hidden field this form is told from others on its page. A script that
    sent the form still shows it as it was.
    """
    given = {**(request.view_args or {}), "endpoint": request.endpoint, **request.form}
    ours = all(str(given.get(part)) == str(value) for part, value in form.items())
    by_script = request.headers.get("X-Requested-With") == "fetch"
    return request.form.get(name, "") if request.method == "POST" and ours and not by_script else otherwise
