"""A tick is one row: with several schedulers up it is recorded once, with several workers it is taken
once.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, or_, select, update

from models import read_autocommit, read_tx, tick_table, write_tx
from models.upsert import insert_new

ABANDONED_AFTER = timedelta(seconds=60)
"""A claim this old belongs to a worker that died: sweeps can run twice, so it is simply taken again."""


def record(engine: Engine, job: str, every_seconds: int, at: datetime) -> bool:
    """Whether this tick is new. `at` is the machine's time, cut to the job's period."""
    cut = datetime.fromtimestamp(int(at.timestamp()) // every_seconds * every_seconds, UTC)
    with write_tx(engine) as connection:
        _forget_future(connection, job, cut, timedelta(seconds=2 * every_seconds) + ABANDONED_AFTER)
        return bool(
            connection.execute(
                insert_new(connection, tick_table, ("job", "at")),
                {"job": job, "at": cut},
                execution_options={"preserve_rowcount": True},  # else psycopg's is gone by now
            ).rowcount
            == 1
        )


def _forget_future(connection: Connection, job: str, cut: datetime, skew: timedelta) -> None:
    """Where the clock was set back, the ticks of its future would keep the same times from coming again."""
    of_job = tick_table.c.job == job
    ahead = select(tick_table.c.at).where(of_job, tick_table.c.at > cut + skew).limit(1)
    if connection.scalar(ahead) is not None:
        connection.execute(delete(tick_table).where(of_job, tick_table.c.at >= cut))


def record_now(engine: Engine, jobs: Iterable[str], at: datetime) -> None:
    """All of them at once, out of their period: the clock was moved. Once for each second: what is recorded
    already costs no write.
    """
    cut = at.replace(microsecond=0)
    with read_autocommit(engine) as connection:
        known = set(connection.scalars(select(tick_table.c.job).where(tick_table.c.at == cut)))
    new = [{"job": job, "at": cut} for job in jobs if job not in known]
    if new:
        with write_tx(engine) as connection:
            connection.execute(insert_new(connection, tick_table, ("job", "at")), new)


def last_claims(engine: Engine) -> dict[str, datetime]:
    """When each job that is done was last taken up, in the machine's time."""
    claims = (
        select(tick_table.c.job, func.max(tick_table.c.claimed_at))
        .where(tick_table.c.done_at.is_not(None))
        .group_by(tick_table.c.job)
    )
    with read_tx(engine) as connection:
        return dict(connection.execute(claims).all())


def claim(
    engine: Engine, at: datetime, jobs: Collection[str] | None = None, waiting: timedelta | None = None
) -> set[str]:
    """The jobs whose ticks are open, among `jobs` where they are given, and for so long already where
    `waiting` is; older ticks of the same job are answered by the newest.
    """
    free = tick_table.c.done_at.is_(None) & or_(
        tick_table.c.claimed_at.is_(None),
        tick_table.c.claimed_at < at - ABANDONED_AFTER,
        tick_table.c.claimed_at > at + ABANDONED_AFTER,
    )
    if jobs is not None:
        free &= tick_table.c.job.in_(jobs)
    if waiting is not None:
        free &= tick_table.c.at <= at - waiting
    with read_autocommit(engine) as connection:
        if connection.scalar(select(tick_table.c.job).where(free).limit(1)) is None:
            return set()
    with write_tx(engine) as connection:
        return set(
            connection.scalars(
                update(tick_table).where(free).values(claimed_at=at).returning(tick_table.c.job)
            )
        )


def done(engine: Engine, job: str, at: datetime) -> None:
    """Marks the job's claimed ticks done and forgets those of yesterday and before."""
    with write_tx(engine) as connection:
        connection.execute(
            update(tick_table)
            .where(
                tick_table.c.job == job, tick_table.c.claimed_at.is_not(None), tick_table.c.done_at.is_(None)
            )
            .values(done_at=at)
        )
        connection.execute(
            tick_table.delete().where(
                tick_table.c.job == job,
                tick_table.c.done_at.is_not(None),
                tick_table.c.at < at - timedelta(days=1),
            )
        )


def release(engine: Engine, jobs: Collection[str]) -> None:
    """Gives back what was claimed and not done: the next worker need not wait until it is abandoned."""
    undone = tick_table.c.claimed_at.is_not(None) & tick_table.c.done_at.is_(None)
    undone &= tick_table.c.job.in_(jobs)
    with write_tx(engine) as connection:
        connection.execute(update(tick_table).where(undone).values(claimed_at=None))
