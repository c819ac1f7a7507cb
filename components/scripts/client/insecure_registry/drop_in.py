"""`--insecure-registry` in a drop-in of docker's unit, for a dockerd configured by flags. A change restarts dockerd."""

from .dockerd import Dockerd, has
from .host import DAEMON_JSON, INSECURE_REGISTRIES, Host, Refusal, say
from .kept_file import KeptFile

_OPEN_PORT = "tcp://0.0.0.0:2375"


def path_of(host: Host) -> str:
    """Sorts after other drop-ins, since it repeats the ExecStart that results from them."""
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
            Refusal: there is no such unit, or dockerd would not start or does not come up with the flags.
        """
        self._require_other_way_unused()
        start = self._start()
        if _OPEN_PORT in start:
            say(f"dockerd listens on {_OPEN_PORT}: whoever reaches that port is root on this host")
        flags = "".join(f" --insecure-registry={registry}" for registry in self._host.registries)
        earlier = self._file.earlier
        if not self._file.write_own(f"[Service]\nExecStart=\nExecStart={start}{flags}\n".encode()):
            return
        self._dockerd.restart()
        seconds = self._host.seconds_to_come_up
        if not self._dockerd.wait_until(verifies=False, seconds=seconds):
            self._file.roll_back(earlier)
            self._dockerd.restart()
            raise Refusal(
                f"dockerd did not come up with {self._file.name} within {seconds} s: its previous flags are restored"
            )

    def _require_other_way_unused(self) -> None:
        if not self._dockerd.has_systemd:
            raise Refusal(
                "insecureRegistry: systemdDropIn needs systemd, which this host does not have: use daemonJson"
            )
        if f'"{INSECURE_REGISTRIES}"' in self._host.read(DAEMON_JSON):
            raise Refusal(
                f"{DAEMON_JSON} has {INSECURE_REGISTRIES}, and dockerd would not start with --insecure-registry too: "
                "use insecureRegistry: daemonJson"
            )

    def _start(self) -> str:
        start = self._dockerd.start_command(without=self._file.name)
        if not start or not has(start.split()[0]):
            raise Refusal("could not read ExecStart of docker.service: is docker installed from a package?")
        return start

    def restore(self) -> None:
        """Removes the drop-in, unless somebody has changed it since, and restarts dockerd."""
        if self._file.is_ours:
            self._file.restore()
            self._dockerd.restart()
