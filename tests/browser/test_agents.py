"""Agents at the console while a borrower writes on the phone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.phone import choose, last_said, say
from tests.browser.sound import assert_sound

pytestmark = pytest.mark.browser
WIDTHS = (360, 1280, 1920)
LINK = re.compile(r"http://[^/]+/console/(?!static|files|attachments)[^.#]*$")
"""To a page: no file, no place within one."""
SAME = re.compile(r"\d+|(?<=/reports/)\w+(?=/behind)|(?<=/rules/)\w+/\w+(?=/edit|$)")
"""What pages of one kind differ in."""


def test_an_agent_takes_over_answers_and_gives_back(page: Page, browser: Browser, demo: str) -> None:
    choose(page, demo, "JAC-1010")
    last_said(page, "¿Eres ")  # the demo's own reminder of the morning, to which the bot comes back
    say(page, "quiero hablar con un asesor")
    last_said(page, "una persona de nuestro equipo")
    agents = [
        _agent(browser, demo, email) for email in ("agente@jacaranda.example", "agente2@jacaranda.example")
    ]
    for agent in agents:
        agent.locator(".list a.row", has_text=_name(page)).click()
        expect(agent.locator("body[data-ready] [data-partial=composer]")).to_be_visible()
    agents[0].get_by_role("button", name="Tomar la conversación").click()
    expect(agents[0].locator("#reply")).to_be_focused()
    expect(agents[1].locator("[data-partial=composer]")).to_contain_text(
        "La atiende Laura Méndez"
    )  # updated without a reload
    agents[0].fill("#reply", "Hola, soy Laura. Con gusto te ayudo.")
    paper = {"name": "estado.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    agents[0].set_input_files("[data-attaches]", [paper])
    expect(agents[0].locator(".attached")).to_contain_text("estado.pdf")
    agents[0].locator("#reply").focus()
    agents[0].keyboard.press("Control+Enter")
    last_said(page, "soy Laura")
    expect(agents[0].locator(".bubble.agent .file")).to_contain_text("estado.pdf")
    expect(agents[0].locator(".attached")).to_have_count(0)
    say(page, "gracias Laura")
    expect(agents[0].locator(".messages")).to_contain_text("gracias Laura")
    bubble = agents[0].locator(".bubble.in").last.bounding_box()
    assert bubble is not None and bubble["height"] < 150, "a short message is a small bubble"
    agents[0].get_by_role("button", name="Devolver al asistente").first.click()
    expect(agents[0].locator("#release")).to_contain_text("gracias Laura")
    agents[0].locator("#release [value=bot]").check()
    agents[0].locator("#release [value=answered]").check()
    agents[0].locator("#release .main").click()
    last_said(page, "¿Eres Diana?")


def _name(page: Page) -> str:
    """Of the borrower whose phone is shown: others wait for a person too."""
    return page.locator(".person.now b").inner_text()


def _agent(browser: Browser, demo: str, email: str) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{demo}/console")
    page.fill("[name=email]", email)
    page.fill("[name=password]", "jacaranda-demo")
    page.keyboard.press("Enter")
    expect(page.locator("body[data-ready] .pages")).to_be_visible()
    page.goto(f"{demo}/console/")  # a manager begins elsewhere
    expect(page.locator("body[data-ready] .list")).to_be_visible()
    return page


def test_a_wrong_password_and_a_form_without_its_token(page: Page, demo: str) -> None:
    page.goto(f"{demo}/console")
    page.fill("[name=email]", "agente@jacaranda.example")
    page.fill("[name=password]", "no es esta")
    page.keyboard.press("Enter")
    expect(page.locator(".error")).to_contain_text("no coinciden")
    assert page.request.post(f"{demo}/console/login", form={"email": "a@b.mx", "password": "x"}).status == 400


def test_the_keyboard_is_enough(page: Page, browser: Browser, demo: str) -> None:
    choose(page, demo, "JAC-1002")
    agent = _agent(browser, demo, "agente@jacaranda.example")
    agent.locator("#me summary").click()
    agent.locator("[data-notices][value=sound]").check()
    agent.keyboard.press("Escape")
    expect(agent.locator("#me[open]")).to_have_count(0)
    say(page, "quiero hablar con un asesor")
    last_said(page, "una persona de nuestro equipo")
    expect(agent.locator("body[data-noticed]")).to_have_count(1)
    name = _name(page)
    expect(agent.locator(".list a.row", has_text=name)).to_be_visible()
    while not agent.locator(".list a.row:focus", has_text=name).count():
        agent.keyboard.press("j")
    agent.keyboard.press("Enter")
    expect(agent.locator("body[data-ready] [data-partial=composer]")).to_be_visible()
    agent.keyboard.press("?")
    expect(agent.locator("#help")).to_be_visible()
    agent.keyboard.press("Escape")
    agent.keyboard.press("t")
    expect(agent.locator("#reply")).to_be_focused()
    agent.keyboard.type("/s")
    agent.keyboard.press("ArrowUp")
    expect(agent.locator(".canned button:focus")).to_have_count(1)
    agent.keyboard.press("Escape")
    expect(agent.locator("#reply")).to_be_focused()
    expect(agent.locator(".canned")).to_be_hidden()
    agent.fill("#reply", "")
    agent.keyboard.type("Te vamos a embargar")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".composer .alert")).to_contain_text("embargar")
    expect(agent.locator("#reply")).to_have_value("Te vamos a embargar")
    agent.fill("#reply", "Con gusto te ayudo.")
    agent.keyboard.press("Control+Enter")
    last_said(page, "Con gusto te ayudo.")
    agent.keyboard.press("Escape")
    agent.keyboard.press("g")
    expect(agent.locator("#release")).to_be_visible()


def test_no_word_is_lost(page: Page, browser: Browser, demo: str) -> None:
    """While another takes the conversation, the network breaks, the session ends, the tab is closed."""
    choose(page, demo, "JAC-1003")
    say(page, "quiero hablar con un asesor")
    last_said(page, "una persona de nuestro equipo")
    agent, chief = (_agent(browser, demo, f"{who}@jacaranda.example") for who in ("agente", "gerente"))
    for each in (agent, chief):
        each.locator(".list a.row", has_text=_name(page)).click()
        expect(each.locator("body[data-ready] [data-partial=composer]")).to_be_visible()
    agent.keyboard.press("t")
    expect(agent.locator("#reply")).to_be_focused()
    agent.keyboard.type("Te propongo que")
    expect(chief.locator("[data-partial=composer]")).to_contain_text("La atiende")
    chief.keyboard.press("t")
    expect(agent.locator("#kept")).to_contain_text("Te propongo que")
    expect(chief.locator("#reply")).to_be_focused()
    chief.keyboard.press("Escape")
    chief.keyboard.press("g")
    chief.locator("#release [value=answered]").check()
    chief.locator("#release .main").click()
    agent.keyboard.press("Escape")
    expect(agent.locator("[data-key=t]")).to_be_visible()
    agent.keyboard.press("t")
    expect(agent.locator("#reply")).to_have_value("Te propongo que")
    agent.reload()
    expect(agent.locator("body[data-ready] #reply")).to_have_value("Te propongo que")
    agent.route("**/reply", lambda route: route.abort())
    agent.fill("#reply", "Te propongo que paguemos juntos el plan.")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#pending .failed")).to_contain_text("paguemos juntos")
    agent.unroute("**/reply")
    agent.context.clear_cookies()
    agent.locator("#pending [data-retry]").click()
    agent.locator("#login [name=password]").fill("jacaranda-demo")
    agent.keyboard.press("Enter")
    last_said(page, "paguemos juntos")
    expect(agent.locator("#pending li")).to_have_count(0)
    expect(agent.locator(".messages", has_text="paguemos juntos")).to_have_count(1)
    agent.route("**/note", lambda route: (route.fetch(max_redirects=0), route.abort()))  # its answer is lost
    agent.keyboard.press("Escape")
    agent.keyboard.press("n")
    agent.keyboard.type("Prefiere el plan largo")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#note [data-failed]")).to_contain_text("No sabemos si se guardó")
    agent.unroute("**/note")
    agent.reload()
    agent.locator("body[data-ready]").wait_for()
    agent.keyboard.press("n")
    expect(agent.locator("#note textarea")).to_have_value("Prefiere el plan largo")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#note")).to_be_hidden()
    expect(agent.locator(".messages .note", has_text="el plan largo")).to_have_count(1)
    agent.locator("#act-promise summary").click()
    agent.fill("#act-promise [name=amount]", "123")
    chief.locator("[data-opens=note]").click()
    chief.fill("#note textarea", "Llamarle el lunes")
    chief.locator("#note [name=follow_up]").check()
    chief.locator("#note .main").click()
    expect(agent.locator("#panel-cases")).to_contain_text("Llamarle el lunes")
    expect(agent.locator("#act-promise [name=amount]")).to_have_value("123")


def test_on_a_telephone_nothing_is_cut_off(browser: Browser, demo: str) -> None:
    agent = _agent(browser, demo, "agente@jacaranda.example")
    agent.set_viewport_size({"width": 390, "height": 844})
    agent.locator(".list a.row").first.click()
    expect(agent.locator("[data-partial=composer]")).to_be_visible()
    for part in (".top", ".owner", ".composer"):
        box = agent.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 844
        assert box["x"] + box["width"] <= 390
    agent.get_by_role("button", name="Datos").click()
    expect(agent.locator("#borrower_panel")).to_be_visible()
    expect(agent.locator(".composer")).to_be_hidden()


def test_every_page_is_accessible_whole_and_without_an_error(browser: Browser, demo: str) -> None:
    """Each page that links lead a manager to, in both languages: WCAG 2.2 AA by axe, nothing sideways, the
    console silent. Every page is seen at another width in each language.
    """
    for place, locale in enumerate(("es_MX", "en")):
        manager = _agent(browser, demo, "gerente@jacaranda.example")
        errors: list[str] = []
        manager.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
        manager.on("console", lambda line, errors=errors: line.type == "error" and errors.append(line.text))
        if locale != "es_MX":
            manager.locator("#me summary").click()
            manager.locator(f"[name=locale][value={locale}]").click()
            expect(manager.locator("html")).to_have_attribute("lang", locale.replace("_", "-"))
        seen: dict[str, str] = {}
        waiting = [f"{demo}/console/", f"{demo}/console/today"]
        while waiting:
            url = waiting.pop(0)
            if (shape := SAME.sub("N", url.partition("?")[0])) in seen:
                continue
            seen[shape] = url
            width = WIDTHS[(len(seen) + place) % len(WIDTHS)]
            manager.set_viewport_size({"width": width, "height": 900})
            manager.goto(url)
            manager.locator("body[data-ready]").wait_for()
            assert_sound(manager, url, width)
            links = manager.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            waiting += [link for link in links if LINK.match(link)]
        manager.goto(f"{demo}/simulator?lang={locale[:2]}#JAC-1017")
        expect(manager.locator("#card")).to_contain_text("JAC-1017")
        for width in WIDTHS:
            assert_sound(manager, "simulator", width)
        assert errors == []
        assert len(seen) > 10, seen
