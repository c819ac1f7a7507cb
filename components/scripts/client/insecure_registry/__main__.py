"""Applies INSECURE of the environment (no, daemonJson or systemdDropIn) to dockerd. Exit code 1 if it refuses."""

import os
import sys

from .daemon_json import DaemonJson
from .drop_in import DropIn
from .host import Host, Refusal, say


def main() -> int:
    host = Host.of(os.environ)
    daemon_json, drop_in = DaemonJson(host), DropIn(host)
    way = os.environ["INSECURE"]
    try:
        if way != "systemdDropIn":
            drop_in.restore()
        if way != "daemonJson":
            daemon_json.restore()
        if way == "daemonJson":
            daemon_json.install()
        if way == "systemdDropIn":
            drop_in.install()
    except Refusal as refusal:
        say(str(refusal))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
