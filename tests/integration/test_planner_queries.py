"""The planner's statements, as the database plans them."""

from datetime import datetime

from sqlalchemy import Engine

from bot.compliance import load_rules
from bot.outreach import read_strategy
from bot.outreach.planning.arms import arms
from bot.outreach.planning.candidates import candidates
from bot.outreach.planning.strategy import DEFAULT, Strategy
from models import read_tx
from tests.integration.test_planner import STEP, TODAY


def test_no_question_of_the_planner_walks_a_table_for_each_loan(sqlite_engine: Engine, now: datetime) -> None:
    extra = 'counts_from = "cured"\nunless_paid_days = 7\n[steps.segment]\nchannel_health = ["read"]\n'
    extra += "has_mandate = false\n"
    shipped = read_strategy(DEFAULT)[1]
    last = 'counts_from = "last_contact"\n[steps.segment]\ntags = ["vip"]\ndpd_to = 30\n'
    repeated = STEP.format(extra=last).replace('"more"', '"again"').replace("day = 0", "day = 2")
    strategy = Strategy.parse(shipped + STEP.format(extra=extra) + repeated)
    for step in strategy.steps:
        statement = candidates(next(arms(step, strategy)), strategy, now, TODAY, load_rules("MX"))
        sql = str(statement.compile(sqlite_engine, compile_kwargs={"literal_binds": True}))
        assert "NOT IN (SELECT" not in sql  # a long list PostgreSQL does not hash, but walks for each loan
        with read_tx(sqlite_engine) as connection:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
        per_loan = {row[0] for row in found if row[3].startswith("CORRELATED")}
        assert [row[3] for row in found if row[1] in per_loan and row[3].startswith("SCAN")] == []
