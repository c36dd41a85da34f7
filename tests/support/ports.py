"""A port for what must know its port before it listens on it."""

import random
import socket
from contextlib import suppress

BELOW_THE_KERNELS = range(20_000, 32_000)  # Linux lends 32768 and up to outgoing connections


def free_port() -> int:
    """A free loopback port that no outgoing connection can take before its server listens."""
    for port in random.SystemRandom().sample(BELOW_THE_KERNELS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("No free port was found on this machine.")


def keep_slack_peer_from_the_kernels_ports() -> None:
    """Slack's side picks its ports a second before it uses them; let it pick as we do."""
    from peers.slack import hub

    hub.free_port = free_port
