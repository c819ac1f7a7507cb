"""Volumes that the stack file retains but `down` would remove, since no `up` has applied it.

Pulumi retains a volume if the state says so, even if the stack file says otherwise by now.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from stacks.layout import KEPT_VOLUMES

_VOLUMES = {name: f"docker:index/volume:Volume::{name}" for name in KEPT_VOLUMES}


def unapplied(wanted: Iterable[str], state: Mapping[str, Any]) -> list[str]:
    """The volumes among `wanted` that the state, as `pulumi stack export` prints it, does not retain."""
    resources = (state.get("deployment") or {}).get("resources") or []
    going = [resource["urn"] for resource in resources if not resource.get("retainOnDelete")]
    return [name for name in wanted if name in _VOLUMES and any(urn.endswith(_VOLUMES[name]) for urn in going)]
