"""The floor: a FastAPI route that makes the same call with ``litellm.acompletion`` and does nothing else."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from fastapi import FastAPI, Request

from service.model.answer import AnswerForm
from service.model.library import load

litellm = load()  # quiet, as in the service
state: dict[str, Any] = {}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Share one session, as the service does."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=512)) as session:
        state["session"] = session
        yield


app = FastAPI(lifespan=lifespan)


async def _ask(body: dict[str, Any], *, stream: bool) -> Any:
    return await litellm.acompletion(
        model="openai/standin",
        messages=[
            {"role": "system", "content": os.environ["BENCH_SYSTEM"]},
            {"role": "user", "content": body["complaint"]["text"]},
        ],
        api_base=os.environ["AMENDS_MODEL_API_BASE"],
        api_key="sk-standin",
        response_format={"type": "json_object"},
        max_tokens=3600,
        max_retries=0,
        stream=stream,
        shared_session=state["session"],
    )


@app.post("/whole")
async def whole(request: Request) -> dict[str, Any]:
    """Answer with the drafts of one call."""
    answer = await _ask(await request.json(), stream=False)
    read = AnswerForm.model_validate_json(answer.choices[0].message.content)
    return {"degraded": False, "drafts": [draft.model_dump() for draft in read.drafts]}


@app.post("/streamed")
async def streamed(request: Request) -> dict[str, Any]:
    """Answer with the drafts of one streamed call."""
    text = ""
    async for chunk in await _ask(await request.json(), stream=True):
        text += chunk.choices[0].delta.content or "" if chunk.choices else ""
    return {"degraded": False, "drafts": [draft.model_dump() for draft in AnswerForm.model_validate_json(text).drafts]}
