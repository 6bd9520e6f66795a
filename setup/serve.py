"""Starts the product with Waitress, for the demo and for a single PC."""

import argparse
import logging
import socket
import sys

from waitress import serve


def main() -> None:
    """Serve until Ctrl-C; a port in use is said in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    address = parser.parse_args()
    listener = listen(address.host, address.port)
    logging.basicConfig(level=logging.WARNING)
    from app.wsgi import app  # Building it takes seconds; a busy port is told before.

    print(f"Zhanggui is open at http://{address.host}:{address.port}/ - stop it with Ctrl-C.", flush=True)
    serve(app, sockets=[listener], threads=8, ident=None)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, taken before the slow start so that a busy port is told at once."""
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another one: make demo PORT=8081")


if __name__ == "__main__":
    main()
