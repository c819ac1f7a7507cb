"""Kernel parameters that Docker can set for a container: those that the kernel keeps per namespace."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from stacks.value import as_text

# Those that runc sets: they are namespaced, so the host's values do not change.
_NAMESPACED = re.compile(
    r"(net|fs\.mqueue)\.[a-zA-Z0-9_./-]+|kernel\.(msg(max|mnb|mni)|sem|shm(all|max|mni|_rmid_forced))"
)


def _namespaced(given: Mapping[str, str]) -> Mapping[str, str]:
    if not all(_NAMESPACED.fullmatch(name) for name in given):
        raise ValueError("parameters of the container's own: net.*, fs.mqueue.*, kernel.msg*, kernel.sem, kernel.shm*")
    return given


Sysctls = Annotated[
    Mapping[str, Annotated[str, BeforeValidator(as_text, json_schema_input_type=str | int)]],
    AfterValidator(_namespaced),
]
