"""`insecure-registries` in dockerd's daemon.json, which a reload applies. Every other key stays unchanged."""

import json
import tempfile
from pathlib import Path
from typing import Any, Dict, List

from .dockerd import Dockerd
from .drop_in import path_of as drop_in_of
from .host import DAEMON_JSON, INSECURE_REGISTRIES, Host, Refusal, say
from .kept_file import KeptFile


class DaemonJson:
    """The file, and the dockerd that reads it."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._dockerd = Dockerd(host)
        self._file = KeptFile(host, DAEMON_JSON)

    def install(self) -> None:
        """Adds the store's registries.

        Raises:
            Refusal: dockerd would not start with it or does not apply it, or the file is not valid JSON.
        """
        flag = self._dockerd.insecure_flag(without=drop_in_of(self._host))
        if flag:
            raise Refusal(
                f"dockerd is started with --insecure-registry and does not start if {DAEMON_JSON} has the same option: "
                f"use insecureRegistry: systemdDropIn (found: {flag})"
            )
        earlier = self._file.earlier
        content = with_registries(earlier.content or b"", self._host.registries)
        self._validate(content)
        if not self._file.write(content):
            return
        if not self._dockerd.runs:
            say(f"dockerd is not running; it reads {DAEMON_JSON} when it starts")
            return
        self._dockerd.reload()
        if not self._dockerd.wait_until(verifies=False, seconds=self._host.seconds_to_reload):
            self._file.roll_back(earlier)
            self._dockerd.reload()
            raise Refusal(f"dockerd does not apply the new {DAEMON_JSON}: the previous file is restored")

    def _validate(self, content: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=".json") as new:
            new.write(content)
            new.flush()
            self._dockerd.validate(Path(new.name))

    def restore(self) -> None:
        """Restores the file and makes dockerd verify the store again.

        Raises:
            Refusal: somebody has changed the file since, and it is not valid JSON.
        """
        if not self._file.is_ours:
            return
        if self._dockerd.runs and self._file.path.exists():
            self._make_dockerd_verify()
        self._file.restore(lambda: without_registries(self._file.path.read_bytes(), self._host.registries))
        self._dockerd.reload()

    def _make_dockerd_verify(self) -> None:
        """First loads an empty list, since a reload does not notice a missing one."""
        now = self._file.path.read_bytes()
        try:
            emptied = without_registries(now, self._host.registries, leave_empty=True)
        except Refusal as refusal:
            say(str(refusal))
            return
        self._file.path.write_bytes(emptied)
        self._dockerd.reload()
        if not self._dockerd.wait_until(verifies=True, seconds=self._host.seconds_to_reload):
            say("dockerd does not verify the store until its next start")
        self._file.path.write_bytes(now)


def with_registries(content: bytes, registries: List[str]) -> bytes:
    """The content of daemon.json with these insecure registries added; the same bytes if it already has them.

    Raises:
        Refusal: it is not valid JSON.
    """
    found = _parsed(content)
    before = found.get(INSECURE_REGISTRIES, [])
    listed = before + [name for name in registries if name not in before]
    return content if listed == before else _text({**found, INSECURE_REGISTRIES: listed})


def without_registries(content: bytes, registries: List[str], leave_empty: bool = False) -> bytes:
    """The content of daemon.json without these insecure registries; empty if no key is left.

    Args:
        leave_empty: keep the key even if its list becomes empty.

    Raises:
        Refusal: it is not valid JSON.
    """
    found = _parsed(content)
    before = found.get(INSECURE_REGISTRIES, [])
    listed = [name for name in before if name not in registries]
    if listed == before:
        return content
    if listed or leave_empty:
        return _text({**found, INSECURE_REGISTRIES: listed})
    rest = {key: value for key, value in found.items() if key != INSECURE_REGISTRIES}
    return _text(rest) if rest else b""


def _parsed(content: bytes) -> Dict[str, Any]:
    try:
        found = json.loads(content.decode("utf-8") or "{}")
        if not isinstance(found, dict) or not isinstance(found.get(INSECURE_REGISTRIES, []), list):
            raise ValueError(f"not an object, or its {INSECURE_REGISTRIES} is not a list")
    except ValueError as error:
        raise Refusal(f"{DAEMON_JSON} is not valid JSON ({error}). Fix: correct it, then run this again") from None
    return found


def _text(found: Dict[str, Any]) -> bytes:
    return (json.dumps(found, indent=2) + "\n").encode("ascii")
