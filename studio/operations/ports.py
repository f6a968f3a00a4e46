"""Is the port free? Asked before anything starts, so that the answer is one sentence."""

import errno
import socket

from django.conf import settings


class PortUnusable(Exception):
    """The message says which port, and which variable to change."""


def require_free_web() -> None:
    """Raise `PortUnusable` unless the web server can listen where it is told to."""
    require_free(settings.STUDIO_BIND, settings.STUDIO_PORT, "STUDIO_PORT", "STUDIO_BIND")


def require_free_simulator() -> None:
    """Raise `PortUnusable` unless the vendor's simulator can listen on its port."""
    require_free("127.0.0.1", settings.STUDIO_SIMULATOR_PORT, "STUDIO_SIMULATOR_PORT")


def require_free(host: str, port: int, variable: str, host_variable: str = "") -> None:
    """Raise `PortUnusable` unless a server could listen on this port now."""
    try:
        where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(where[0], socket.SOCK_STREAM) as probe:
            # As servers do: connections of a studio just stopped may linger for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where[4])
            probe.listen(1)
    except OSError as error:
        raise PortUnusable(_sentence(error, host, port, variable, host_variable)) from error


def _sentence(error: OSError, host: str, port: int, variable: str, host_variable: str) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 10 if port < 65000 else 8010
        return (
            f"Port {port} is in use by another program. "
            f"Stop it, or choose another port: {variable}={other}"
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}. Choose one above 1023: {variable}=8000"
    return (
        f"Nothing can listen on {host} port {port} ({error.strerror or error}). "
        f"Change {host_variable or variable}."
    )
