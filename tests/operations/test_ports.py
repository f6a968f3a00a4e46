import socket

import pytest

from studio.operations import ports
from tests.faults.studio_processes import free_ports


def test_a_free_port_passes():
    (port,) = free_ports(1)
    ports.require_free("127.0.0.1", port, "STUDIO_PORT")


def test_a_used_port_names_the_variable_and_another_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(ports.PortUnusable) as refused:
            ports.require_free("127.0.0.1", port, "STUDIO_PORT")
    says = str(refused.value)
    assert f"Port {port} is in use by another program." in says
    assert "STUDIO_PORT=" in says
    assert f"STUDIO_PORT={port}" not in says


def test_an_address_that_is_not_ours_names_the_other_variable():
    with pytest.raises(ports.PortUnusable, match=r"203\.0\.113\.1 port 8000 .*Change STUDIO_BIND"):
        ports.require_free("203.0.113.1", 8000, "STUDIO_PORT", "STUDIO_BIND")


def test_a_port_just_left_can_be_taken_again():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            accepted, _ = server.accept()
            accepted.close()  # the server closes first: its side lingers in TIME_WAIT
    ports.require_free("127.0.0.1", port, "STUDIO_PORT")
