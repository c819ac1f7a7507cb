"""The proxies in front of the bench's registry: variants of our nginx, the seed's, and four others.

The others are set up for large bodies as their documentation says: HTTP/1.1 on both sides, kept connections to the
registry, nothing on disk, no log, and buffers like nginx's if they are configurable. The client chooses the same cipher
for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.machine import apt
from cli.machine.apt import Package
from cli.machine.progress import run_steps
from cli.machine.step import Step
from components.nginx_configuration import nginx_configuration
from stacks.layout import LOGIN_SALT_FILE
from stacks.settings import Settings
from tests.e2e.store.store import ROOT
from tests.support import tools
from tests.support.own_networks import OwnNetwork

NETWORK = OwnNetwork("bench")
HOSTNAME = "nexus.bench.test"
_HAPROXY = (Package("haproxy", "haproxy", "the proxy that nginx is compared with"),)


@dataclass(frozen=True)
class Proxy:
    """A container with TLS on port 8443 that forwards to nexus:5000; its folder /c has the certificate."""

    name: str
    port: int
    """The published port."""
    file: str
    """The name of its configuration in /c."""
    text: str
    command: tuple[str, ...]
    mounts: tuple[str, ...] = ()
    memory: str = "256m"


# The seed's nginx: HTTP/1.0 to the registry, buffers the whole upload on disk, default buffers.
_SEED = """\
worker_processes 2;
pid /tmp/nginx.pid;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path /spool; proxy_temp_path /spool/p; fastcgi_temp_path /spool/f; uwsgi_temp_path /spool/u;
    scgi_temp_path /spool/s;
    proxy_send_timeout 120; proxy_read_timeout 300;
    upstream registry { server nexus:5000; }
    server {
        listen 8443 ssl;
        ssl_certificate tls.crt; ssl_certificate_key tls.key;
        keepalive_timeout 5 5; proxy_buffering off; client_max_body_size 1G; proxy_http_version 1.0;
        location / {
            proxy_pass http://registry;
            proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;
        }
    }
}
"""

# Buffers of 64 kB, and no limit on the size of a TLS record. splice() does not work with terminated TLS.
_HAPROXY_CFG = """\
global
    maxconn 4000
    nbthread 2
    tune.bufsize 65536
    tune.ssl.cachesize 20000
    tune.ssl.lifetime 86400
    ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
    ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
defaults
    mode http
    option splice-auto
    option http-keep-alive
    http-reuse always
    timeout connect 5s
    timeout client 300s
    timeout server 900s
    timeout http-request 20s
frontend clients
    bind :8443 ssl crt /c/tls.pem alpn http/1.1
    http-request set-header X-Forwarded-Proto https
    default_backend registry
backend registry
    server nexus nexus:5000
"""

_CADDYFILE = """\
{
    admin off
    persist_config off
    auto_https off
    log {
        output discard
    }
    servers {
        protocols h1
    }
}
:8443 {
    tls /c/tls.crt /c/tls.key
    reverse_proxy nexus:5000 {
        flush_interval -1
        header_up Host {http.request.hostport}
        transport http {
            versions 1.1
            compression off
            read_buffer 64KiB
            write_buffer 64KiB
            keepalive_idle_conns_per_host 32
        }
    }
}
"""

_TRAEFIK = """\
log: {level: ERROR}
global: {checkNewVersion: false, sendAnonymousUsage: false}
experimental: {fastProxy: {}}
entryPoints:
  store:
    address: ":8443"
    http2: {maxConcurrentStreams: 250}
    transport: {respondingTimeouts: {readTimeout: 0}}
providers: {file: {filename: /c/traefik-routes.yaml}}
"""

_TRAEFIK_ROUTES = """\
tls:
  options: {default: {alpnProtocols: [http/1.1]}}
  stores: {default: {defaultCertificate: {certFile: /c/tls.crt, keyFile: /c/tls.key}}}
http:
  routers: {store: {rule: "PathPrefix(`/`)", service: registry, entryPoints: [store], tls: {}}}
  services:
    registry:
      loadBalancer:
        passHostHeader: true
        responseForwarding: {flushInterval: -1ms}
        servers: [{url: "http://nexus:5000"}]
"""

_ENVOY = """\
static_resources:
  listeners:
  - address: {socket_address: {address: 0.0.0.0, port_value: 8443}}
    per_connection_buffer_limit_bytes: 131072
    filter_chains:
    - transport_socket:
        name: tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            alpn_protocols: [http/1.1]
            tls_certificates: [{certificate_chain: {filename: /c/tls.crt}, private_key: {filename: /c/tls.key}}]
      filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: store
          codec_type: HTTP1
          stream_idle_timeout: 900s
          use_remote_address: true
          route_config:
            virtual_hosts:
            - name: store
              domains: ["*"]
              routes: [{match: {prefix: /}, route: {cluster: registry, timeout: 0s}}]
          http_filters:
          - name: router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
  clusters:
  - name: registry
    type: STRICT_DNS
    connect_timeout: 5s
    per_connection_buffer_limit_bytes: 131072
    load_assignment:
      cluster_name: registry
      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: nexus, port_value: 5000}}}}]}]
"""


def ours(http2: bool) -> list[Proxy]:
    """Our nginx, our nginx with a cache and enough memory for a layer, and the seed's."""
    text = _nginx_conf({})
    found = [
        _nginx("ours", 8443, text),
        _nginx("cached", 8444, _nginx_conf({"blobCache": {"maxSize": "4g"}}), memory="2g"),
        _nginx("seed", 9443, _SEED),
    ]
    if http2:
        socket = "listen unix:/tmp/8443.sock ssl;"
        found.append(_nginx("http2", 7443, text.replace(socket, f"{socket}\n        http2 on;")))
    return found


def others() -> list[Proxy]:
    """HAProxy from Debian, and the proxies that are published as Python packages."""
    lacking = apt.missing(_HAPROXY)
    if lacking:
        apt.require_apt(lacking)
        run_steps([Step("HAProxy", 10, lambda job: apt.install(job, lacking))])
    folder = tools.proxies()
    mounts = (f"{folder}:/p:ro",)
    haproxy = ("/usr/sbin/haproxy", "-W", "-f", "/c/haproxy.cfg")
    return [
        # Debian's binary needs its libraries.
        Proxy("haproxy", 8445, "haproxy.cfg", _HAPROXY_CFG, haproxy, ("/usr:/usr:ro",)),
        Proxy("caddy", 8446, "Caddyfile", _CADDYFILE, ("/p/caddy", "run", "--config", "/c/Caddyfile"), mounts),
        Proxy("traefik", 8447, "traefik.yaml", _TRAEFIK, ("/p/traefik", "--configFile=/c/traefik.yaml"), mounts),
        Proxy(
            "envoy",
            8448,
            "envoy.yaml",
            _ENVOY,
            ("/p/envoy", "--concurrency", "2", "--log-level", "error", "-c", "/c/envoy.yaml"),
            mounts,
        ),
    ]


def further_files(proxies: Sequence[Proxy]) -> dict[str, str]:
    """The files that configurations name besides the certificate, by name in /c."""
    files = {"loaded.conf": "return 200;", LOGIN_SALT_FILE: 'map "" $login_salt { default 7d0c5cb9; }'}  # for our nginx
    return {**files, **({"traefik-routes.yaml": _TRAEFIK_ROUTES} if any(p.name == "traefik" for p in proxies) else {})}


def _nginx(name: str, port: int, text: str, memory: str = "256m") -> Proxy:
    file = f"{name}.conf"
    return Proxy(name, port, file, text, ("nginx", "-c", f"/c/{file}", "-g", "daemon off;"), memory=memory)


def _nginx_conf(nginx: Mapping[str, Any]) -> str:
    given = {
        "hostname": HOSTNAME,
        "address": NETWORK.address,
        "topology": "topology.yaml",
        "passwords": {"admin": "a", "jenkins": "b", "ci-pull": "c", "ci-push": "d"},
        "anonymousAccess": True,  # otherwise nginx buffers requests without a login, to cache their 401
        "nginx": nginx,
    }
    return nginx_configuration(Settings.of(given, ROOT / "stacks")).text
