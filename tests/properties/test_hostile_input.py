"""Whatever is sent, a parser answers with a value or with its own refusal, and with nothing else."""

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import event, example, given
from hypothesis import strategies as st

from bot.channels.email.received import received_from
from bot.channels.twilio.form import parse_form, replaced
from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.cli.understand import answer
from bot.lender import InvalidLenderFile, Lender
from bot.portfolio.dialect import InvalidMapping, NotATable, read_mapping, rows_of
from bot.portfolio.tape import COLUMNS, REQUIRED, TapeRow, parse_row
from bot.understanding import load
from values import EXTERNAL_ID, Clabe, InvalidAmount, InvalidClabe, InvalidPhone, Money, Phone, address_key

NASTY = (
    "\x00",
    "\ud800",
    "\u202e",
    "\ufeff",
    "٣",
    "１２",
    "💥",
    "-0",
    "1e309",
    "NaN",
    "=cmd()",
    "'; --",
    "%00",
    "../",
    "{{7*7}}",
    "<script>",
    "\r\n",
    "9" * 400,
    "MX.",
    "+521",
    "CLABE:",
    "@",
    "whatsapp:",
)
HOSTILE = st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec=None), max_size=20))).map(
    "".join
)
BYTES = st.one_of(st.binary(max_size=400), HOSTILE.map(lambda text: text.encode("utf-8", "surrogatepass")))
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
PARSERS = (
    (Phone.parse, InvalidPhone),
    (Clabe.parse, InvalidClabe),
    (Money.parse_pesos, InvalidAmount),
    (Money.parse_typed, InvalidAmount),
)


@given(text=HOSTILE)
def test_phones_accounts_amounts_and_ids(text: str) -> None:
    for parse, refusal in PARSERS:
        try:
            parse(text)
            event(f"{refusal.__name__}: taken")
        except refusal:
            event(f"{refusal.__name__}: refused")
    assert isinstance(address_key(text), str)
    EXTERNAL_ID.match(text)


@given(body=BYTES)
@example(body=b"a=1&" * 2_000)
@example(body=b"From=%ff%00&Body=%F0%9F")
def test_a_webhooks_form(body: bytes) -> None:
    try:
        form = parse_form(body)
    except ValueError:
        event("refused")
        return
    replaced(form)
    with suppress(NotTwiliosForm):
        incoming_from({name: values[0] for name, values in form.items()}, NOW)


@given(values=st.lists(HOSTILE, min_size=5, max_size=5))
def test_a_webhooks_message(values: list[str]) -> None:
    names = ("MessageSid", "AccountSid", "From", "To", "Body")
    with suppress(NotTwiliosForm):
        incoming = incoming_from(dict(zip(names, values, strict=True)), NOW)
        assert "\x00" not in incoming.text


@given(
    cells=st.fixed_dictionaries(
        dict.fromkeys(REQUIRED, HOSTILE), optional=dict.fromkeys(set(COLUMNS) - set(REQUIRED), HOSTILE)
    )
)
def test_a_row_of_a_tape(cells: dict[str, str]) -> None:
    """RFC, CURP, e-mail, birth date, state, holds and amounts among them."""
    parsed = parse_row(2, cells)
    if isinstance(parsed, TapeRow):
        assert EXTERNAL_ID.match(parsed.loan_id)
    else:
        assert all(error.reason for error in parsed)


def _read(path: Path) -> None:
    try:
        event(
            f"rows: {min(3, sum(1 for _ in rows_of(path, read_mapping(None, COLUMNS), REQUIRED, COLUMNS)))}"
        )
    except NotATable:
        event("no table")


@given(head=st.booleans(), body=BYTES)
@example(head=True, body=b"\r")  # an empty row
def test_a_csv(head: bool, body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tape.csv"
    path.write_bytes((",".join(REQUIRED).encode() + b"\n" if head else b"") + body)
    _read(path)


@given(body=BYTES, zipped=st.booleans())
def test_a_workbook(body: bytes, zipped: bool, tmp_path: Path) -> None:
    path = tmp_path / "tape.xlsx"
    made = io.BytesIO()
    if zipped:
        with zipfile.ZipFile(made, "w") as archive:
            for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
                archive.writestr(name, body)
    path.write_bytes(made.getvalue() if zipped else b"PK\x03\x04" + body)
    _read(path)


@given(body=BYTES)
@example(body=b"[columns]\nloan_id = 5\n")
@example(body=b"[formats]\ndates = {}\n")
@example(body=b"\xff\xfe")
def test_toml_of_a_mapping_and_of_a_lender(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_bytes(body)
    with suppress(InvalidMapping):
        read_mapping(path, COLUMNS)
    with suppress(InvalidLenderFile):
        Lender.load(path)


@given(body=BYTES)
@example(body=b"From: \xff\nContent-Type: multipart/report; boundary=x\n\n--x\n\n--x--")
@example(body=b"Content-Type: text/plain; charset=nothing\n\nhola")
def test_a_mail(body: bytes) -> None:
    received_from(body, "secret")
    received_from(b"From: a@b.mx\nTo: b@c.mx\nContent-Type: text/html\n\n" + body, "secret")


@given(line=BYTES, text=HOSTILE)
def test_a_line_to_understand(line: bytes, text: str) -> None:
    understanding = load()
    assert answer(understanding, line)
    for expecting in (None, "clabe", "date", "amount", "identity"):
        assert understanding.read(text, date(2026, 11, 24), expecting).intent
