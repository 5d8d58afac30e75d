"""Every sweep, by name and period. Each can run twice, anywhere, at once, and be killed in the middle."""

from collections.abc import Callable
from dataclasses import dataclass

from bot import (
    conversation,
    documents,
    evidence,
    handoff,
    money,
    offers,
    outreach,
    portfolio,
    privacy,
    reach,
    reports,
    webhooks,
)
from bot.channels import twilio
from bot.debit import charging, mandates
from bot.debit.mandates import refresh_institutions
from bot.jobs import housekeeping
from bot.jobs.daily_audit import audit_yesterday
from bot.services import Services
from models import ledger, write_tx


@dataclass(frozen=True, slots=True)
class Sweep:
    run: Callable[[Services], int]
    every_seconds: int
    lane: str = "due"
    """Those of one lane follow one another in a worker without a broker: what waits for other systems, or
    counts for long, has its own, so that nothing waits for it; so has what people wait for.
    """


def refresh_statuses(services: Services) -> int:
    """Loans become overdue, and current again, with the day; disputed while a dispute stands."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        return ledger.refresh_statuses(connection, services.day(now), now)


SWEEPS: dict[str, Sweep] = {
    "refresh_statuses": Sweep(refresh_statuses, 20),
    "add_sms_addresses": Sweep(outreach.add_sms_addresses, 300),
    "plan": Sweep(outreach.plan, 20),
    "expire_promises": Sweep(money.expire_promises, 20),
    "answer_reports": Sweep(money.answer_reports, 60),
    "judge_plans": Sweep(offers.judge_plans, 5),
    "remind_plans": Sweep(offers.remind_plans, 60),
    "expire_offers": Sweep(offers.expire_offers, 300),
    "issue_papers": Sweep(documents.issue_papers, 10),
    "daily_root": Sweep(evidence.make_daily_root, 300),
    "expire_mandates": Sweep(mandates.expire_mandates, 20),
    "issue_documents": Sweep(mandates.issue_documents, 5),
    "submit_mandates": Sweep(mandates.submit_mandates, 5),
    "poll_mandates": Sweep(mandates.poll_mandates, 5),
    "cancel_at_provider": Sweep(mandates.cancel_at_provider, 5),
    "renew_identity": Sweep(mandates.renew_identity, 300),
    "charge_plan": Sweep(charging.plan, 20),
    "charge_notify": Sweep(charging.notify, 10),
    "charge_submit": Sweep(charging.submit, 5),
    "charge_resolve": Sweep(charging.resolve, 10),
    "charge_results": Sweep(charging.poll_results, 5),
    "charge_cancel_in_flight": Sweep(charging.cancel_in_flight, 10),
    "charge_poll_settled": Sweep(charging.poll_settled, 3600),
    "missing_providers": Sweep(charging.report_missing_providers, 3600),
    "resolve_unknown": Sweep(outreach.resolve_unknown, 5),
    "missed_messages": Sweep(outreach.find_missed, 300),
    "watch_strategies": Sweep(outreach.watch_strategies, 3600),
    "watch_senders": Sweep(outreach.watch_senders, 3600),
    "unverify_before_cut": Sweep(reach.unverify_before_cut, 3600),
    "learn_contacts": Sweep(outreach.learn, 300),
    "read_mail": Sweep(outreach.read_mail, 20),
    "check_templates": Sweep(twilio.check_templates, 3600),
    "undecided_templates": Sweep(twilio.ask_undecided, 300),
    "audit_yesterday": Sweep(audit_yesterday, 3600),
    "assign_waiting": Sweep(handoff.assign_waiting, 3, "desk"),
    "release_silent": Sweep(handoff.release_silent, 60, "desk"),
    "refresh_institutions": Sweep(refresh_institutions, 60),
    "process_tapes": Sweep(portfolio.process_tapes, 5),
    "tape_folder": Sweep(portfolio.take_from_folder, 30),
    "prune": Sweep(housekeeping.prune, 3600),
    "delete_contents": Sweep(twilio.delete_contents, 300, "contents"),
    "retain": Sweep(privacy.retain, 3600),
    "keep_facts": Sweep(reports.keep_facts, 60, "reports"),
    "keep_today": Sweep(reports.keep_today, 30, "today"),
    "fetch_media": Sweep(twilio.fetch_media, 2, "media"),
    "deliver_webhooks": Sweep(webhooks.deliver, 2, "webhooks"),
    "retry_unprocessed": Sweep(conversation.retry_unprocessed, 30),
}
LANES = {
    lane: [name for name in SWEEPS if SWEEPS[name].lane == lane]
    for lane in dict.fromkeys(sweep.lane for sweep in SWEEPS.values())
}
