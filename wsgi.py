"""The web application for any WSGI server: `granian --interface wsgi wsgi:app`."""

import gc

from bot.app import create_app, follow_changes

app = follow_changes(create_app())
# What was loaded once stays: walking it again at every collection costs a request in twelve its latency.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
