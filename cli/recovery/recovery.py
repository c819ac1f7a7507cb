"""What up, preview and down do before they begin, with the lock of the stack held.

What earlier commands that were killed have left is cleaned up, and what belongs to another store is refused.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from cli.commands.ready import Ready
from cli.console import say
from cli.docker import Docker
from cli.errors import CommandError, Ended
from cli.paths import LOCAL
from cli.recovery import data_volume, stopped
from cli.recovery.leftovers import Leftovers
from cli.recovery.previous_nexus import PreviousNexus
from cli.recovery.state import State, read_state, resolve_pending
from cli.recovery.stopped import Stopped
from cli.stack.stack import Stack
from nexus.advice import pasteable
from preflight.engine_objects import EngineObject, Kind, engine_objects
from preflight.ownership import Ownership, name_taken, others
from stacks.layout import KEPT_VOLUMES


@dataclass(frozen=True)
class Recovery:
    """A stack, its state, and what its engine holds under its names."""

    stack: Stack
    docker: Docker
    environment: Mapping[str, str]
    """Pulumi's."""
    state: State
    found: tuple[EngineObject, ...]

    @classmethod
    def of(cls, ready: Ready) -> Self:
        """What is there, read.

        Raises:
            CommandError: the state cannot be read.
        """
        stack = ready.stack
        state = read_state(stack, ready.environment)
        found = [] if stack.is_external else engine_objects(ready.docker.environment, stack.docker_name(""))
        return cls(stack, ready.docker, ready.environment, state, tuple(found))

    @contextmanager
    def recovering(self) -> Iterator[None]:
        """Removes leftovers, resolves what was pending and starts what is stopped; when the `up` fails, a Nexus that
        ran and was replaced by one that does not answer is restored.

        Raises:
            CommandError: something of the stack's names belongs to another store; nothing was touched.
        """
        self._refuse_another_nexus()
        self._refuse_taken_names()
        Leftovers.of(self.found, self.state).remove(self.stack, self._engine)
        resolve_pending(self.stack, self.state, self.environment, LOCAL)
        stopped.start(self.stack, self._engine, self._stopped())
        previous = PreviousNexus.of(self.stack, self.docker, self.state)
        try:
            yield
        except Ended:
            if previous:
                previous.bring_back(self.environment, LOCAL)
            raise

    def before_preview(self) -> bool:
        """Whether the preview may look for drift, which it may not where something is stopped or gone.

        The docker provider removes a container that it finds stopped, and fails on a volume that it does not find.

        Raises:
            CommandError: something of the stack's names belongs to another store.
        """
        unavailable = self.unavailable()
        for each in unavailable:
            say(f"{each}; make up STACK={self.stack.name} brings it back")
        if unavailable:
            say("drift is not checked until then")
        return not unavailable

    def unavailable(self) -> list[str]:
        """What is stopped or gone, in words.

        Raises:
            CommandError: something of the stack's names belongs to another store.
        """
        self._refuse_another_nexus()
        self._refuse_taken_names()
        found = [str(each) for each in self._stopped()]
        return found + [f"the volume {name} is gone" for name in self._missing_volumes()]

    def before_down(self, *, yes: bool) -> bool:
        """Has the loss of what is stored confirmed; returns whether anything of the stack's names is another store's.

        That is left as it is, like all that only has the stack's names.

        Raises:
            CommandError: it is not confirmed, or another store uses a volume of the state; nothing was touched.
        """
        others_here = self._of_other_stores()
        self._refuse_used_volumes(others_here)
        data_volume.confirm_loss(self.stack, self.state, self._engine, yes=yes)
        for each in others_here:
            say(f"the {each} is of another store of this name: it stays as it is")
        Leftovers.of(self.found, self.state).remove(self.stack, self._engine)
        state = resolve_pending(self.stack, self.state, self.environment, LOCAL)
        data_volume.unprotect(self.stack, state, self.environment)
        return bool(others_here)

    def after_down(self) -> None:
        """Removes the volumes that carry the state's id and never came into the state.

        Not one that is to be retained: a `down` that was cut off after Pulumi had let go of it looks the same.
        """
        for each in self.found:
            is_left = (
                each.kind is Kind.VOLUME and each.id not in self.state.engine_ids and each.role not in self._retained
            )
            if is_left and each.state_id == self.state.id and data_volume.is_empty(self._engine, self.state, each):
                self.docker.ask("volume", "rm", each.id)
                say(f"the {each} was made by a command that was killed: it is removed")

    @property
    def _engine(self) -> Mapping[str, str]:
        return self.docker.environment

    def _of_other_stores(self) -> list[EngineObject]:
        return others(self.found, Ownership(self.state.id, self.state.engine_ids, self._retained))

    @property
    def _retained(self) -> frozenset[str]:
        """The volumes that the stack file keeps."""
        wanted = self.stack.get("retain")
        return frozenset(KEPT_VOLUMES).intersection(wanted if isinstance(wanted, list) else [wanted])

    def _refuse_another_nexus(self) -> None:
        """No `up` removes the data volume (docs/adr/0034): a stack with a Nexus of its own keeps it."""
        volumes = ", ".join(str(each["id"]) for each in self.state.of(Kind.VOLUME))
        if self.stack.is_external and volumes:
            name = self.stack.name
            raise CommandError(
                "nexus.url",
                f"the stack runs a Nexus of its own, and an up would remove it with all that is stored on {volumes}",
                got=self.stack.text("nexus.url"),
                allowed="nexus.url in another stack",
                fix=f"./store pulumi config rm --stack {name} --path nexus.url; to give the store up, then "
                f"make down STACK={name}",
            )

    def _refuse_taken_names(self) -> None:
        if problem := name_taken(self.stack.name, self._of_other_stores()):
            raise CommandError("", pasteable(str(problem)))

    def _refuse_used_volumes(self, others_here: list[EngineObject]) -> None:
        containers = {each.name for each in others_here if each.kind is Kind.CONTAINER}
        for volume in self.state.of(Kind.VOLUME) if containers else []:
            using = ("--filter", f"volume={volume['id']}")
            listed = self.docker.lines("ps", "--all", *using, "--format", "{{.Names}}")
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
        there = {each.name for each in self.found if each.kind is Kind.VOLUME}
        names = [str(volume["id"]) for volume in self.state.of(Kind.VOLUME)]
        # A volume keeps the name that it had before its stack was renamed.
        return [name for name in names if name not in there and not self.docker.ask("volume", "inspect", name)]
