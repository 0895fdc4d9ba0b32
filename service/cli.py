"""The command ``amends``: draft, check, serve, and look after brands and keys.

Exit codes: 0 done; 1 done, but nothing is ready to send or a guide is wrong; 2 the call or its input cannot be worked
with; 3 the service could not do it.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Never

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.domain import (
    PRIVATE_CHANNELS,
    Author,
    Brand,
    Brief,
    Channel,
    CheckedDraft,
    Complaint,
    Customer,
    Outcome,
    Reply,
    Severity,
    Usage,
)
from service.errors import AmendsError, BadInput, BrandInvalid, NotFound, Unavailable

if TYPE_CHECKING:
    from fastapi import FastAPI

    from service.drafting import Desk
    from service.settings import Settings

READY, NOT_READY, USAGE, FAILED = 0, 1, 2, 3
COLOURS = {Severity.BLOCK: "red", Severity.WARN: "yellow", Severity.NOTE: "cyan"}
SAMPLE = (
    '{"brand": "harbour-air", "complaint": {"channel": "x", "text": '
    '"My suitcase never came off the Lisbon flight and nobody has answered me for three days."}}'
)

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__, rich_markup_mode=None)
brand_app = typer.Typer(no_args_is_help=True, help="Brand guides: list and check them.")
key_app = typer.Typer(no_args_is_help=True, help="API keys.")
app.add_typer(brand_app, name="brand")
app.add_typer(key_app, name="key")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Source = Annotated[str, typer.Argument(help="A file, the text itself, or - for standard input.")]
BrandOption = Annotated[str, typer.Option("--brand", "-b", help="A known brand's id, or a guide's file.")]
ChannelOption = Annotated[Channel, typer.Option("--channel", "-c", help="Where the complaint was made.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print what the API would answer.")]


@app.command()
def draft(
    source: Source = "-",
    brand: BrandOption = "harbour-air",
    channel: ChannelOption = Channel.OTHER,
    drafts: Annotated[int, typer.Option(min=1, max=5, help="How many drafts.")] = 3,
    language: Annotated[str | None, typer.Option(help="Language of the reply, ISO 639-1.")] = None,
    model: Annotated[str | None, typer.Option(help="The model to ask first.")] = None,
    name: Annotated[str | None, typer.Option(help="The name that the customer posts under.")] = None,
    action: Annotated[list[str] | None, typer.Option(help="Something already done; may be given again.")] = None,
    notes: Annotated[str, typer.Option(help="Internal notes; used, never shown.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Draft replies to a complaint, the best first.

    Example: amends draft "My bag is lost" --brand harbour-air --channel x
    """
    with _errors():
        settings = _settings()
        brief = Brief(
            complaint=Complaint(
                text=_read(source), channel=channel, public=channel not in PRIVATE_CHANNELS, author=Author(name=name)
            ),
            brand=_brand(brand),
            customer=Customer(),
            actions=tuple(action or ()),
            notes=notes,
            drafts=drafts,
            language=language,
            model=model,
        )
        reply = asyncio.run(_reply(settings, brief))
        if as_json:
            from service.web.schemas import ReplyOut

            sys.stdout.write(ReplyOut.of(reply).model_dump_json(indent=2) + "\n")
        else:
            _show_reply(reply)
    raise typer.Exit(READY if reply.best.ready else NOT_READY)


@app.command()
def check(
    source: Source = "-",
    brand: Annotated[str | None, typer.Option("--brand", "-b", help="A known brand's id, or a guide's file.")] = None,
    channel: ChannelOption = Channel.OTHER,
    complaint: Annotated[str, typer.Option(help="The complaint that the text answers: a file or the text.")] = "",
    action: Annotated[list[str] | None, typer.Option(help="Something already done; may be given again.")] = None,
    language: Annotated[str | None, typer.Option(help="Language that the text must be in.")] = None,
    judge: Annotated[bool, typer.Option("--judge", help="Let the configured judge hear the tone as well.")] = False,
    explain: Annotated[str | None, typer.Option(help="Explain one check by its id instead.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check any text that is meant as a reply, and print what is wrong with it.

    Example: amends check "We apologise for any inconvenience." --channel x
    """
    with _errors():
        if explain:
            _explain(explain)
            return
        settings = _settings()
        brief = Brief(
            complaint=Complaint(
                text=_read(complaint) if complaint else "", channel=channel, public=channel not in PRIVATE_CHANNELS
            ),
            brand=_brand(brand) if brand else Brand(id="", name=""),
            actions=tuple(action or ()),
            language=language,
        )
        checked, fixed, usage = asyncio.run(_check(settings, _read(source), brief, judge=judge))
        if as_json:
            from service.web.answers import CheckedOut, JudgedOut

            answer = CheckedOut.of(checked, fixed)
            answer = answer if usage is None else JudgedOut.with_cost(answer, usage)
            sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
        else:
            _show_draft(checked)
            if fixed.draft.text != checked.draft.text:
                out.print(Text.assemble((f"With the safe fixes, {_state(fixed)}: ", "bold"), fixed.draft.text))
    raise typer.Exit(READY if checked.ready else NOT_READY)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Web processes.")] = None,
) -> None:
    """Serve the API and the page.

    Example: amends serve --port 8080
    """
    import uvicorn

    with _errors():
        settings = _settings(host=host, port=port, workers=workers)
        _rehearse(settings)
        listening = _listen(settings.host, settings.port)
        key = settings.api_key.get_secret_value() if settings.api_key else _make_key()
        for name, value in {"HOST": settings.host, "PORT": settings.port, "API_KEY": key}.items():
            os.environ[f"AMENDS_{name}"] = str(value)  # the web processes read their own settings
        address = _address(settings.host, listening.getsockname()[1])
        _greet(address, key, made=settings.api_key is None)
        config = uvicorn.Config(
            "service.cli:asgi",
            factory=True,
            workers=settings.workers,
            loop="uvloop",
            http="httptools",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=10,
        )
        if settings.workers > 1:
            from uvicorn.supervisors import Multiprocess

            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])


@brand_app.command("list")
def brand_list() -> None:
    """List the known brands.

    Example: amends brand list
    """
    from service.bootstrap import guides

    with _errors():
        table = Table("id", "name", "industry", "offers", box=None)
        for found in guides(_settings()).values():
            table.add_row(found.id, found.name, found.industry or "", str(len(found.policy.offers)))
        out.print(table)


@brand_app.command("check")
def brand_check(
    files: Annotated[list[Path], typer.Argument(help="Guides to check.", exists=True, dir_okay=False)],
) -> None:
    """Check brand guides; each mistake is printed with its file and line.

    Example: amends brand check prompts/voices/*.yml
    """
    wrong = False
    for path in files:
        try:
            found = _guide(path)
        except BrandInvalid as exc:
            wrong = True
            err.print(Text(str(exc)))
        else:
            out.print(Text(f"{path}: {found.name} is in order"))
    raise typer.Exit(NOT_READY if wrong else READY)


@key_app.command("make")
def key_make() -> None:
    """Print a new API key; put it into AMENDS_API_KEY.

    Example: amends key make
    """
    out.print(_new_key())


def asgi() -> FastAPI:
    """The application of one web process, from the environment."""
    import structlog

    from service.web.app import application

    settings = _settings()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(settings.log_level))
    return application(settings)


def _rehearse(settings: Settings) -> None:
    """Try what every web process will need, so that a mistake is said once and before an address is printed.

    Raises:
        BrandInvalid: a guide is wrong.
        Unavailable: the database cannot be opened and written.
    """
    if settings.brands_folder:  # the examples are right
        from service.bootstrap import guides

        guides(settings)
    file = settings.database_url.removeprefix("sqlite+aiosqlite:///").partition("?")[0]
    try:
        with closing(sqlite3.connect(file or ":memory:")) as connection:
            connection.execute("BEGIN IMMEDIATE").close()
    except sqlite3.Error as exc:
        raise Unavailable(f"The database {file} cannot be opened: {exc}.") from exc


def _settings(**overrides: object) -> Settings:
    from service import settings

    return settings.read(**overrides)


def _read(source: str) -> str:
    """The text of a file, of standard input, or the argument itself.

    Raises:
        BadInput: the bytes are not UTF-8, or the file cannot be read.
    """
    try:
        if source == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        if len(source) < 1000 and "\n" not in source and _is_file(source):
            return Path(source).read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        raise BadInput("The text is not valid UTF-8.") from exc
    except OSError as exc:
        raise BadInput(f"{source} cannot be read: {exc.strerror}.") from exc
    return source


def _is_file(source: str) -> bool:
    """Whether it names a file; a sentence may be longer than any name of one."""
    try:
        return Path(source).is_file()
    except OSError:
        return False


def _brand(name: str) -> str | Brand:
    """A stored brand's id as it is, a guide's file as the brand it describes."""
    path = Path(name)
    return _guide(path) if path.suffix in (".yml", ".yaml") else name


def _guide(path: Path) -> Brand:
    from service import brands

    try:
        return brands.parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as exc:
        raise BrandInvalid(f"{path}: the guide cannot be read ({type(exc).__name__})") from exc


async def _reply(settings: Settings, brief: Brief) -> Reply:
    from service.bootstrap import build

    desk = build(settings)
    _warm(desk)
    try:
        return await desk.reply_to(brief)
    finally:
        await desk.aclose()


async def _check(
    settings: Settings, text: str, brief: Brief, *, judge: bool
) -> tuple[CheckedDraft, CheckedDraft, Usage | None]:
    """The text as it is and with its safe fixes; where the judge is asked, it hears both, and what that cost."""
    from service.bootstrap import build

    desk = build(settings)
    try:
        checked = desk.check(text, brief)
        fixed = await desk.fix(checked, brief)
        if not judge:
            return checked, fixed, None
        _warm(desk)
        (checked, fixed), usage = await desk.hear([checked, fixed], brief)
        return checked, fixed, usage
    finally:
        await desk.aclose()


def _warm(desk: Desk) -> None:
    """Load what the judge needs before its deadline runs: LiteLLM alone takes seconds."""
    if desk.judge is not None:
        desk.judge.models.warm()


def _explain(check_id: str) -> None:
    from service.checks import definition_of, rules_for

    definition = definition_of(check_id)
    out.print(Text.assemble((check_id, "bold"), f" ({definition.severity.name.lower()} by default)"))
    for label, text in (
        ("fires when", definition.definition),
        ("why", definition.reason),
        ("source", definition.source),
        *(("fires on", text) for text in definition.fires),
        *(("leaves alone", text) for text in definition.passes),
    ):
        out.print(Text.assemble((f"{label}: ", "bold"), text))
    for rule in rules_for(check_id):
        out.print(Text.assemble((f"rule {rule.check}/{rule.id}: ", "bold"), rule.message))
        out.print(Text(f"  finds “{rule.flagged[-1]}”, leaves alone “{rule.passed[-1]}”"))


def _show_reply(reply: Reply) -> None:
    due = reply.triage.due_at.strftime("%d %B %Y %H:%M UTC")
    out.print(Text(f"Due {due} · priority {reply.triage.priority:.2f} · {'; '.join(reply.triage.reasons)}"))
    if reply.reason:
        out.print(Text(reply.reason, style="yellow"))
    for checked in reply.drafts:
        _show_draft(checked)


def _state(checked: CheckedDraft) -> str:
    return "ready" if checked.ready else "not ready"


def _show_draft(checked: CheckedDraft) -> None:
    ready = (_state(checked), "bold green" if checked.ready else "bold red")
    scores = checked.scores
    values = ", ".join(
        f"{name} {'could not tell' if score.value is None else f'{score.value:.2f}'}"
        for name, score in (
            ("empathy", scores.empathy),
            ("specificity", scores.specificity),
            ("plainness", scores.plainness),
        )
    )
    out.print()
    out.print(Text.assemble((checked.draft.angle.value, "bold"), " · ", ready, " · ", values))
    text = Text(checked.draft.text)
    for finding in checked.findings:
        text.stylize(f"underline {COLOURS[finding.severity]}", finding.span.start, finding.span.end)
    out.print(text)
    for slot in checked.draft.needs_fill:
        out.print(Text(f"  fill in {slot.slot}: {slot.question}", style="red"))
    for finding in checked.findings:
        quote = f"“{finding.quote}”: " if finding.quote else ""
        line = f"  {finding.severity.name.lower()} {finding.check}: {quote}{finding.message}"
        out.print(Text(line, style=COLOURS[finding.severity]))
    for result in checked.results:
        if result.outcome is Outcome.NOT_RUN and result.blocks:
            out.print(Text(f"  not run {result.check}: {result.reason}", style="red"))


def _address(host: str, port: int) -> str:
    """What to open in a browser."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _greet(address: str, key: str, *, made: bool) -> None:
    if made:
        out.print(Text("A new API key was written to .env; it is the one below."))
    out.print(Text(f"Page:  {address}/"))
    out.print(Text(f"Key:   {key}"))
    headers = f"-H 'Authorization: Bearer {key}' -H 'Content-Type: application/json'"
    out.print(Text(f"Try:   curl -s {address}/v1/drafts {headers} -d '{SAMPLE}'"))
    sys.stdout.flush()


def _new_key() -> str:
    return f"amends_{secrets.token_urlsafe(32)}"


def _make_key() -> str:
    """A new key, kept in ``.env`` so that it stays the same at the next start.

    A new file is readable by its owner alone; one that is there keeps its lines and its mode.
    """
    from service.settings import ENV_FILE

    key = _new_key()
    try:
        with os.fdopen(os.open(ENV_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
            whole = not ENV_FILE.stat().st_size or ENV_FILE.read_bytes().endswith(b"\n")
            file.write(f"{'' if whole else chr(10)}AMENDS_API_KEY={key}\n")
    except OSError as exc:
        err.print(Text(f"The key could not be written to .env ({exc.strerror}); it lasts until the service stops."))
    return key


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as exc:
        err.print(Text(f"Cannot listen on {host}:{port}: {exc.strerror}. Set AMENDS_PORT to another port."))
        raise typer.Exit(FAILED) from exc


class _errors:  # noqa: N801 - reads as a block: with _errors()
    """Turns our errors into one sentence on standard error and an exit code."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, exc: BaseException | None, _trace: object) -> None:
        if isinstance(exc, AmendsError):
            _fail(exc)


def _fail(exc: AmendsError) -> Never:
    err.print(Text.assemble(("error ", "bold red"), f"{exc.code}: {exc.detail}"))
    raise typer.Exit(USAGE if isinstance(exc, (BadInput, NotFound)) else FAILED) from exc
