"""What up, preview and down do before they begin, while holding the lock of the stack.

They clean up after killed commands, and refuse to touch what belongs to another store.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError, Ended
from cli.paths import LOCAL
from cli.recovery import data_volume, moved_endpoint, stopped
from cli.recovery.leftovers import Leftovers
from cli.recovery.on_engine import on_engine
from cli.recovery.previous_nexus import PreviousNexus
from cli.recovery.stopped import Stopped
from cli.stack.stack import Stack
from cli.stack.state import State, read_state, resolve_pending
from preflight.engine_objects import EngineObject, Kind
from preflight.ownership import Ownership, name_taken, others


@dataclass(frozen=True)
class Recovery:
    """A stack, its state, and the objects with its names on the engine."""

    stack: Stack
    docker: Docker
    environment: Mapping[str, str]
    """Pulumi's."""
    state: State
    found: tuple[EngineObject, ...]

    @classmethod
    def of(cls, stack: Stack, docker: Docker, environment: Mapping[str, str]) -> Self:
        """Reads the state and the engine's objects.

        Raises:
            CommandError: the state cannot be read, or the engine does not list its objects.
        """
        state = read_state(stack, environment)
        found = [] if stack.is_external else on_engine(stack, docker)
        return cls(stack, docker, environment, state, tuple(found))

    @contextmanager
    def recovering(self) -> Iterator[None]:
        """Removes leftovers, resolves pending operations and starts stopped containers. If the `up` fails after it has
        replaced a running Nexus by one that does not answer, restores the old container.

        Raises:
            CommandError: an object with one of the stack's names belongs to another store; nothing was changed.
        """
        self._refuse_another_nexus()
        self._refuse_another_engine()
        self._refuse_taken_names()
        Leftovers.of(self.found, self.state).remove(self.stack, self._engine)
        self._settled_state()
        stopped.start(self.stack, self._engine, self._stopped())
        previous = PreviousNexus.of(self.stack, self.docker, self.state)
        try:
            yield
        except Ended:
            if previous:
                previous.restore(self.environment, LOCAL)
            raise

    def before_preview(self) -> bool:
        """Whether the preview may look for drift: not with a stopped container, a missing volume or a moved engine.

        The docker provider's refresh deletes a stopped container, and fails on a missing volume and at an old endpoint.

        Raises:
            CommandError: an object with one of the stack's names belongs to another store.
        """
        unavailable = self.unavailable()
        for each in unavailable:
            say(f"{each}; make up STACK={self.stack.name} brings it back")
        moved = "" if self.stack.is_external else moved_endpoint.has_moved(self.docker, self.state)
        if moved:
            say(f"the state names the engine at {moved}, which is gone; make up STACK={self.stack.name} moves it")
        if unavailable or moved:
            say("drift is not checked until then")
        return not (unavailable or moved)

    def unavailable(self) -> list[str]:
        """Stopped containers and missing volumes, as text.

        Raises:
            CommandError: an object with one of the stack's names belongs to another store.
        """
        self._refuse_another_nexus()
        self._refuse_another_engine()
        self._refuse_taken_names()
        found = [str(each) for each in self._stopped()]
        return found + [f"the volume {name} is gone" for name in self._missing_volumes()]

    def before_down(self, *, yes: bool) -> bool:
        """Has the loss of data confirmed; returns whether objects with the stack's names belong to another store.

        Those are left alone.

        Raises:
            CommandError: it is not confirmed, or another store uses a volume of the state; nothing was changed.
        """
        self._refuse_another_engine()
        others_here = self._of_other_stores()
        self._refuse_used_volumes(others_here)
        data_volume.confirm_loss(self.stack, self.state, self._engine, self.environment, yes=yes)
        for each in others_here:
            say(f"the {each} belongs to another store of this name: it is left alone")
        Leftovers.of(self.found, self.state).remove(self.stack, self._engine)
        data_volume.unprotect(self.stack, self._settled_state(), self.environment)
        return bool(others_here)

    def after_down(self) -> None:
        """Removes empty volumes that have the state's id but never got into the state.

        Not retained ones: after an interrupted `down`, these look the same.
        """
        for each in self.found:
            is_left = (
                each.kind is Kind.VOLUME and each.id not in self.state.engine_ids and each.role not in self._retained
            )
            if is_left and each.state_id == self.state.id and data_volume.is_empty(self._engine, self.state, each):
                self.docker.ask("volume", "rm", each.id)
                say(f"the {each} is left from a command that was killed: it is removed")

    def _settled_state(self) -> State:
        """The state without pending operations, and with the engine's present endpoint."""
        state = resolve_pending(self.stack, self.state, self.environment, LOCAL)
        if self.stack.is_external:
            return state
        return moved_endpoint.follow(self.stack, self.docker, state, self.environment, LOCAL)

    @property
    def _engine(self) -> Mapping[str, str]:
        return self.docker.environment

    def _of_other_stores(self) -> list[EngineObject]:
        return others(self.found, Ownership(self.state.id, self.state.engine_ids, self._retained))

    @property
    def _retained(self) -> frozenset[str]:
        """The volumes that the stack file retains."""
        return self.stack.settings.kept_volumes

    def _refuse_another_nexus(self) -> None:
        """Refuses nexus.url in a stack that runs a Nexus: no `up` may remove the data volume (docs/adr/0034)."""
        volumes = ", ".join(str(each["id"]) for each in self.state.of(Kind.VOLUME))
        if self.stack.is_external and volumes:
            name = self.stack.name
            raise CommandError(
                "nexus.url",
                f"the stack runs a Nexus of its own, and `up` would remove it with all that is stored on {volumes}",
                got=str(self.stack.settings.given("nexus.url")),
                allowed="nexus.url in another stack",
                fix=f"./store pulumi config rm --stack {name} --path nexus.url; to remove the store, then "
                f"make down STACK={name}",
            )

    def _refuse_another_engine(self) -> None:
        if not self.stack.is_external:
            moved_endpoint.refuse_another_engine(self.stack, self.docker, self.state, self.found)

    def _refuse_taken_names(self) -> None:
        if problem := name_taken(self.stack.name, self._of_other_stores()):
            raise CommandError("", str(problem))

    def _refuse_used_volumes(self, others_here: list[EngineObject]) -> None:
        containers = {each.name for each in others_here if each.kind is Kind.CONTAINER}
        for volume in self.state.of(Kind.VOLUME) if containers else []:
            using = ("--filter", f"volume={volume['id']}")
            listed = self.docker.do("ps", "--all", *using, "--format", "{{.Names}}").splitlines()
            if users := ", ".join(sorted(containers.intersection(listed))):
                raise CommandError(
                    f"stack {self.stack.name}",
                    f"the volume {volume['id']} is in its state, and {users} of another store uses it",
                    fix=f"./store pulumi state delete '{volume['urn']}' --stack {self.stack.name} --target-dependents",
                )

    def _stopped(self) -> list[Stopped]:
        ours = [each for each in self.found if each.id in self.state.engine_ids]
        return stopped.stopped(self._engine, ours)

    def _missing_volumes(self) -> list[str]:
        names = [str(volume["id"]) for volume in self.state.of(Kind.VOLUME)]
        # The volume of a renamed stack keeps its old name, which `found` does not have.
        there = set(self.docker.do("volume", "ls", "--quiet").splitlines()) if names else set()
        return [name for name in names if name not in there]
