"""Kinds of which there is always exactly one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from nexus import model, schema
from nexus.kinds.base import Kind, Props
from nexus.model import Ref, prior_value

if TYPE_CHECKING:
    from nexus.objects.objects import Objects


class Setting(Kind):
    """PUT changes it, removing it restores the prior value."""

    is_restored: ClassVar[bool] = True

    @property
    def operation(self) -> tuple[str, str]:
        return self.change_method, self.item

    def leave(self, objects: Objects, ref: Ref, props: Props) -> None:
        """Restores the prior value, or the server's default if the prior value cannot be sent."""
        before = prior_value(props.get("before"))
        if before and self._can_be_sent(objects, ref, before):
            objects.update(ref, before)
        elif self.remove:
            objects.delete(ref)
        elif before and before.get("enabled") is False:
            # The shipped setting, a server without a URL, can neither be sent nor deleted: at least it is disabled.
            objects.update(ref, {"enabled": False})

    def _can_be_sent(self, objects: Objects, ref: Ref, before: Mapping[str, Any]) -> bool:
        """Servers return settings that they would refuse: an e-mail server without a host, a missing password."""
        if self.body_key:
            return True
        whole = schema.fitting(ref.request, model.deep_merge(objects.live(ref) or {}, before))
        return not schema.violations(ref.request, whole)


class SsrfProtection(Setting):
    """Which addresses the server may connect to."""

    def is_usual(self, settings: Mapping[str, Any]) -> bool:
        return settings == {"enabled": True, "allowedIPs": [], "allowedDomains": []}


class AnonymousAccess(Setting):
    """Whether clients need to log in, and whose rights they have without."""

    def of_state(self, body: Any) -> Any:
        """States before 2026-11-26 have neither user nor realm; there the default applies."""
        if not isinstance(body, Mapping):
            return body
        whole = schema.complete("anonymous", body)
        return {**{key: whole[key] for key in ("userId", "realmName") if key in whole}, **body}


@dataclass(frozen=True)
class Agreement(Kind):
    """A text that is accepted by sending it back; accepting it cannot be undone."""

    change_method: str = "POST"

    @property
    def operation(self) -> tuple[str, str]:
        return self.change_method, self.item

    def set_on(self, objects: Objects, ref: Ref, body: Mapping[str, Any]) -> None:
        """Accepts the text that the server shows; a server that shows none requires no agreement."""
        live = objects.live(ref, body)
        if live is not None and any(live.get(key) != value for key, value in body.items() if value):
            objects.client.post(self.item, {**live, **body})
