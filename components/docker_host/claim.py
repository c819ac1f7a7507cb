from collections.abc import Mapping

import pulumi
import pulumi_docker as docker
from pulumi import Output

from components.naming import physical
from preflight.engine_objects import engine_objects
from preflight.ownership import Ownership, name_taken, others
from preflight.state_id import LABEL
from stacks.rules.refusal import end


class Claim:
    """The names and the label with the state's id, for all objects that the stack creates on the engine.

    Names are checked for conflicts before they resolve: the program ends, even in a preview, if the engine has an
    object with a name of the stack that belongs to another state.
    """

    def __init__(self, environment: Mapping[str, str], state_id: Output[str], retained: frozenset[str]) -> None:
        self._state_id = state_id
        self._checked: Output[bool] = Output.from_input(_unclaimed_by_others(environment, state_id, retained))

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


async def _unclaimed_by_others(environment: Mapping[str, str], state_id: Output[str], retained: frozenset[str]) -> bool:
    known = await state_id.future() if await state_id.is_known() else None
    found = engine_objects(environment, physical(""))
    if problem := name_taken(pulumi.get_stack(), others(found, Ownership(known, retained=retained))):
        end(str(problem))
    return True
