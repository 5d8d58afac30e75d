"""What a message means: scored whole and by clause, decided with safety first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.decision import Decision, combine, decide, outranked, without
from bot.understanding.entities import Part
from bot.understanding.features import Features, Segment, features
from bot.understanding.labels import SAFETY
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import ARTEFACT, Model
from bot.understanding.segments import segments
from bot.understanding.topics import Examples, TopicGuess, Topics, features_of

_SURE = 0.97
ASKING = frozenset(
    {
        "ask_balance",
        "ask_breakdown",
        "ask_due_date",
        "ask_identity",
        "ask_payment_methods",
        "privacy_request",
        "request_loan",
    }
)
_OPEN = ASKING | {"other"}
"""What asks, or does nothing: next to a topic any other intent is in doubt."""
_NEAR, _SPECIFIC, _PLAIN = 0.6, 0.8, 0.9
"""How near it must be: to a question that is doubtful, or an act in doubt that is asked about; to one that is
plain; to an act that protects and seems certain, though none of its words stands in the lexicon.
"""
_ASKS = re.compile(
    r"\?|^ (?:(?:y|oiga|oye|pero|hola|disculpe|and|but) )*(?:y si|si (?:no|me|ya|yo)|"
    r"si .* (?:cuando|cuanto|que pasa|donde)|como|donde|cuando|quien|"
    r"cuant[oa]s?|cual|que|por que|para que|(?:a|de|en|con) (?:que|cual|quien|cuant[oa]s?|donde)|"
    r"se (?:puede|vale)|puedo|es (?:cierto|verdad|seguro)|"
    r"can|do|does|is|are|will|if|what|how|when|where|who|why) "
)
"""«¿Qué pongo en el concepto?», «y si me enfermo, el seguro paga»: nothing is done or promised."""
_LETTER = re.compile(r"[^\W\d_]")
_BIRTHDAY = re.compile(
    r"\s*\d{1,2}\s*(?:de\s+\w{4,10}(?:\s+del?\s+\d{2,4})?|[/-]\s*\d{1,2}\s*[/-]\s*\d{2,4})\s*[.!]?\s*"
)
"""A day alone, not asked for as one: an answer that the state reads, or nothing."""
_KEYWORDS = frozenset({"alto", "baja", "baja por favor", "stop", "stop please", "unsubscribe"})
"""Of opting out: standing apart they win over what stands next to them."""
_KEYWORD = re.compile(r" (?:baja|dejar de recibir) ")
"""Words of opting out that have another sense: «Baja California», «no quiero dejar de recibir»."""
_ABOUT_ENDING = re.compile(
    r"^(?! .*\b(?:ya|no|quiero|quisiera|necesito que|por favor|porfa\w*|please|stop taking|don|want|"
    r"(?:cancel|quit|dej|saqu?)(?:en|a|e|ame|alo|ala|enlo|enla|eme|enme))\b)"
    r".* (?:(?:cobran|cuesta|costo|multa|penaliz\w+|comision) (?:\w+ ){0,2}(?:cancelar|quitar|dar de baja) |"
    r"(?:fee|charge|cost)s? (?:\w+ )?(?:to|for) (?:cancel|stop|turn)|"
    r"(?:tiene|hay|lleva) (?:\w+ )?(?:costo|multa|penalizacion|comision) |"
    r"(?:es|seria) (?:forzos|obligatori|a fuerza)|"
    r"(?:como|puedo|podre|podria|que (?:necesito|ocupo)|can i|could i) .*"
    r"(?:algun dia|mas adelante|en un futuro|despues|luego|cuando (?:\w+ )?(?:quiera|guste)|later|whenever))"
)
"""«¿Cobran por cancelar la domiciliación?», «¿cómo la quito más adelante?»: asked about, and no wish."""
_WHAT_IF = re.compile(r" que (?:tanto )?(?:pasa|pasaria|me (?:pasa|pasaria|hacen|harian)) (?:\w+ )?si ")
"""«¿Qué pasaría si no les pago?»: asked about, and no refusal."""
_BORROWER = re.compile(
    r"(?<! no)(?<! ni) soy (?:el|la) (?:(?:señora?|mera|mero|misma|mismo) )?"
    r"(?:que (?:les |le )?(?:deb[eo]|pidio|saco)|de(?:l| mi) (?:credito|prestamo)|deudora?|titular) "
)
"""«Soy la señora que les debe»: nobody else is writing."""
_GRAVE = re.compile(
    r"(?! .*\b(?:pila|bateria|celular|telefono|carro|perr\w+|gat\w+|phone|battery) )"
    r".* (?:[ei]ntubad\w+|en coma|(?:terapia|cuidados) intensiv\w+|respirador|inconsciente|sin reaccionar|"
    r"agoniz\w+|desahuciad\w+|(?<!no a )falleci\w*|(?:se|ya) murio|en paz descan\w+|descansa en paz|"
    r"intensive care|icu|in a coma|ventilator|life support|unconscious|is dying|(?:he|she) died|passed away) "
)
"""A relative who tells of it: what is grave goes before who is writing."""
_WANTS_LETTER = re.compile(
    r"^(?! .*\b(?:cobr|molest|debo|debia|reconozco))"
    r".* (?:quiero|quisiera|ocupo|necesito|mand\w+|dan|den|denme|envi\w+|entreg\w+|cuando|como|donde) "
    r"(?:\w+ ){0,4}(?:carta|constancia) "
)
"""«Ya pagué y quiero mi carta de no adeudo» has words of a debt that is denied, and denies none."""
_NOT_MEANT = (
    ("dispute_debt", _WANTS_LETTER),
    ("third_party", _BORROWER),
    ("cancel_debit", _ABOUT_ENDING),
    ("refuse_to_pay", _WHAT_IF),
)
"""An act, and words that show that it is not what is meant."""
_IN_CAPITALS = re.compile(
    r"\s*(?:BAJA|STOP)[\s,]+(?!(?:(?:de|del|la|al) )*(?:domicili|carg|d[eé]bit|cobr|descuent))[a-z]"
)
_NOT_THEN = re.compile(
    r" no (?:(?:me|nos) )?(?:(?:vuelvan a|vayan a|esten) )?"
    r"(?:escrib|marqu|habl|llam|mand|envi|molest|contact)\w*"
    r"(?: (?:por favor|porfa|mensajes|whatsapp|nada|tan))* (?:(?:en|los|el|los dias|estos?|las?) "
    r"(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|fin(?:es)? de semana"
    r"|dias? festivos?|noches?|madrugadas?|mañanas|tardes)"
    r"|(?:en|por) la (?:mañana|tarde|noche|madrugada)|entre semana|a es(?:t?a|t?as) horas?|temprano|tarde"
    r"|antes de|despues de|(?:al|en el|en mi|a mi) trabajo|cuando (?:estoy|este) trabajando) "
    r"| (?:don te?|do not|dont) (?:text|message|call|write|contact) (?:to )?(?:me |us )?"
    r"(?:(?:on|in|at|during) (?:the )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|mornings?"
    r"|evenings?|nights?|work)|before|after|so (?:early|late)) "
)
"""«No me escriban en domingo»: a wish of other hours, and not the end of all messages."""
_NO_MORE = re.compile(
    r" ya no (?:me |nos )?(?:manden|envien) (?:nada|mas mensajes) (?:y |pero |$)|"
    r" (?:favor|agradec\w+|ayud\w+) (?:\w+ )?(?:si|que) (?:me |nos )?(?:dejan|dejen|dejaran) de "
    r"(?:mandar|enviar)\w* (?:sus |los |esos |estos |mas )?(?:mensajes|recordatorios|avisos) $"
)
_FEE_TAKEN_OUT = re.compile(
    r"(?! .*\b(?:cuenta|tarjeta|nomina|automatic\w+|domicili\w+|debit\w*|carg\w+|"
    r"cobr\w+|descont\w+|descuent\w+) )"
    r".* (?:seguro|membresia|asistencia|comision|anualidad) .*"
    r"(?:quit|cancel|elimin|borr|sac|saqu)(?:en|a|e)l[oa]s? "
)
"""«Esa membresía no la pedí, quítenla»: the fee, and not the debit."""
_COMPLAINS = re.compile(
    r"(?<! no) (?:quiero|quisiera|deseo|voy a) (?:meter|poner|levantar|presentar) (?:una|mi) "
    r"(?:queja|reclamacion) "
)
"""Whole wishes that hold whatever is asked for, told or promised next to them."""
_NUMBER = re.compile(r"[\s$.,\d]*\d[\s$.,\d]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """`entities` in the forms of the labels page; `alternatives` the likeliest labels with their confidence,
    best first; `parts` the payments of a message that names more than one sum and one day.
    """

    intent: str
    confidence: float
    certain: bool
    also: tuple[str, ...]
    entities: dict[str, Any]
    alternatives: tuple[tuple[str, float], ...]
    parts: tuple[Part, ...] = ()
    either: tuple[Part, ...] = ()
    """Days and sums of which one is meant: «el 15 o el 16»."""
    topic: str | None = None
    """The lender's topic that is asked about, where it is more specific than the intent."""


class Understanding:
    """Reads one message in about half a millisecond; holds no state of any conversation."""

    def __init__(self, lexicon: Lexicon, model: Model, topics: Topics | None = None) -> None:
        self._lexicon, self._model = lexicon, model
        self._topics = topics or Topics((), model.vocabulary)

    def knowing(self, examples: Mapping[str, Sequence[str]]) -> "Understanding":
        """The same, which also recognises these topics: examples by the topic's name."""
        listed = tuple((name, tuple(texts)) for name, texts in examples.items())
        return Understanding(self._lexicon, self._model, _topics(listed, self._model))

    def topic(self, text: str) -> TopicGuess:
        """The lender's topic that the text is nearest to, whatever else it means."""
        return self._topics.find(features_of(text))

    def read(self, text: str, today: date, expecting: str | None = None) -> Reading:
        """Never raises for any text."""
        read = segments(text, today, expecting, self._lexicon)
        whole = next(read)
        rule = _by_rule(whole)
        asks = rule is None or rule.intent in ASKING
        parts = [whole] if rule else [whole, *read]
        seen = [features(part) for part in parts] if asks else []
        decision = rule or self._by_model(seen, whole.matched)
        if _KEYWORD.search(whole.words) and "opt_out" in self._lexicon.never(whole.words):
            decision = without(decision, "opt_out")
        elif rule is None and _opts_out(parts):
            decision = outranked(decision, "opt_out", _SURE)
        elif any(decision.intent == act and sense.search(whole.words) for act, sense in _NOT_MEANT):
            decision = without(decision, decision.intent)
        elif decision.intent in ("third_party", "report_vulnerability") and _GRAVE.match(whole.words):
            decision = outranked(decision, "report_vulnerability", _SURE)
        elif "opt_out" in (decision.intent, *decision.also) and self._limited(whole.words):
            decision = outranked(without(decision, "opt_out"), "contact_preference", _SURE)
        if decision.intent == "dispute_charge" and _FEE_TAKEN_OUT.match(whole.words):
            decision = without(decision, "cancel_debit")
        if _COMPLAINS.search(whole.words):
            decision = outranked(decision, "complain", _SURE)
        topic = self._asked(whole, seen[0], decision) if asks else None
        return Reading(
            decision.intent,
            round(decision.confidence, 4),
            decision.certain and (topic is None or decision.intent in _OPEN),
            decision.also,
            whole.named.entities,
            tuple((label, round(likely, 4)) for label, likely in decision.alternatives),
            whole.named.parts,
            whole.named.either,
            topic=topic,
        )

    def fit_topics(self) -> None:
        """Takes seconds of CPU where they are not the sample's; who reads first would wait for it."""
        self._topics.fit()

    def keep_topics(self) -> None:
        """Writes the fitted topics next to the model."""
        self._topics.keep()

    @property
    def topics_kept(self) -> bool:
        """Whether the topics written next to the model are these."""
        return self._topics.kept

    def _limited(self, words: str) -> bool:
        """Whether it asks for silence at some hours alone."""
        rest = _NOT_THEN.sub(" ", words)
        return rest != words and all(label != "opt_out" for label, _ in self._lexicon.hits(rest))

    def _asked(self, whole: Segment, seen: Features, decision: Decision) -> str | None:
        """The topic, where it is more specific than the intent."""
        least = _least(decision, asks=_ASKS.search(whole.words) is not None, matched=whole.matched)
        if least is None:
            return None
        guess = self._topics.find(seen)
        return guess.name if guess.confidence >= least else None

    def _by_model(self, seen: list[Features], matched: frozenset[str]) -> Decision:
        margins = [self._model.margins(part) for part in seen]
        return decide(combine(margins), matched, self._model.sharpness, self._model.thresholds)


def _least(decision: Decision, *, asks: bool, matched: frozenset[str]) -> float | None:
    """How near a topic must be to be more specific than what was decided; null where it never is."""
    protects = decision.intent in SAFETY
    if decision.intent == "other" or not (decision.certain or protects):
        return 0.0
    if decision.intent in ASKING:
        return _SPECIFIC if decision.confidence >= _PLAIN else _NEAR
    if not decision.certain:
        return _NEAR if asks else _PLAIN
    if not protects:
        return None if decision.confidence >= _SURE else _SPECIFIC if asks else _PLAIN
    asked_about = asks and decision.confidence < _PLAIN and decision.intent not in matched
    return _PLAIN if asked_about else None


def _by_rule(segment: Segment) -> Decision | None:
    """Nothing at all means nothing, a bare number what the labels page defines, a message that the lexicon
    lists whole what is listed.

    `_SURE` is the share of such training lines that mean what is listed; the model is not asked.
    """
    if not segment.words.strip() and not segment.text.strip():
        return _sure("other")
    known = [label for label, firmness in segment.hits if firmness == "whole"]
    if len(known) == 1 and _LETTER.search(segment.text):
        return _sure(known[0])
    if segment.expecting != "date" and _BIRTHDAY.fullmatch(segment.text):
        return _sure("other")
    if not _NUMBER.fullmatch(segment.text):
        return None
    if "clabe" in segment.named.entities or "clabe_invalid" in segment.named.entities:
        return _sure("provide_clabe")
    asked = segment.expecting in ("amount", "date") and segment.expecting in segment.named.entities
    return _sure("promise_to_pay" if asked else "other")


def _opts_out(parts: Sequence[Segment]) -> bool:
    """«BAJA. ¿y cómo pago?», «STOP, please»: by a keyword that stands apart, or first and in
    capitals; or in a whole sentence.
    """
    whole, *clauses = parts
    if _NO_MORE.search(whole.words):
        return True
    held = [part.words.strip() for part in clauses]
    return not _KEYWORDS.isdisjoint(held) or _IN_CAPITALS.match(whole.text) is not None


def _sure(label: str) -> Decision:
    return Decision(label, _SURE, certain=True, also=(), alternatives=((label, _SURE),))


@lru_cache(maxsize=4)
def _topics(examples: Examples, model: Model) -> Topics:
    """Made once for the process."""
    return Topics(examples, model.vocabulary, model.made_from)


@lru_cache(maxsize=1)
def load(artefact: Path = ARTEFACT) -> Understanding:
    """The lexicon and the shipped model, once for the process. Raises UnusableModel, FileNotFoundError."""
    return Understanding(Lexicon.load(), Model.load(artefact))
