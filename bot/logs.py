"""Structured logs: JSON lines with ids, never a name, a phone, an account or a text."""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import structlog

from models.trace import current_trace


def configure(level: str = "info") -> None:
    """One JSON line for each event, on standard error, whoever logs it: ours, a library's, or what nobody
    caught.
    """
    shared: list[structlog.typing.Processor] = [
        _with_trace,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.ExceptionRenderer(_frames),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _with_trace(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Whatever is logged while something is traced bears its identity."""
    if "trace" not in event and (trace := current_trace()) is not None:
        event["trace"] = trace
    return event


def log_uncaught() -> None:
    """For a process of its own: what nobody catches is logged like everything else."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(
        args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    structlog.get_logger(__name__).error("uncaught", exc_info=(kind, error, trace))


def _frames(exc_info: structlog.typing.ExcInfo) -> str:
    """The error's class and where it was raised: its text may hold what a borrower wrote."""
    kind, _, trace = exc_info
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{kind.__name__} at {' < '.join(reversed(places[-6:]))}"
