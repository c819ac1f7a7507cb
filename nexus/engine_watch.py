"""The provider's process ends with the engine that started it."""

import os
import select
import threading
from functools import cache

_STANDARD_OUTPUT = 1


@cache
def end_with_engine() -> None:
    """From here on this process ends as soon as its standard output is no longer read.

    The engine reads it as long as it runs. A killed one tells its providers nothing, and since a shell is between them
    its death is not seen as that of a parent. Without this each kill leaves a process of 75 MB behind for good.
    """
    threading.Thread(target=_wait_for_the_end, name="engine-watch", daemon=True).start()


def _wait_for_the_end() -> None:
    poll = select.poll()
    poll.register(_STANDARD_OUTPUT, 0)  # that the other end is closed is reported all the same
    poll.poll()
    os._exit(1)
