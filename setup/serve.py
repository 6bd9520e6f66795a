"""Starts the product with Waitress, for the demo and for a single PC.

A parent holds the port, its child serves. When add-ons came, went or were upgraded, the child finishes its requests and
ends, and the parent starts another one: whoever asks meanwhile waits a moment, and is not refused.
"""

import argparse
import logging
import os
import signal
import socket
import subprocess
import sys
import time

from waitress.server import create_server

ANEW = 3  # The exit code of a child that wants to be started again.
PATIENCE = 60.0  # Seconds that a request may take while the child waits to end.


def main() -> None:
    """Serve until Ctrl-C; a port in use is said in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--listener", type=int, help=argparse.SUPPRESS)  # The parent's socket, given to the child.
    address = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    if address.listener is not None:
        serve(socket.socket(fileno=address.listener))
        return
    listener = listen(address.host, address.port)
    if os.name == "nt":  # A socket cannot be handed on there: start it again by hand after add-ons changed.
        serve(listener)
    else:
        sys.exit(keep_serving(listener))


def keep_serving(listener: socket.socket) -> int:
    """Start a child, and another one whenever it asks for that; return its last exit code."""
    code = ANEW
    while code == ANEW:
        command = [sys.executable, __file__, "--listener", str(listener.fileno())]
        child = subprocess.Popen(command, pass_fds=[listener.fileno()])
        signal.signal(signal.SIGTERM, lambda _number, _frame, child=child: child.terminate())
        try:
            code = child.wait()
        except KeyboardInterrupt:  # The terminal has told the child, too.
            code = child.wait()
    return max(code, 0)


def serve(listener: socket.socket) -> None:
    """Serve on this socket until told to end, or until the add-ons change."""
    from app import wsgi  # Building it takes seconds; a busy port is told before.

    server = create_server(wsgi.app, sockets=[listener], threads=8, ident=None)
    host, port = listener.getsockname()[:2]
    print(f"Zhanggui is open at http://{host}:{port}/ - stop it with Ctrl-C.", flush=True)

    def start_anew() -> None:
        server.accepting = False  # New visitors wait at the parent's socket.
        until = time.monotonic() + PATIENCE
        while is_busy(server) and time.monotonic() < until:
            time.sleep(0.05)
        os._exit(ANEW)

    wsgi.watch.start_anew = start_anew
    server.run()


def is_busy(server: object) -> bool:
    """Tell whether a request is being answered."""
    channels = list(server.active_channels.values())  # type: ignore[attr-defined]  # Of Waitress's server.
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, taken before the slow start so that a busy port is told at once."""
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another one: make demo PORT=8081")


if __name__ == "__main__":
    main()
