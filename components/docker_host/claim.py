from collections.abc import Mapping, Sequence

import pulumi
import pulumi_docker as docker
from pulumi import Output

from components.docker_host.host_ports import TakenPort, refuse_taken
from components.naming import physical
from preflight.engine_answer import Unanswered
from preflight.engine_objects import EngineObject, engine_objects
from preflight.ownership import Ownership, name_taken, others, unlisted
from preflight.state_id import LABEL
from stacks.rules.refusal import end


class Claim:
    """The names and the label with the state's id, for all objects that the stack creates on the engine.

    Names and ports are checked for conflicts before the names resolve, and so before anything on the engine changes:
    the program ends, even in a preview, if the engine has an object with a name of the stack that belongs to another
    state, or does not say whether it has; and, unless in a preview, if another container has one of nginx's ports.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        state_id: Output[str],
        retained: frozenset[str],
        ports: Sequence[TakenPort] = (),
    ) -> None:
        self._state_id = state_id
        self._checked: Output[bool] = Output.from_input(_unclaimed_by_others(environment, state_id, retained, ports))

    def name(self, role: str) -> Output[str]:
        name = physical(role)
        return self._checked.apply(lambda _: name)

    @property
    def container_labels(self) -> list[docker.ContainerLabelArgs]:
        return [docker.ContainerLabelArgs(label=LABEL, value=self._state_id)]

    @property
    def network_labels(self) -> list[docker.NetworkLabelArgs]:
        return [docker.NetworkLabelArgs(label=LABEL, value=self._state_id)]

    @property
    def volume_labels(self) -> list[docker.VolumeLabelArgs]:
        return [docker.VolumeLabelArgs(label=LABEL, value=self._state_id)]


async def _unclaimed_by_others(
    environment: Mapping[str, str], state_id: Output[str], retained: frozenset[str], ports: Sequence[TakenPort]
) -> bool:
    known = await state_id.future() if await state_id.is_known() else None
    if problem := name_taken(pulumi.get_stack(), others(_found(environment), Ownership(known, retained=retained))):
        end(str(problem))
    refuse_taken(ports, known)
    return True


def _found(environment: Mapping[str, str]) -> list[EngineObject]:
    try:
        return engine_objects(environment, physical(""))
    except Unanswered as error:
        end(str(unlisted(pulumi.get_stack(), error)))
