"""Free ports, for servers that must know theirs before they listen."""

import random
import socket
from contextlib import suppress

# Linux gives outgoing connections ports from 32768 up.
BELOW_THE_KERNELS = range(20_000, 32_000)


def free_port() -> int:
    """Return a free loopback port that no outgoing connection can take before its server listens."""
    for port in random.SystemRandom().sample(BELOW_THE_KERNELS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("No free port was found on this machine.")


def keep_slack_peer_from_the_kernels_ports() -> None:
    """Let the Slack peer choose ports as we do, since it chooses them a second before it listens."""
    from peers.slack import hub

    hub.free_port = free_port
