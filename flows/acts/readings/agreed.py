"""A yes with something next to it that is no part of what is agreed."""

import re
from dataclasses import replace

from flows.acts.readings.opting_out import only_calls, opting_out
from flows.acts.words.other_day import speaks_of_contact
from flows.acts.words.signals import WAY_ALONE
from flows.answers import agrees, agrees_plainly, plain
from flows.types.event import Message

PREFERENCE = "contact_preference"
_PART = r"(?:la |el )?(?:tardecita|tarde|manana|nochecita|noche|mediodia|medio dia)"
_HOUR_ALONE = re.compile(
    rf"(?:(?:pero|y|que|sea|seria|sera|lo|pago|te|les|ya|mejor|hasta|como|but|and|it|ll|be|will|i|pay) )*"
    rf"(?:(?:en|por|a|al|hacia) {_PART}|"
    r"(?:muy |mas )?(?:temprano|tempranito|tarde|tardecita|noche|nochecita)|"
    r"(?:a|como a|despues de|antes de|tipo|despuesito de) las? (?:\d{1,2}|una|dos|tres|cuatro|cinco|seis|"
    r"siete|ocho|nueve|diez|once|doce)(?: (?:am|pm|de la (?:tarde|manana|noche)))?|"
    r"(?:al salir|saliendo|cuando salga) (?:del? |mi )*(?:trabajo|chamba|trabajar|jale)|"
    r"(?:in the |at )?(?:morning|afternoon|evening|night|noon)|after work|"
    r"(?:after|around|at|by) \d{1,2} ?(?:am|pm)?)"
    r"(?: (?:porfa|por favor|gracias|si se puede|please|thanks))*"
)
"""«Pero que sea en la tarde»: of the day that is paid on."""


def agrees_by_a_way(message: Message) -> bool:
    """«Sí, en OXXO», «sí pero en la tarde»: how and at what hour it is paid is no part of the promise.
    Nothing else may stand in it: «luego te confirmo» is no yes.
    """
    yes, _, way = plain(message.text).partition(" ")
    alone = WAY_ALONE.fullmatch(way) or _HOUR_ALONE.fullmatch(way)
    return agrees(replace(message, text=yes)) and alone is not None


def agrees_to_terms(message: Message) -> bool:
    """The same of an agreement: no day and no number with it."""
    bare = message.payload is None and message.amount is None and message.date is None
    return agrees_plainly(message) or (bare and agrees_by_a_way(message))


def yes_and_wish(message: Message) -> tuple[Message, Message] | None:
    """«Sí, pero no me llamen al trabajo», «sí, y ya no me escriban»: the yes, and what is wished of our
    messages; each was read alone.
    """
    yes = message.rest
    if yes is None or message.wish is None or not agrees_plainly(yes):
        return None
    wish = opting_out(message.wish)
    if wish.intent == "opt_out" and only_calls(wish.text):
        wish = replace(wish, intent=PREFERENCE)
    heard = wish.intent == "opt_out" or (wish.intent == PREFERENCE and speaks_of_contact(wish.text))
    return (yes, wish) if heard else None
