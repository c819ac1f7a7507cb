from pulumi import Output, Resource

from stacks.external_nexus import ExternalNexus


class ExternalStore:
    """An external Nexus: the stack configures it and creates no container, certificate or password."""

    disk = None
    docker_endpoint = ""

    def __init__(self, settings: ExternalNexus) -> None:
        self.ca_certificate_pem = Output.from_input(settings.ca_bundle or "")
        self.initial_password = Output.from_input("")
        self.ready: list[Resource] = []
