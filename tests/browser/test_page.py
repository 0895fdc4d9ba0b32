"""The page in Debian's Chromium: streaming, editing, keyboard, no script, hostile text, accessibility."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from prompts import FOLDER
from service import brands
from service.domain import Beginning, Draft, Prompt, Usage
from service.drafting import Desk
from tests.fakes import FakeModel, desk_with, growing
from tests.serving import KEY, make_app, served

CHROMIUM = Path("/usr/bin/chromium")
PICTURE = Path(__file__).parents[2] / "docs" / "page.png"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() and os.environ.get("CI") != "true",
        reason="no /usr/bin/chromium here; deploy/test-machine.sh installs it",
    ),
]

COMPLAINT = (
    "@HarbourAir you lost my suitcase on the flight to Lisbon three days ago and nobody answers the phone. "
    "I have been on hold for 2 hours. What are you going to do about it?"
)
COLD = (
    "Thank you for reaching out. We apologise for any inconvenience with booking {{booking}}. "
    "Please kindly DM us, and we'll refund you 900 EUR."
)
EDITED = (
    "We're sorry that we lost your suitcase on the flight to Lisbon. This has never happened before. "
    "Kindly DM us, and we'll refund your bag fee within 24 hours. — Ana, Harbour Air"
)
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> lost my bag \u202e"

DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


def real_desk() -> Desk:
    """The composer's desk with the example brands and the real time."""
    desk = desk_with(brands=brands.load(FOLDER / "voices"))
    desk._clock = lambda: datetime.now(UTC)
    return desk


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running service with the composer."""
    with served(lambda store: make_app(store, real_desk())) as found:
        yield found


@dataclass
class Visit:
    """A page with someone signed in, and what its browser complained of."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    async def draft(self, complaint: str = COMPLAINT, *, name: str = "@dana") -> None:
        """Send the form as a person does, and wait for the end."""
        await self.page.get_by_label("Complaint").fill(complaint)
        await self.page.get_by_label("Brand").select_option("harbour-air")
        await self.page.get_by_label("Customer’s name or handle").fill(name)
        await self.page.get_by_role("button", name="Draft replies").click()
        await expect(self.page.locator("#status")).to_contain_text("ready to send")


@asynccontextmanager
async def visit(address: str, **options: Any) -> AsyncIterator[Visit]:
    """Sign in with a browser of its own."""
    options.setdefault("viewport", DESKTOP)
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(**options)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        visitor = Visit(page, context, address)
        page.on("console", lambda message: visitor.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        await page.goto(address)
        await page.get_by_label("API key").fill(KEY)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"{address}/")
        yield visitor
        await browser.close()


async def violations(page: Page) -> list[str]:
    """What axe finds, one line a rule."""
    found = await Axe().run(page)
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found.response["violations"]]


async def test_three_drafts_arrive_and_can_be_copied(address: str) -> None:
    async with visit(address, permissions=["clipboard-read", "clipboard-write"]) as visitor:
        await visitor.draft()

        page = visitor.page
        await expect(page.locator(".card")).to_have_count(3)
        await expect(page.locator(".due strong")).to_contain_text("Answer within 3 hours")
        first = page.locator(".card").first
        text = await first.locator("textarea").input_value()
        await first.get_by_role("button", name="Copy").click()
        await expect(page.locator("#status")).to_have_text("Copied.")
        await expect(first.get_by_role("button", name="Copied")).to_be_visible()
        assert await page.evaluate("navigator.clipboard.readText()") == text
        assert visitor.complaints == []


class Held(FakeModel):
    """A model that writes two sentences, and the rest when it is told to."""

    def __init__(self) -> None:
        text = (
            "We're sorry that we lost your suitcase on the flight to Lisbon. We'll refund your bag fee. "
            "We'll tell you here within 24 hours where it is.\n— Ana, Harbour Air"
        )
        super().__init__(growing(text))

    async def drafts(self, prompt: Prompt) -> AsyncIterator[Draft | Beginning | Usage]:
        """Say what there is, and wait before the draft is whole."""
        self.loop, self.go = asyncio.get_running_loop(), asyncio.Event()
        async for item in super().drafts(prompt):
            if not isinstance(item, Beginning):
                await self.go.wait()
            yield item


async def test_sentences_appear_while_the_draft_is_written(tmp_path: Path) -> None:
    model = Held()
    desk = desk_with(model, brands=brands.load(FOLDER / "voices"))
    with served(lambda store: make_app(store, desk)) as address:
        async with visit(address) as visitor:
            page = visitor.page
            await page.get_by_label("Complaint").fill(COMPLAINT)
            await page.get_by_label("Brand").select_option("harbour-air")
            await page.get_by_role("button", name="Draft replies").click()

            pending = page.locator(".card.pending .text")
            await expect(pending).to_contain_text("We're sorry that we lost your suitcase")
            await expect(pending).to_contain_text("where it is.")
            await expect(pending).not_to_contain_text("Ana")
            await expect(page.locator("#status")).to_have_text("Draft 1 is being written …")
            await page.screenshot(path=tmp_path / "sentences.png")
            model.loop.call_soon_threadsafe(model.go.set)
            await expect(page.locator("#status")).to_contain_text("ready to send")
            await expect(page.locator(".card.pending")).to_have_count(0)
            assert visitor.complaints == []


async def test_an_edit_is_checked_marked_fixed_and_filled_in(address: str) -> None:
    async with visit(address) as visitor:
        await visitor.draft()
        page, card = visitor.page, visitor.page.locator(".card").first

        await card.get_by_text("Edit", exact=True).click()
        await card.get_by_label("Your version").fill(COLD)
        await card.get_by_role("button", name="Check again").click()
        await expect(page.locator("#status")).to_have_text("Checked: not ready yet.")
        await expect(card.locator(".badge")).to_have_text("Not ready")
        assert "apologise for any inconvenience" in "".join(await card.locator("mark").all_inner_texts())
        await expect(card.locator(".obstacles")).to_contain_text("must be filled in")

        await card.get_by_label("Booking").fill("K7PQ2M")
        await card.get_by_role("button", name="Put in and check").click()
        await expect(card.locator(".slots")).to_have_count(0)
        await expect(card.get_by_label("Your version")).to_have_value(COLD.replace("{{booking}}", "K7PQ2M"))

        await card.get_by_role("button", name="Write “please” instead").click()
        await expect(card.get_by_role("button", name="Write “please” instead")).to_have_count(0)
        assert "kindly" not in await card.get_by_label("Your version").input_value()
        assert visitor.complaints == []


async def test_everything_can_be_done_from_the_keyboard(address: str) -> None:
    async with visit(address) as visitor:
        page = visitor.page

        await page.keyboard.press("Tab")
        await expect(page.get_by_text("Skip to the content")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await expect(page.get_by_label("Complaint")).to_be_focused()
        await page.keyboard.type("You lost my suitcase in Lisbon three days ago.")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#status")).to_contain_text("ready to send")

        seen: set[str] = set()
        for _ in range(80):
            await page.keyboard.press("Tab")
            name = await page.locator(":focus").first.inner_text() if await page.locator(":focus").count() else ""
            seen.add(name)
            if name == "Copy":
                break
        assert {"What the scores rest on", "Edit", "Copy"} <= seen


async def test_without_script_the_same_forms_answer_with_whole_pages(address: str) -> None:
    async with visit(address, java_script_enabled=False) as visitor:
        page = visitor.page
        await page.get_by_label("Complaint").fill(COMPLAINT)
        await page.get_by_label("Brand").select_option("harbour-air")
        await page.get_by_role("button", name="Draft replies").click()

        await expect(page.locator(".card")).to_have_count(3)
        await expect(page.get_by_label("Complaint")).to_have_value(COMPLAINT)
        card = page.locator(".card").first
        await card.get_by_text("Edit", exact=True).click()
        await card.get_by_label("Your version").fill(COLD)
        await card.get_by_role("button", name="Check again").click()
        await expect(page.locator(".card")).to_have_count(1)
        await page.get_by_role("button", name="Write “please” instead").click()
        await expect(page.locator(".card .text")).not_to_contain_text("kindly")
        await expect(page.get_by_role("button", name="Copy")).to_have_count(0)


async def test_hostile_text_is_only_text() -> None:
    model = FakeModel([HOSTILE + " I'm sorry."])
    with served(lambda store: make_app(store, desk_with(model, brands=brands.load(FOLDER / "voices")))) as address:
        async with visit(address) as visitor:
            await visitor.draft(HOSTILE, name="<b>x</b>")

            page = visitor.page
            assert await page.title() == "Draft a reply · Amends"
            assert await page.locator("#result script, #result img, #result b").count() == 0
            await expect(page.locator(".card .text", has_text="<script>")).to_have_count(1)
            assert visitor.complaints == []


async def test_an_empty_complaint_is_refused_in_words_that_stay_on_the_page(address: str) -> None:
    async with visit(address) as visitor:
        await visitor.page.get_by_label("Complaint").fill("\u200b ")
        await visitor.page.get_by_role("button", name="Draft replies").click()

        await expect(visitor.page.locator("#status")).to_contain_text("no words")


async def test_a_lost_session_says_so_and_keeps_what_was_typed(address: str) -> None:
    async with visit(address) as visitor:
        await visitor.context.clear_cookies()
        await visitor.page.get_by_label("Complaint").fill(COMPLAINT)
        await visitor.page.get_by_role("button", name="Draft replies").click()

        await expect(visitor.page.locator("#status")).to_contain_text("signed out")
        await expect(visitor.page.get_by_label("Complaint")).to_have_value(COMPLAINT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_in_any_light_at_any_width(address: str, scheme: str, size: dict[str, int]) -> None:
    async with visit(address, color_scheme=scheme, viewport=size, reduced_motion="reduce") as visitor:
        page = visitor.page
        found = {"empty": await violations(page)}
        await visitor.draft()
        found["drafts"] = await violations(page)
        card = page.locator(".card").first
        await card.get_by_text("Edit", exact=True).click()
        await card.get_by_label("Your version").fill(COLD)
        await card.get_by_role("button", name="Check again").click()
        await expect(card.locator(".slots")).to_be_visible()
        await page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
        found["findings"] = await violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await page.goto(f"{address}/docs")
        found["docs"] = await violations(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await page.goto(f"{address}/sign-in")
        await page.get_by_label("API key").fill("wrong")
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        found["sign-in"] = await violations(page)

    assert {name: rules for name, rules in found.items() if rules} == {}


async def test_the_picture_of_the_page_can_be_taken(address: str, tmp_path: Path) -> None:
    target = PICTURE if os.environ.get("AMENDS_TAKE_PICTURE") else tmp_path / "page.png"
    async with visit(address, viewport={"width": 1180, "height": 1130}) as visitor:
        await visitor.draft()
        page, card = visitor.page, visitor.page.locator(".card").nth(1)
        await card.get_by_text("Edit", exact=True).click()
        await card.get_by_label("Your version").fill(EDITED)
        await card.get_by_role("button", name="Check again").click()
        await expect(card.locator(".badge")).to_have_text("Not ready")
        await card.get_by_text("Edit", exact=True).click()
        await page.locator("#answer-title").focus()
        await page.evaluate("window.scrollTo(0, 0)")
        await page.screenshot(path=target)

    assert 10_000 < target.stat().st_size < 300_000
