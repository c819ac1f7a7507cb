"""A server in place of Nexus that is as fast as nginx, since it is one: it answers everything with 401."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.programs.nginx.server import BINARY
from tests.support.ports import free_port, listens

_TEXT = """
daemon off;
worker_processes 2;
pid {folder}/refusing.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/refusing;
    proxy_temp_path {folder}/refusing;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        default_type application/json;
        location / {{
            add_header WWW-Authenticate 'BASIC realm="Sonatype Nexus Repository Manager"' always;
            add_header X-Content-Type-Options nosniff always;
            add_header Content-Security-Policy "sandbox allow-forms allow-modals allow-popups" always;
            error_page 401 @refused;
            return 401;
        }}
        location @refused {{
            return 401 '{{"errors":[{{"code":"UNAUTHORIZED","message":"access to the resource is not authorized"}}]}}';
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Refusing:
    port: int


@contextmanager
def refusing(folder: Path) -> Iterator[Refusing]:
    port = free_port()
    file = folder / "refusing.conf"
    file.write_text(("user root;" if folder.owner() == "root" else "") + _TEXT.format(folder=folder, port=port))
    command = [str(BINARY), "-p", str(folder), "-c", str(file), "-e", "stderr"]
    process = subprocess.Popen(command)
    try:
        while not listens(port):
            assert process.poll() is None
            time.sleep(0.02)
        yield Refusing(port)
    finally:
        process.terminate()
        process.wait(10)
