"""Makes sure that a Docker engine answers."""

from cli.errors import Ended
from cli.paths import ROOT
from cli.process import attached
from cli.stack.environment import base_environment


def ensure_engine(host: str | None) -> None:
    """This machine's engine is installed and started where there is none; another host's has to be there.

    Raises:
        Ended: none answers, for the reason that was printed.
    """
    environment = {**base_environment(), **({"DOCKER_HOST": host} if host else {})}
    remote = host is not None and host.startswith("ssh://")
    command = ["sh", "components/scripts/require-engine.sh"] if remote else ["setup/docker-engine"]
    code = attached(command, environment) if remote else attached([ROOT / command[0]], environment)
    if code:
        raise Ended(code)
