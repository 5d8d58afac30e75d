"""Says plainly, at the end of a run, what could not be checked on this machine."""

import pytest

from tests.integration.twilio_description import FOLDER, NAMES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not all((FOLDER / name).exists() for name in NAMES):
        terminalreporter.section("not checked")
        terminalreporter.line(
            f"Requests to Twilio were not held against its description: put {' and '.join(NAMES)} from twilio/twilio-oai into {FOLDER}"
        )
        terminalreporter.line("or set ACUERDO_TWILIO_OAI to where they are. With CI=true this is a failure.")
