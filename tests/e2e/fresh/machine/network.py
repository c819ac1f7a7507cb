"""Connects a machine's network namespace by slirp4netns, which leaves the outer machine's network unchanged."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

NAMESERVER = "10.0.2.3"  # slirp4netns forwards it to the outer machine's


class Uplink:
    """The connection, open from the start."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._open()

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Disconnects the machine inside the block."""
        self.close()
        try:
            yield
        finally:
            self._open()

    def close(self) -> None:
        os.close(self._held)
        self._process.wait()

    def _open(self) -> None:
        reading, ready = os.pipe()
        # slirp4netns ends when the write end of this pipe closes, so at the latest with the tests.
        ended, self._held = os.pipe()
        command = [
            "slirp4netns",
            "--configure",
            "--mtu=65520",
            "--disable-host-loopback",
            f"--ready-fd={ready}",
            f"--exit-fd={ended}",
        ]
        self._process = subprocess.Popen(
            [*command, str(self._pid), "tap0"],
            pass_fds=(ready, ended),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(ready)
        os.close(ended)
        if os.read(reading, 1) != b"1":
            raise RuntimeError("slirp4netns does not start: is /dev/net/tun there?")
        os.close(reading)
