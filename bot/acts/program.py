"""How the program and its nights are doing."""

from __future__ import annotations

import asyncio

from bot.cards import Reply
from bot.charts import stats_chart
from bot.client import ApiError
from bot.texts.staff import run_card, stats_card
from bot.turn import Turn

RUNS = 3


async def review_stats(turn: Turn) -> Reply:
    """Numbers, and a chart of waiting, load and ratings."""
    await turn.staff()
    stats = await turn.api.get("stats/")
    return Reply(stats_card(stats), image=await asyncio.to_thread(stats_chart, stats))


async def run_status(turn: Turn) -> Reply:
    """The last runs, what was proven, and what could not be sent."""
    await turn.staff()
    runs = (await turn.api.get("runs/", page_size=RUNS))["results"]
    booked = next((one for one in runs if one["state"] in ("booked", "planned")), None)
    certificate = None
    if booked is not None:
        try:
            certificate = await turn.api.get(f"runs/{booked['id']}/certificate/")
        except ApiError as error:
            if error.status != 409:
                raise
    return Reply(run_card(runs, certificate, (await turn.api.get("stats/"))["outbox"]))
