"""What the bot was not sure of: an agent says what was meant, and the next training learns from it."""

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.views import blueprint
from bot.conversation.review import correct, unread
from bot.understanding import INTENTS


@blueprint.get("/review")
def review() -> str:
    return render_template("console/review.html", rows=unread(current_app.extensions["acuerdo"]), intents=INTENTS)


@blueprint.post("/review/<int:message_id>")
def meant(message_id: int) -> AnyResponse:
    if intent := request.form.get("intent", ""):
        correct(current_app.extensions["acuerdo"], message_id, intent)
    return redirect(url_for("console.review"))
