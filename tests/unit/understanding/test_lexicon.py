"""Words in another sense than the one that a pattern is written for."""

from datetime import date

import pytest

from bot.understanding.lexicon import Lexicon
from bot.understanding.normalize import plain, words
from bot.understanding.reader import load
from bot.understanding.training import utterances


def matched(text: str) -> set[str]:
    return {label for label, _ in Lexicon.load().hits(words(plain(text)))}


@pytest.mark.parametrize(
    "text",
    [
        "no quiero darme de baja, solo quiero pagar",
        "BAJA CALIFORNIA",
        "soy de Baja California Sur",
        "estoy en baja",
        "no me den de baja por favor",
        "no me quiero dar de baja, quiero pagar",
        "no quiero que me den de baja, ya voy a pagar",
        "no quiero dejar de recibir mensajes",
        "ando con la baja presión",
        "me dieron baja médica",
        "está muy alto el interés",
    ],
)
def test_a_keyword_in_another_sense_is_no_opt_out(text: str) -> None:
    assert "opt_out" not in matched(text)
    read = load().read(text, date(2026, 11, 24))
    assert "opt_out" not in (read.intent, *read.also)


@pytest.mark.parametrize(
    ("text", "intent", "also"),
    [
        ("BAJA. ¿y cómo pago?", "opt_out", ()),
        ("ya no me manden nada y eso ya quedó pagado desde ayer", "opt_out", ()),
        ("en dónde puedo depositar. quiero meter una queja", "complain", ()),
        ("no quiero poner una queja, solo saber mi saldo", "ask_balance", ()),
        ("baja, y cuánto debo?", "opt_out", ()),
        ("Baja por favor, y el viernes pago", "opt_out", ()),
        ("BAJA hasta el viernes", "opt_out", ()),
        ("STOP. how do I pay?", "opt_out", ()),
        ("mi mamá murió. BAJA", "report_vulnerability", ("opt_out",)),
        (
            "mi jefa acaba de morir dejen de estar escribiendo por favor",
            "report_vulnerability",
            ("opt_out",),
        ),
        ("BAJA DOMICILIACION", "cancel_debit", ()),
        ("400, no más", "other", ()),
        ("nunca pedí esa asistencia, quítenla", "dispute_charge", ()),
    ],
)
def test_a_keyword_that_stands_apart_wins_over_what_is_next_to_it(
    text: str, intent: str, also: tuple[str, ...]
) -> None:
    read = load().read(text, date(2026, 11, 24))
    assert (read.intent, read.also) == (intent, also)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no me escriban en domingo por favor", "contact_preference"),
        ("no me manden mensajes a esta hora", "contact_preference"),
        ("please don't message me on sundays", "contact_preference"),
        ("no me escriban a esta hora ni a ninguna, ya no me molesten", "opt_out"),
        ("no me escriban en el trabajo, BAJA", "opt_out"),
    ],
)
def test_no_messages_at_some_hours_is_no_opt_out(text: str, intent: str) -> None:
    read = load().read(text, date(2026, 11, 24))
    assert (read.intent, read.certain) == (intent, True)
    assert intent == "opt_out" or "opt_out" not in read.also


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no quiero que me vuelvan a llegar los avisos", "opt_out"),
        ("ya no quiero que vuelvan a mandarme esos recordatorios", "opt_out"),
        ("quiero que me vuelvan a llegar los avisos", "opt_in"),
        ("está la señorita Karina?", "talk_to_human"),
        ("she's in intensive care, I'm her daughter", "report_vulnerability"),
        ("soy su sobrina, mi tío está entubado", "report_vulnerability"),
        ("soy su hermana, se le murió la pila al celular", "third_party"),
        ("soy su vecina, no ha fallecido, anda de viaje", "third_party"),
        ("estoy muerto de risa con sus mensajes", "other"),
    ],
)
def test_a_few_words_decide(text: str, intent: str) -> None:
    read = load().read(text, date(2026, 11, 24))
    assert (read.intent, read.certain) == (intent, True)


@pytest.mark.parametrize(
    "text", ["BAJA", "quiero la baja", "denme de baja", "quiero darme de baja ya", "alto"]
)
def test_the_keyword_itself_is_one(text: str) -> None:
    assert "opt_out" in matched(text)


def test_a_pattern_that_looks_ahead_matches_by_the_filter_what_it_matches_alone() -> None:
    whole = Lexicon.load()
    patterns = whole._looking.values()
    alone = [(pattern, Lexicon({"opt_out": {"weak": [pattern.pattern]}})) for pattern in patterns]
    assert alone
    lines = [words(plain(line.text)) for line in utterances()]
    for pattern, lexicon in alone:
        found = [line for line in lines if pattern.search(line)]
        assert found
        assert [line for line in lines if lexicon.hits(line)] == found
