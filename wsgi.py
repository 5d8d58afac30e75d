"""The web process's entry point, for any WSGI server: `granian --interface wsgi wsgi:app`."""

from bot.app import create_app

app = create_app()
