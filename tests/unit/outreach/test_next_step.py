"""What a refusal calls for."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Reaction
from bot.outreach.sending.next_step import (
    Drop,
    Refused,
    Replan,
    SendAgain,
    next_step,
    older_form,
    pause_after,
)

PHONE = "+525512345678"


def refused(**more: object) -> Refused:
    return Refused(
        **(
            {
                "channel": "whatsapp",
                "address": f"whatsapp:{PHONE}",
                "purpose": "contact",
                "tries": 1,
                "others": (("sms", PHONE),),
            }
            | more
        )
    )  # type: ignore[arg-type]


def test_what_was_never_taken_is_tried_with_growing_pauses() -> None:
    assert [pause_after(tries).total_seconds() for tries in (1, 2, 3, 9, 12)] == [1, 2, 4, 256, 300]
    assert next_step("retry", refused(tries=3)) == SendAgain(timedelta(seconds=4))
    assert next_step("retry", refused(tries=12)) == Drop()


@pytest.mark.parametrize(
    ("reaction", "most"), [("retry_once", 1), ("retry_later", 2), ("later_then_channel", 2), ("wait_day", 2)]
)
def test_others_are_tried_a_few_times(reaction: Reaction, most: int) -> None:
    steps = [next_step(reaction, refused(tries=tries, others=())) for tries in range(1, 5)]
    assert [isinstance(step, SendAgain) for step in steps] == [tries <= most for tries in range(1, 5)]


def test_an_answer_is_of_no_use_tomorrow() -> None:
    assert next_step("wait_day", refused(purpose="reply")) == SendAgain(channel="sms", address=PHONE)
    assert next_step("wait_day", refused(purpose="reply", others=())) == Drop()


def test_the_older_form_once_then_sms() -> None:
    older = next_step("other_form", refused())
    assert older == SendAgain(address="whatsapp:+5215512345678")
    assert next_step("other_form", refused(address="whatsapp:+5215512345678")) == SendAgain(
        channel="sms", address=PHONE
    )
    assert next_step("other_form", refused(address="whatsapp:+14155238886", others=())) == Drop()


@pytest.mark.parametrize(
    "address",
    ["whatsapp:+5215512345678", "whatsapp:+14155238886", "whatsapp:MX.1", PHONE, "whatsapp:+52551234567"],
)
def test_no_other_form(address: str) -> None:
    assert older_form(address) is None


@pytest.mark.parametrize("reaction", ["other_channel", "point_invalid"])
def test_sms_where_whatsapp_does_not_reach_and_nothing_after_sms(reaction: Reaction) -> None:
    assert next_step(reaction, refused()) == SendAgain(channel="sms", address=PHONE)
    assert next_step(reaction, refused(channel="sms", address=PHONE)) == Drop()


def test_a_template_where_the_window_is_closed_once() -> None:
    assert next_step("template_instead", refused()) == SendAgain(form="template")
    assert next_step("template_instead", refused(form="template")) == Drop()
    assert next_step("template_instead", refused(was_template=True)) == Drop()


def test_without_buttons_where_those_are_refused() -> None:
    assert next_step("template_bug", refused(has_choices=True)) == SendAgain(form="plain")
    by_template = refused(has_choices=True, was_template=True)
    assert next_step("template_bug", by_template) == SendAgain(timedelta(minutes=5))
    assert next_step("template_bug", replace(by_template, purpose="reply")) == Drop()
    assert next_step("template_bug", replace(by_template, tries=3)) == Drop()
    assert next_step("template_bug", refused()) == Drop()


def test_a_broken_sender_is_no_try_of_the_message() -> None:
    assert next_step("stop_sender", refused(tries=50)) == SendAgain(timedelta(minutes=5), counted=False)


def test_what_came_too_late_is_planned_anew_if_we_sent_it_unasked() -> None:
    assert next_step("replan", refused()) == Replan()
    assert next_step("replan", refused(purpose="reply")) == Drop()


def test_who_blocked_us_is_nobodys_task() -> None:
    assert next_step("opted_out", refused()) == Drop(shown=False)


@given(
    st.sampled_from(get_args(Reaction)),
    st.sampled_from(["contact", "reply"]),
    st.booleans(),
    st.sampled_from([PHONE, None]),
)
def test_every_reaction_but_a_broken_sender_ends(
    reaction: Reaction, purpose: str, has_choices: bool, sms: str | None
) -> None:
    now = refused(purpose=purpose, has_choices=has_choices, others=((("sms", sms),) if sms else ()))
    for _ in range(30):
        step = next_step(reaction, now)
        if not isinstance(step, SendAgain) or not step.counted:
            break
        now = refused(
            purpose=purpose,
            has_choices=has_choices,
            others=((("sms", sms),) if sms else ()),
            form=step.form,
            channel=step.channel or now.channel,
            address=step.address or now.address,
            tries=1 if step.channel else now.tries + 1,
        )
    assert isinstance(step, Drop | Replan) or reaction == "stop_sender"
