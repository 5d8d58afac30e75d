"""Another number or e-mail address that a borrower gives: kept with a case, and never written to before a
person has confirmed it.
"""

from flows.acts.readings.contact_given import EMAIL, PHONE, email_in, phone_in
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.types.effects import OpenTask
from flows.types.wording import key, line

flow = Flow("contact_data", private=False, discreet=True, acts=(EMAIL, PHONE))

KEPT = key("contact_data.kept")
ALSO_KEPT = key("contact_data.also_kept")
KNOWN = key("contact_data.known")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    person, text = context.facts.borrower, context.message.text if context.message else ""
    email = email_in(text) if context.request.get("act") == EMAIL else None
    if person and person.email and person.email.lower() == email:
        return Done((line(KNOWN),))
    given = {"email": email} if email else {"phone": phone_in(text)}
    loan = context.loan if person else None
    return Done(
        (line(KEPT),), (OpenTask("preference", given, loan.id if loan else None, joins=person is not None),)
    )
