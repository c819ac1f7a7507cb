"""Kernel parameters of a container, as Docker takes them: those that the kernel keeps for each container by itself."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from stacks.value import as_text

# What runc sets: a namespace of the container's own is needed, so that the host's value stays as it is.
_NAMESPACED = re.compile(
    r"(net|fs\.mqueue)\.[a-zA-Z0-9_./-]+|kernel\.(msg(max|mnb|mni)|sem|shm(all|max|mni|_rmid_forced))"
)


def _namespaced(given: Mapping[str, str]) -> Mapping[str, str]:
    if not all(_NAMESPACED.fullmatch(name) for name in given):
        raise ValueError("what a container has for itself: net.*, fs.mqueue.*, kernel.msg*, kernel.sem, kernel.shm*")
    return given


Sysctls = Annotated[Mapping[str, Annotated[str, BeforeValidator(as_text)]], AfterValidator(_namespaced)]
