"""./store monitoring and metrics: what Prometheus needs to monitor a store."""

from pathlib import Path

from cli.commands.outputs import readable
from cli.errors import CommandError
from cli.files import write_atomically
from cli.monitoring import facts
from cli.monitoring.files import PASSWORD_FILE, Watched, files
from cli.monitoring.samples import text
from cli.paths import given
from cli.snapshots.place import folder_here
from cli.stack import outputs
from cli.stack.server import client_of
from nexus.errors import NexusError
from stacks.monitoring import USER


def monitoring(name: str, folder: str = "") -> None:
    """Writes Prometheus's configuration, the alerts, a dashboard and the CA.

    Raises:
        CommandError: the stack file has no `monitoring`, so no network may read the metrics.
    """
    stack, environment = readable(name)
    wanted = stack.settings.monitoring
    if wanted is None:
        raise CommandError(
            "monitoring",
            "missing, and without it no network may read the metrics",
            allowed="the networks from which Prometheus connects",
            fix=f"./store pulumi config set --stack {name} --path 'monitoring.scrapeFrom[0]' NETWORK, "
            f"./store pulumi config set --stack {name} --secret --path passwords.{USER}, and make up STACK={name}",
        )
    values = outputs.outputs(stack, environment)
    place = given(folder) if folder else Path("build") / "monitoring" / name
    store = Watched(
        name,
        str(values["url"]),
        stack.settings.address,
        str(values["ca_certificate_pem"]),
        wanted.runbook_url,
    )
    for file, content in files(store).items():
        write_atomically(place / file, content)
        print(place / file)
    print(f"Prometheus reads the password from {place / PASSWORD_FILE}; write it there with:")
    print(f"    (umask 077; ./store pulumi config get --stack {name} --path passwords.{USER} >{place / PASSWORD_FILE})")


def metrics(name: str, file: str = "") -> None:
    """Prints the metrics that Nexus does not export, or writes them to a file for node_exporter's textfile collector.

    Raises:
        CommandError: the server does not answer; the file is left unchanged, and an alert reports its age.
    """
    stack, environment = readable(name)
    version = str(outputs.outputs(stack, environment).get("nexus_version", ""))
    client = client_of(stack, environment)
    try:
        found = [*facts.of_nexus(client, version, facts.now()), *facts.of_certificate(client.connection)]
    except NexusError as error:
        raise CommandError("metrics", str(error)) from None
    folder = folder_here(stack)
    if folder:
        found += facts.of_backups(folder)
    metrics_text = text(found, name)
    if file:
        write_atomically(given(file), metrics_text)
    else:
        print(metrics_text, end="")
