"""Ends the provider's process when the Pulumi engine that started it ends."""

import os
import select
import threading
from functools import cache

_STANDARD_OUTPUT = 1


@cache
def end_with_engine() -> None:
    """From here on this process ends as soon as nobody reads its standard output any more.

    The engine reads it as long as it runs. A killed engine does not notify its providers, and because of the shell
    between them it is not their parent. Without this, each kill leaves a process of 75 MB behind for good.
    """
    threading.Thread(target=_wait_for_the_end, name="engine-watch", daemon=True).start()


def _wait_for_the_end() -> None:
    poll = select.poll()
    poll.register(_STANDARD_OUTPUT, 0)  # a closed pipe is reported without being asked for
    poll.poll()
    os._exit(1)
