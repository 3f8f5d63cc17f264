"""Lets five minutes of the recorder pass at a word, so that a test sees hours of statistics within seconds.

The recorder compiles by itself every five minutes. Here a test says when: what was recorded since the last time is moved
into the next five minutes of a time that lies in the future, and then the recorder's own task compiles them, and the hour
after its last. States, sums and rows are the recorder's.
"""

from dataclasses import dataclass
from datetime import timedelta
import time

from sqlalchemy import func, select, text

from homeassistant.components import websocket_api
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import StatisticsRuns
from homeassistant.components.recorder.models import process_timestamp
from homeassistant.components.recorder.tasks import RecorderTask, StatisticsTask
from homeassistant.util import dt as dt_util

PERIOD = timedelta(minutes=5)
COLUMNS = ("last_changed_ts", "last_reported_ts", "last_updated_ts")
SINCE = text("SELECT MIN(last_updated_ts) FROM states WHERE last_updated_ts <= :now")
MOVE = text(
    "UPDATE states SET "
    + ", ".join(f"{each} = :start + MAX(0, {each} - :since) * :pace" for each in COLUMNS)
    + " WHERE last_updated_ts <= :now"
)


@dataclass(slots=True)
class MoveStates(RecorderTask):
    """Moves what lies before now into the five minutes that begin at start, in its order and rhythm."""

    start: float

    def run(self, instance):
        now = time.time()
        with instance.get_session() as session:
            since = session.execute(SINCE, {"now": now}).scalar()
            if since is not None:
                pace = (PERIOD.total_seconds() - 1) / max(now - since, 1)
                session.execute(MOVE, {"now": now, "start": self.start, "since": since, "pace": pace})
                session.commit()


def next_start(instance):
    """After the last five minutes that passed here; at first a full hour that is not over soon."""
    now = dt_util.utcnow()
    with instance.get_session() as session:
        last = process_timestamp(session.execute(select(func.max(StatisticsRuns.start))).scalar())
    if last is not None and last > now:
        return last + PERIOD
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)


@websocket_api.async_response
async def five_minutes(hass, connection, message):
    """Answers with the beginning of the five minutes when they are compiled."""
    instance = get_instance(hass)
    start = await instance.async_add_executor_job(next_start, instance)
    instance.queue_task(MoveStates(start.timestamp()))
    instance.queue_task(StatisticsTask(start, True))
    await instance.async_block_till_done()
    connection.send_result(message["id"], {"start": start.isoformat()})


async def async_setup(hass, config):
    """The recorder's own five minutes would come in between."""
    get_instance(hass).async_periodic_statistics = lambda: None
    websocket_api.async_register_command(hass, "time_lapse/five_minutes", five_minutes, False)
    return True
