"""NeMo Guardrails: the action behind its regular-expression rail, with our English wording rules as its patterns."""

import asyncio

from clock import order, report
from nemoguardrails import RailsConfig
from nemoguardrails.library.regex.actions import detect_regex_pattern

given = order()
config = RailsConfig.from_content(
    config={
        "models": [],
        "rails": {
            "config": {"regex_detection": {"output": {"patterns": given["patterns"], "case_insensitive": True}}},
        },
    }
)
loop = asyncio.new_event_loop()
report(
    given["texts"],
    lambda text: loop.run_until_complete(detect_regex_pattern(source="output", text=text, config=config)),
)
