import re
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from stacks import images
from stacks.names import Bytes, Days, Hostname, Image, Port, Whole, mebibytes
from stacks.sysctls import Sysctls
from stacks.value import Flag, Value, as_text, truth

_LEAST_MIB = 128
_HOURS = 24
_LOGIN_BURST = 15
_ADDRESSES_OF_AN_ACCOUNT = 4
_MINUTES_A_DAY = 60 * _HOURS
# nginx counts in 64 bits.
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}|[1-9][0-9]{0,8}[kmgKMG]")
_DURATION = re.compile(r"[1-9][0-9]{0,8}(ms|s|m|h)")
# It is written into a string of nginx and into HTML.
_CONTACT = re.compile(r"[\w .,:/@+()#?=-]{1,200}")
_NAMESPACE = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*")


def _size(text: str) -> str:
    if not _SIZE.fullmatch(text):
        raise ValueError("0 for no limit or a number of at most nine digits with k, m or g, like 1g")
    return text


def _access_log(given: object) -> object:
    if given == "json":
        return given
    try:
        return truth(given)
    except ValueError:
        raise ValueError("true, false or json") from None


def _duration(text: str) -> str:
    if not _DURATION.fullmatch(text):
        raise ValueError("a number of at most nine digits with ms, s, m or h, like 900s")
    return text


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("an IPv4 or IPv6 address, like 0.0.0.0 or ::") from None


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise ValueError("an address or a network without host bits, like 10.0.0.0/8") from None


def _namespace(text: str) -> str:
    name = text.removesuffix("/")
    if not _NAMESPACE.fullmatch(name):
        raise ValueError("the first parts of image names, like team or team/app")
    return name


def _contact(text: str) -> str:
    if not _CONTACT.fullmatch(text):
        raise ValueError("at most 200 letters, digits, blanks and .,:/@+_()#?=- on one line")
    return text


def _several(given: object) -> object:
    return given if isinstance(given, list | tuple) else (given,)


Size = Annotated[str, BeforeValidator(as_text, json_schema_input_type=str | int), AfterValidator(_size)]
Duration = Annotated[str, AfterValidator(_duration)]
Address = Annotated[str, AfterValidator(_address)]
Network = Annotated[str, AfterValidator(_network)]
Namespace = Annotated[str, AfterValidator(_namespace)]
Contact = Annotated[str, AfterValidator(_contact)]


class Routing(StrEnum):
    """How nginx chooses the repository for a docker request."""

    PATH = "path"
    SEED = "seed"
    PORTS = "ports"


class RateLimit(Value):
    """Limits on the requests that nginx passes to Nexus; None lifts a limit.

    The limits that are on by default are per address, and allow for a network of build machines behind one address.
    """

    requests_per_day: Annotated[Whole, Field(ge=2 * _MINUTES_A_DAY, le=10**9)] | None = None
    """For all clients together, in any 24 hours: Nexus's Community Edition limits requests per day."""
    client_requests_per_second: Annotated[Whole, Field(ge=1, le=10**5)] | None = 1000
    """Per address; a burst may have ten times as many."""
    client_connections: Annotated[Whole, Field(ge=10, le=10**5)] | None = 1000
    """Open connections per address, idle ones included."""
    logins_per_minute: Annotated[Whole, Field(ge=1, le=10**5)] | None = 30
    """Per address, passwords that it has not sent within the last hour; a burst may have `login_burst`.

    From all addresses together a user may have `account_logins_per_minute` that nobody has sent within the hour.
    """

    @property
    def day_burst(self) -> int:
        """How many requests may come at once; together with `day_rate` they never exceed the day's limit."""
        return (self.requests_per_day or 0) // 2

    @property
    def day_rate(self) -> int:
        """Requests per minute."""
        return self.day_burst // _MINUTES_A_DAY

    @property
    def client_burst(self) -> int:
        return 10 * (self.client_requests_per_second or 0)

    @property
    def login_burst(self) -> int:
        return max(_LOGIN_BURST, (self.logins_per_minute or 0) // 4)

    @property
    def account_logins_per_minute(self) -> int:
        """One address alone cannot use up the logins of a user."""
        return _ADDRESSES_OF_AN_ACCOUNT * (self.logins_per_minute or 0)

    @property
    def account_login_burst(self) -> int:
        return _ADDRESSES_OF_AN_ACCOUNT * self.login_burst


class BlobCache(Value):
    """Copies of docker layers on nginx's disk; Nexus still authorizes every read."""

    max_size: Bytes
    inactive_days: Days = 30
    """A blob that was not read for this long is dropped."""


class NginxSettings(Value):
    """The nginx container and the addresses at which it is published on the docker host.

    Keys named like directives of nginx (`clientMaxBodySize`, `proxyReadTimeout`) mean the same.
    """

    image: Image = images.NGINX
    bind_address: Annotated[
        tuple[Address, ...],
        BeforeValidator(_several, json_schema_input_type=str | tuple[str, ...]),
        Field(min_length=1),
    ] = ("0.0.0.0",)  # noqa: S104 - the store serves other machines
    """One address or a list; `[0.0.0.0, "::"]` means all of IPv4 and IPv6."""
    https_port: Port = 443
    http_port: Port = 80
    routing: Routing = Routing.PATH
    push_repository: str | None = None
    """The docker repository for pushes; None means the only hosted one that the pull repository reads."""
    pull_repository: str | None = None
    """The docker repository for pulls; None means the only docker group."""
    private_namespaces: tuple[Namespace, ...] = ()
    """The older name of `ownNamespaces.docker`; only with routing `path`."""
    docker_ports: Mapping[str, Port] = Field(default_factory=dict)
    """The public port of a docker repository if it differs from its httpPort; only with routing `ports`."""
    client_max_body_size: Size = "0"
    """The largest upload, 0 for no limit."""
    client_body_timeout: Duration = "300s"
    send_timeout: Duration = "300s"
    proxy_connect_timeout: Duration = "5s"
    proxy_send_timeout: Duration = "900s"
    proxy_read_timeout: Duration = "900s"
    rate_limit: RateLimit = RateLimit()
    blob_cache: BlobCache | None = None
    metrics_allowed_from: tuple[Network, ...] = ()
    """Who may read Nexus's metrics at /service/metrics."""
    rest_allowed_from: Annotated[tuple[Network, ...], Field(min_length=1)] | None = None
    """Who may use the REST API, and with it the user interface; None means everybody."""
    server_names: tuple[Hostname, ...] = ()
    """Names of the store besides `hostname` and `address`; a request for any other name gets 421."""
    contact: Contact = "the team that runs this store"
    """Whom nginx's own pages name for questions: some words, an e-mail address or a URL."""
    trusted_proxies: tuple[Network, ...] = ()
    """Load balancers in front of nginx, whose X-Forwarded-For names the client."""
    hsts: Flag | None = None
    """Whether browsers are told to use HTTPS only; None tells them if the certificate is publicly trusted."""
    access_log: Annotated[Literal["json"] | bool, BeforeValidator(_access_log)] = False
    """Whether requests are written to the container's log: in nginx's own format, or as lines of JSON."""
    worker_processes: Annotated[Whole, Field(ge=1, le=256)] = 4
    memory: Bytes = "256m"
    """The container's limit. The page cache of blobs counts too, but the kernel frees it first."""
    sysctls: Sysctls = Field(default_factory=dict)
    """The container's own kernel parameters; others keep the kernel's defaults for a new network namespace."""

    @field_validator("memory")
    @classmethod
    def _serves_many(cls, memory: str) -> str:
        if mebibytes(memory) < _LEAST_MIB:
            raise ValueError(f"at least {_LEAST_MIB}m, twice what 100 pulls at once take")
        return memory

    @field_validator("bind_address")
    @classmethod
    def _each_once(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        """Docker cannot publish a port twice on one address, nor on one address beside 0.0.0.0 or ::."""
        given = [ip_address(address) for address in addresses]
        for address in given:
            same = [other for other in given if other.version == address.version]
            if same.count(address) > 1 or (address.is_unspecified and len(same) > 1):
                raise ValueError(f"{address} alone, or other addresses of IPv{address.version} without it")
        return addresses

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        if self.https_port == self.http_port:
            raise ValueError(f"two different ports for httpsPort and httpPort (both are {self.https_port})")
        return self
