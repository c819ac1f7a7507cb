"""The mandatory rules, checked by the program itself, for whoever runs `pulumi` without ./store and the policy pack.

A project of Pulumi cannot name a policy pack: it is a flag of each command, or set on Pulumi Cloud. The SDK sends the
first resource to the engine when the program has run to its end, so a program that ends here has changed nothing.
"""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi
from pulumi import Output, ResourceTransformationArgs
from pulumi._types import is_input_type
from pulumi.runtime import is_dry_run, register_stack_transformation
from pulumi.runtime.proto import engine_pb2
from pulumi.runtime.settings import get_engine
from pydantic.alias_generators import to_camel

from policy.baseline import Baseline
from policy.levels_of import file_of, mandatory
from policy.rule import Resource
from policy.rules import RULES
from stacks.layout import NEXUS_PROVIDER, NEXUS_TYPES
from stacks.rules.refusal import REPORTED, end, exit_on_config_error
from stacks.secret_names import MASK

_STATES = Path(__file__).parents[1] / ".local" / ".pulumi" / "stacks"


class Noted:
    """The resources that the program declares from here on."""

    def __init__(self, stack: str, password: str, *, refuses: bool = True) -> None:
        self._stack, self._refuses = stack, refuses
        self._password = password  # the administrator's, which the provider resource has as a secret only
        with exit_on_config_error():
            self._baseline = Baseline.of(stack)
        self.declared: list[Resource] = []
        register_stack_transformation(self._note)

    def refuse_violations(self) -> None:
        """Ends the program with a line for each violation that is not known; a preview still shows what would change.

        An `up` ends at once, since the SDK sends what is declared even if the program fails.
        """
        every = list(violations(self.declared, [rule.name for rule in RULES]))
        names = mandatory(_levels(self._stack))
        if self._baseline.name:
            for line in self._baseline.counted(every, names):
                pulumi.log.warn(line)
        new = [each for each in every if each[0] in names and not self._baseline.knows(*each)]
        found = "\n".join(f"policy {name} (mandatory): {message}" for name, message in new) if self._refuses else ""
        if found and is_dry_run():
            end(found)
        if found:
            if engine := get_engine():
                engine.Log(engine_pb2.LogRequest(severity=engine_pb2.ERROR, message=found))
            os._exit(REPORTED)

    def _note(self, args: ResourceTransformationArgs) -> None:
        props = _known(args.props, is_pulumis=not args.type_.startswith(NEXUS_TYPES))
        if args.type_ == NEXUS_PROVIDER:
            props |= {key: self._password for key in props if key.endswith(":password")}
        self.declared.append(Resource(args.type_, args.name, props))


def violations(resources: Sequence[Resource], names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Policy and message of each violation of the rules with these names."""
    for rule in (each for each in RULES if each.name in names):
        yield from ((rule.name, message) for message in rule.messages(resources))


def _levels(stack: str) -> Path:
    is_own = any((_STATES / pulumi.get_project() / f"{stack}.json{ending}").exists() for ending in ("", ".gz"))
    return file_of(stack, is_own=is_own or stack == "local")


def _known(value: Any, *, is_pulumis: bool) -> Any:
    """The value as a policy pack gets it; in objects of Nexus every output is a secret, others are known after `up`."""
    if is_pulumis and value is not None and is_input_type(type(value)):
        value = vars(value)
    if isinstance(value, Mapping):
        return {
            to_camel(key) if is_pulumis and key.isidentifier() else key: _known(each, is_pulumis=is_pulumis)
            for key, each in value.items()
            if not (is_pulumis and isinstance(each, Output) and not _is_namespaced(key))
        }
    if isinstance(value, list | tuple):
        return [_known(each, is_pulumis=is_pulumis) for each in value if not (is_pulumis and isinstance(each, Output))]
    return MASK if isinstance(value, Output) else value


def _is_namespaced(key: str) -> bool:
    """Whether it is a key of the provider resource, like repository-store:password."""
    return ":" in key
