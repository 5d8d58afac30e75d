"""What the sections of the lender's file have in common: `[policy…]`, `[[topics]]`, `[wording…]`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from bot.lender import SAMPLE, InvalidLenderFile, Lender, read_amendments, read_text
from bot.revisions.kind import Kind, Line, Version
from bot.services import Services
from bot.toml_lines import section_of
from models import read_tx, revision_table

Preview = Callable[[Services, Services], Sequence[Line]]


def section(
    name: str,
    preview: Preview,
    more_faults: Callable[[Services, Services], Iterable[str]] = lambda _now, _then: (),
    slow_preview: Preview | None = None,
) -> Kind:
    """The previews and `more_faults` are given the services as they are and as they would be."""

    def names(connection: Connection) -> Sequence[str]:
        del connection
        return [name]

    def versions(connection: Connection, services: Services, _name: str) -> Sequence[Version]:
        row = revision_table.c
        approved = connection.execute(
            select(revision_table)
            .where(row.kind == name, row.status == "approved")
            .order_by(row.version.desc())
        )
        own = section_of(read_text(services.settings.lender_file or SAMPLE), name)
        found = [
            Version(each.version, each.body, each.decided_by, each.why, each.decided_at) for each in approved
        ]
        return [*found, Version(0, own)]

    def faults(services: Services, _name: str, body: str) -> Sequence[str]:
        try:
            return list(more_faults(services, amended(services, name, body)))
        except InvalidLenderFile as error:
            return error.faults

    def shown(find: Preview) -> Callable[[Services, str, str], Sequence[Line]]:
        return lambda services, _name, body: find(services, amended(services, name, body))

    return Kind(name, names, versions, faults, shown(preview), slow_preview and shown(slow_preview))


def amended(services: Services, name: str, body: str) -> Services:
    """The services as they would be. Raises InvalidLenderFile."""
    with read_tx(services.engine) as connection:
        sections = {**read_amendments(connection), name: body}
    made = replace(services, lender=Lender.load(services.settings.lender_file, sections))
    made.__dict__["providers"] = services.providers
    return made
