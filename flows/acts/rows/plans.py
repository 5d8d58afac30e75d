"""Acts on a plan in force."""

from flows.acts.readings.terms import OF_PAPERS, asks_agreement_paper
from flows.acts.rows.situation import ABOUT_PAYING, OF_WHAT_STANDS, Situation
from flows.acts.words.sums import parts_meant
from flows.answers import asks_whether


def cancels_plan(it: Situation) -> bool:
    """«Ya no quiero el plan», «cancelen el convenio», with a plan in force."""
    says = it.says
    ends = says.cancel or (says.unwanted and not says.keeping)
    none = it.promise is None and it.free  # «mejor cancelen mi acuerdo», and there is none
    asks = says.marked or says.ask or asks_whether(it.message.text)
    named = says.plan and not (asks or says.charge or says.debit)
    none = none and says.cancel and it.message.intent in (*OF_WHAT_STANDS, "affirm", "request_plan")
    return (it.plan or none) and named and ends


def changes_plan(it: Situation) -> bool:
    """«Me equivoqué, quería de 2», «mejor semanal», just after a plan was agreed."""
    if not it.new_plan or not it.free or it.says.charge or it.says.debit:
        return False
    if it.message.certain and it.message.intent not in (*ABOUT_PAYING, "affirm"):
        return False
    entities = it.message.entities
    spread = "instalments" in entities or "frequency" in entities or "menos pagos" in it.says.flat
    number = it.says.corrects and parts_meant(it.message.text) is not None
    placed = it.says.corrects and it.says.placed
    corrects = it.says.corrects or it.says.starts
    return spread or number or placed or (corrects and it.gives and not it.message.parts)


def asks_of_plan(it: Situation) -> bool:
    """«¿Cómo va mi plan?», «¿puedo cancelar el acuerdo?», «no lo cancelen», «ya no puedo con el plan»: it is
    shown.
    """
    says = it.says
    if _cannot_keep_plan(it) or (it.plan and it.asks_if_done):
        return True
    asks = says.marked or says.ask or says.keeping or asks_whether(it.message.text)
    agreed = says.agreed and it.promise is None  # «¿en qué quedamos?»
    named = says.plan or says.part or agreed  # «¿mañana es el primer pago, verdad?»
    paper = asks_agreement_paper(it.message.text)
    return it.plan and named and asks and not (says.charge or says.debit or paper)


def wants_plan_paper(it: Situation) -> bool:
    """«¿Me manda el acuerdo por escrito?», with one in force."""
    return it.plan and it.message.intent in OF_PAPERS and asks_agreement_paper(it.message.text)


def _cannot_keep_plan(it: Situation) -> bool:
    """«Ya no puedo con el plan», «no llego al 15», when a part of it is due."""
    named = it.says.plan or it.says.part or (it.day in it.plan_days and it.message.intent in ABOUT_PAYING)
    of_plan = it.plan and it.free and it.message.amount is None and not (it.says.charge or it.says.debit)
    return of_plan and it.says.cannot and named
