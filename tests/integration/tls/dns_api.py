"""A DNS service with the API of lego's provider `httpreq`; it adds records to the name server."""

import json
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.integration.tls.name_server import NameServer
from tests.support.serving import SilentHandler, serve, stop

USER, PASSWORD = "dns-user", "dns-secret"


class DnsApi:
    """Accepts records with the password."""

    def __init__(self, names: NameServer) -> None:
        self.records: list[str] = []
        self._server = ThreadingHTTPServer((names.address, 0), _handler(self, names))
        self.url = f"http://{names.address}:{self._server.server_port}"
        serve(self._server)

    def stop(self) -> None:
        stop(self._server)


def _handler(api: DnsApi, names: NameServer) -> type[BaseHTTPRequestHandler]:
    expected = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(SilentHandler):
        def do_POST(self) -> None:
            wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = self.headers.get("Authorization") == expected
            if known and self.path == "/present":
                api.records.append(wanted["fqdn"])
                names.set_text(wanted["fqdn"], wanted["value"])
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

    return Handler
