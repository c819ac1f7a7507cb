"""Settings of every tier."""

import signal

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.results"]

# The time of an example depends on the machine, not on the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Restores the default signal handlers, for the tests and every process that they start.

    Background jobs of a shell ignore SIGINT, and nohup ignores SIGHUP; the commands under test would inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_DFL)
