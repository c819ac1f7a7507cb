"""Calls the server through the published client, nexus-api-client."""

import importlib
from typing import Any

import nexus_api_client

from tests.conformance.contract.stand_in import Server


class PublishedClient:
    """Calls methods of the client's API classes; dictionaries become the client's models."""

    def __init__(self, server: Server) -> None:
        configuration = nexus_api_client.Configuration(
            host=server.url + "/service/rest", username="admin", password=(server.data / "admin.password").read_text()
        )
        self._client = nexus_api_client.ApiClient(configuration)

    def call(self, api: str, method: str, *arguments: Any, **named: Any) -> Any:
        """The result of a method, as JSON."""
        return plain(getattr(self._api(api), method)(*arguments, **named))

    def raw(self, api: str, method: str, *arguments: Any) -> Any:
        """The JSON of the answer, without the client's models."""
        response = getattr(self._api(api), method + "_without_preload_content")(*arguments)
        return response.json()

    def _api(self, name: str) -> Any:
        return getattr(importlib.import_module("nexus_api_client"), name)(self._client)


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value.to_dict() if hasattr(value, "to_dict") else value
