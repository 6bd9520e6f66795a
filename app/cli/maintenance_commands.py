"""`flask maintenance-worker`: carries out what the Apps page and the clock ask for, with the owner's credentials."""

import signal
import threading

import click

import config
from app.cli.telling import tell
from app.release.maintenance import carry_out, watch_queue


@click.command("maintenance-worker")
@click.option("--once", is_flag=True, help="Carry out what is queued, and end.")
def maintenance_worker(*, once: bool) -> None:
    """Change add-ons as the Apps page asks, and write and check backups, one at a time, until Ctrl-C.

    It needs the owner's credentials, ZHANGGUI_DATABASE_OWNER_URL; the web processes need not know them.
    """
    if once:
        tell(carry_out)
        return
    stopped = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda _number, _frame: stopped.set())
    click.echo("Waiting for maintenance tasks. Stop with Ctrl-C.")
    tell(watch_queue, stopped, config.settings())
