"""Ports of the loopback that nobody uses."""

import errno
import random
import socket

PORTS = range(23000, 24000)  # far from where PostgreSQL and RabbitMQ usually listen


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            raise
    return True


def is_open(port: int) -> bool:
    """Tell whether a server listens on this port now."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port on which nothing listens at this moment."""
    for port in random.sample(PORTS, len(PORTS)):
        if is_free(port):
            return port
    raise RuntimeError("no free port")
