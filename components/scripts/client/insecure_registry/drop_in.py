"""`--insecure-registry` in a drop-in of docker's unit, for a dockerd whose options are flags. It restarts dockerd."""

from .dockerd import Dockerd, has
from .host import DAEMON_JSON, INSECURE_REGISTRIES, Host, Refusal, say
from .kept_file import KeptFile

_OPEN_PORT = "tcp://0.0.0.0:2375"


def path_of(host: Host) -> str:
    """It comes after the drop-ins of others, whose ExecStart it repeats."""
    return f"/etc/systemd/system/docker.service.d/zz-{host.store}.conf"


class DropIn:
    """The file, and the dockerd that systemd starts with it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._dockerd = Dockerd(host)
        self._file = KeptFile(host, path_of(host))

    def install(self) -> None:
        """Repeats the unit's ExecStart with a flag for each registry of the store.

        Raises:
            Refusal: there is no such unit, dockerd would not start with it, or does not come up.
        """
        self._require_other_way_unused()
        start = self._start()
        if _OPEN_PORT in start:
            say(f"dockerd listens on {_OPEN_PORT}: whoever reaches that port is root on this host")
        flags = "".join(f" --insecure-registry={registry}" for registry in self._host.registries)
        earlier = self._file.earlier
        if not self._file.put(f"[Service]\nExecStart=\nExecStart={start}{flags}\n".encode()):
            return
        self._dockerd.restart()
        seconds = self._host.seconds_to_come_up
        if not self._dockerd.takes_store_for(secure=False, seconds=seconds):
            self._file.roll_back(earlier)
            self._dockerd.restart()
            raise Refusal(f"dockerd did not come up with {self._file.name} within {seconds} s; it is as it was again")

    def _require_other_way_unused(self) -> None:
        if not self._dockerd.has_systemd:
            raise Refusal("insecureRegistry: systemdDropIn needs systemd, which is not on this host: use daemonJson")
        if f'"{INSECURE_REGISTRIES}"' in self._host.read(DAEMON_JSON):
            raise Refusal(
                f"{DAEMON_JSON} has {INSECURE_REGISTRIES}, and dockerd would not start with --insecure-registry too: "
                "use insecureRegistry: daemonJson"
            )

    def _start(self) -> str:
        start = self._dockerd.start_command(without=self._file.name)
        if not start or not has(start.split()[0]):
            raise Refusal("no ExecStart of docker.service could be read: is docker installed from a package?")
        return start

    def take_back(self) -> None:
        """Removes it, unless somebody has changed it since, and restarts dockerd."""
        if self._file.is_ours:
            self._file.take_back()
            self._dockerd.restart()
