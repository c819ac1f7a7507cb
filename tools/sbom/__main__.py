"""Writes the SBOM of a deployed stack in CycloneDX, a list of the licences, and the provenance of what is built here.

make sbom STACK=production      # build/sbom/production.cdx.json, production.licences.md and production.intoto.jsonl
"""

import sys
from pathlib import Path

from cli.docker import Docker
from cli.errors import CommandError
from cli.machine.toolchain import ensure_pulumi
from cli.stack.environment import stack_environment
from cli.stack.stack import Stack
from cli.stack.state import read_state
from tools.sbom.built_here import statements
from tools.sbom.document import document, written
from tools.sbom.go_programs import pulumi_programs
from tools.sbom.images import images_of, read_image
from tools.sbom.licences import licence_list
from tools.sbom.python_packages import python_packages

_ROOT = Path(__file__).parents[2]


def main(name: str) -> None:
    """Reads the locks, the programs of Pulumi and the images that the stack's state names.

    Raises:
        CommandError: the stack is not deployed, the engine lacks an image of it, or what is deployed is not what was
            built here.
    """
    stack, pulumi = Stack(name), ensure_pulumi()
    wanted = images_of(read_state(stack, stack_environment(stack)).resources)
    if not wanted:
        raise CommandError(f"stack {name}", "not deployed", fix=f"make up STACK={name}")
    built = statements(pulumi, wanted)
    docker = Docker(stack.docker_host)
    parts = [*python_packages(), *pulumi_programs(pulumi), *(read_image(docker, image) for image in wanted)]
    folder = _ROOT / "build" / "sbom"
    folder.mkdir(parents=True, exist_ok=True)
    made = document(parts)
    for ending, text in (("cdx.json", written(made)), ("licences.md", licence_list(made)), ("intoto.jsonl", built)):
        file = folder / f"{name}.{ending}"
        file.write_text(text, encoding="utf-8")
        print(file.relative_to(_ROOT))


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except CommandError as error:
        sys.exit(str(error))
