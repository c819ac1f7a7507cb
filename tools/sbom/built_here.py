"""Where the programs and images that are built here came from."""

from collections.abc import Sequence

from cli.errors import CommandError
from cli.machine import provenance
from cli.machine.built_images import is_built_here
from cli.machine.toolchain import Pulumi
from tools.sbom.images import Image


def statements(pulumi: Pulumi, images: Sequence[Image] = ()) -> str:
    """Those about what is built here, one a line; empty if nothing is, or if an earlier version built it.

    Raises:
        CommandError: a program or an image was altered.
    """
    ids = {image.name: image.id for image in images if is_built_here(image.name)}
    found = provenance.compare(pulumi.home.parent if pulumi.home else None, ids)
    files = [file for each in found.altered_programs.values() for file in each]
    if altered := [*files, *found.altered_images]:
        fix = "make doctor STACK=NAME"
        raise CommandError("provenance", f"altered after it was built here: {', '.join(altered)}", fix=fix)
    return "".join(statement.line for statement in found.statements)
