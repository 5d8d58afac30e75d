"""What a step wants done, one file per effect: each has an `apply(turn, effect)` and does it in the turn's
own transaction.
"""

from collections.abc import Callable, Iterable
from typing import Any

from bot.conversation.effects import (
    announce_charge,
    authorize_mandate,
    cancel_mandate,
    cancel_promise,
    close_contact_point,
    complete_mandate,
    confirm_identity,
    give_notice,
    hand_off,
    keep_account,
    make_promise,
    open_task,
    opt_in,
    opt_out,
    place_hold,
    prefer,
    raise_urgency,
    record,
    request_mandate,
    say,
    start_timer,
)
from bot.conversation.turn import Turn
from flows.types import effects

_APPLY: dict[type, Callable[[Turn, Any], None]] = {
    effects.Say: say.apply,
    effects.Record: record.apply,
    effects.MakePromise: make_promise.apply,
    effects.CancelPromise: cancel_promise.apply,
    effects.StartTimer: start_timer.apply,
    effects.HandOff: hand_off.apply,
    effects.ConfirmIdentity: confirm_identity.apply,
    effects.CloseContactPoint: close_contact_point.apply,
    effects.OptOut: opt_out.apply,
    effects.OptIn: opt_in.apply,
    effects.GiveNotice: give_notice.apply,
    effects.PlaceHold: place_hold.apply,
    effects.Prefer: prefer.apply,
    effects.OpenTask: open_task.apply,
    effects.RaiseUrgency: raise_urgency.apply,
    effects.KeepAccount: keep_account.apply,
    effects.RequestMandate: request_mandate.apply,
    effects.AuthorizeMandate: authorize_mandate.apply,
    effects.CompleteMandate: complete_mandate.apply,
    effects.CancelMandate: cancel_mandate.apply,
    effects.AnnounceCharge: announce_charge.apply,
}


def apply_all(turn: Turn, wanted: Iterable[effects.Effect]) -> None:
    """Applies the effects in their order. What they gather is written by `turn.finish()`."""
    for effect in wanted:
        _APPLY[type(effect)](turn, effect)
