"""What the engine has under the names of a stack."""

from cli.docker import Docker
from cli.errors import CommandError
from cli.stack.stack import Stack
from preflight.engine_answer import Unanswered
from preflight.engine_objects import EngineObject, engine_objects
from preflight.ownership import unlisted


def on_engine(stack: Stack, docker: Docker) -> list[EngineObject]:
    """The stack's containers, networks and volumes, and whatever else has one of their names.

    Raises:
        CommandError: the engine does not list them.
    """
    try:
        return engine_objects(docker.environment, stack.docker_name(""))
    except Unanswered as error:
        raise CommandError("", str(unlisted(stack.name, error))) from None
