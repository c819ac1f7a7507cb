"""Settings that hold for every tier."""

import signal

from hypothesis import HealthCheck, settings

# How long an example takes is the machine's affair, and says nothing about the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Signals do what they do on a terminal, for the tests and all that they start.

    A shell ignores SIGINT in what it starts in the background, and nohup SIGHUP, and so would the commands under test.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)
