"""Agreements on how a debt is paid: what is allowed and was offered, and their due work."""

from bot.offers.approve import NoSuchApproval, OfferOver, approve_offer
from bot.offers.by_agent import NoPlanFor, offer_debit, offer_plan, plans_for
from bot.offers.proved import BorrowerUnknown
from bot.offers.read import explained, made, plans_of, shown, situation_of_loan
from bot.offers.sweeps import expire_offers, judge_plans, judge_plans_of, remind_plans

__all__ = [
    "BorrowerUnknown",
    "NoPlanFor",
    "NoSuchApproval",
    "OfferOver",
    "approve_offer",
    "expire_offers",
    "explained",
    "judge_plans",
    "judge_plans_of",
    "made",
    "offer_debit",
    "offer_plan",
    "plans_for",
    "plans_of",
    "remind_plans",
    "shown",
    "situation_of_loan",
]
