"""A fake host in a folder: a root file system with a few programs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from components.docker_client import client_script

# fmt: off
TOOLS = [
    "awk", "base64", "basename", "cat", "chmod", "chown", "cmp", "cp", "cut", "dirname", "env", "find", "grep", "head",
    "id", "kill", "mkdir", "mktemp", "mv", "rm", "rmdir", "sed", "setsid", "sh", "sha256sum", "sleep", "sort", "stat",
    "su", "timeout", "touch", "tr", "wc",
]
# fmt: on

SETTINGS = {
    "STORE": "store-client",
    "HOST_NAME": "nexus.domain.org",
    "ADDRESS": "",
    "REGISTRIES": "nexus.domain.org",
    "CA": "-----BEGIN CERTIFICATE-----\nthe CA\n-----END CERTIFICATE-----",
    "SYSTEM_STORE": "true",
    "INSECURE": "no",
    "LOGIN_USER": "",
    "ACCOUNT": "root",
    "PASSWORD": "",
}
HOMES = {"root": "/root", "nobody": "/home/nobody"}
# Variables that processes of an account do not inherit.
KNOWN = """: "${{ROOT:={root}}}"
: "${{CONFIG:=$ROOT/home/nobody/.docker/config.json}}"
"""
NOTED = 'echo "$(basename "$0") $*" >>"$ROOT/calls"\n'
FAKES = {
    "update-ca-certificates": NOTED,
    "update-ca-trust": NOTED,
    # Resolves the names in the file hosts-known.
    "getent": 'case $1 in passwd) grep "^$2:" "$ROOT/etc/passwd" ;; *) grep -qw "$2" "$ROOT/dns" 2>/dev/null ;; esac',
    # Behaves like dockerd: a reload loads daemon.json but does not notice a removed list, and dockerd does not start
    # with the same option in both places.
    "systemctl": """
case "$*" in
"is-active --quiet docker") [ ! -e "$ROOT/down" ] ;;
"reload docker")
    [ -e "$ROOT/deaf" ] || ! grep -q insecure-registries "$JSON" 2>/dev/null || cp "$JSON" "$ROOT/loaded" ;;
"restart docker")
    rm -f "$ROOT/loaded" "$ROOT/down"
    if cat "$DROP"/*.conf 2>/dev/null | grep -q -e "$BAD"; then touch "$ROOT/down"; fi
    cat "$DROP"/*.conf "$JSON" >"$ROOT/loaded" 2>/dev/null || true ;;
"cat docker.service")
    echo "# /lib/systemd/system/docker.service"; cat "$ROOT/lib/docker.service"
    for file in "$DROP"/*.conf; do echo "# ${file#"$ROOT"}"; cat "$file" 2>/dev/null; done ;;
esac
echo "systemctl $*" >>"$ROOT/calls"
""",
    "dockerd": 'case $* in *--help*) echo " --validate" ;; *) grep -q "$BAD" "$3" && exit 1 || true ;; esac',
    "docker": """
case $1 in
info)
    [ ! -e "$ROOT/down" ] || exit 1
    registry=${3#*\\"}; registry=${registry%%\\"*}
    if [ $# -gt 1 ]; then grep -q -e "[=\\"]$registry" "$ROOT/loaded" 2>/dev/null && echo false || echo true; fi ;;
login)
    password=$(cat)
    [ "$password" = right ] || { printf 'unauthorized\\033[2J\\n' >&2; exit 1; }
    cat >"$CONFIG" <<END
{"auths": {"$2": {"auth": "$4"}}}
END
    ;;
logout) echo '{"auths": {}}' >"$CONFIG" ;;
esac
""",
}


class Host:
    """A host with the given programs, and the tools that every host has."""

    def __init__(self, folder: Path, *programs: str) -> None:
        self.root = folder / "root"
        self.inherited: dict[str, str] = {}
        """The environment of the process that starts the program."""
        self._programs = folder / "bin"
        self._programs.mkdir(parents=True)
        self.write("/etc/hosts", "127.0.0.1 localhost\n")
        self.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/home/nobody:/bin/sh\n")
        self.write("/root/.bashrc", "")
        self.write("/lib/docker.service", "[Service]\nExecStart=/bin/true -H fd:// \\\n  --debug\n")
        for tool in TOOLS:
            (self._programs / tool).symlink_to(Path(shutil.which(tool) or tool))
        self.add("getent", *programs)

    def add(self, *programs: str) -> None:
        for program in programs:
            path = self._programs / program
            if program == "systemctl":
                (self.root / "run/systemd/system").mkdir(parents=True)
            if program == "python3":
                path.symlink_to(sys.executable)
                continue
            path.write_text(f"#!/bin/sh\n{KNOWN.format(root=self.root)}{FAKES.get(program, '')}")
            path.chmod(0o755)

    def write(self, path: str, text: str) -> None:
        file = self.root / path.removeprefix("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def read(self, path: str) -> str:
        return (self.root / path.removeprefix("/")).read_text()

    def json(self, path: str) -> Any:
        return json.loads(self.read(path))

    def has(self, path: str) -> bool:
        return (self.root / path.removeprefix("/")).exists()

    def note_environments(self, program: str, file: Path) -> None:
        """Makes a program write its caller's environment to a file."""
        path = self._programs / program
        real = path.resolve()
        path.unlink()
        path.write_text(f'#!/bin/sh\n/usr/bin/id -un >>{file}\n/bin/cat /proc/$$/environ >>{file}\nexec {real} "$@"\n')
        path.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        return self.read("/calls").splitlines() if self.has("/calls") else []

    @property
    def files(self) -> dict[str, bytes | None]:
        """All files except those of the fakes; folders have no content."""
        ours = ("calls", "loaded", "down", "dns")
        return {
            str(path.relative_to(self.root)): path.read_bytes() if path.is_file() else None
            for path in self.root.rglob("*")
            if path.name not in ours and path != self.root / "var" and path != self.root / "var/lib"
        }

    def run(self, action: str, bad: str = "nothing is bad", **settings: str) -> tuple[int, str]:
        etc = self.root / "etc"
        environment = {
            **self.inherited,
            "PATH": str(self._programs),
            "ROOT": str(self.root),
            "JSON": str(etc / "docker/daemon.json"),
            "DROP": str(etc / "systemd/system/docker.service.d"),
            "CONFIG": f"{self.root}{HOMES[settings.get('ACCOUNT', SETTINGS['ACCOUNT'])]}/.docker/config.json",
            "BAD": bad,
            "SECONDS_TO_COME_UP": "2",
            "SECONDS_TO_RELOAD": "2",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        }
        done = subprocess.run(
            [str(self._programs / "sh"), "-s", action],
            input=client_script({**SETTINGS, **settings}),
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == ""
        return done.returncode, done.stderr

    def install(self, **settings: str) -> str:
        code, output = self.run("install", **settings)
        assert code == 0, output
        return output

    def remove(self, **settings: str) -> str:
        code, output = self.run("remove", **settings)
        assert code == 0, output
        return output
