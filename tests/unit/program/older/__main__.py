"""python -m tests.unit.program.older CONFIG <EXPORT: prints what test_upgrade.py needs of a state, a resource per line.

CONFIG is the configuration of a stack named `older` as JSON. EXPORT is the output of `pulumi stack export
--show-secrets` after its `up` by an older commit. The file contains the secrets, so use a store made for this.
"""

import json
import sys
from typing import Any


def main(config: str) -> None:
    resources = json.load(sys.stdin)["deployment"]["resources"]
    lines = ",\n".join(json.dumps(_reduced(each)) for each in resources if not _is_of_the_engine(each))
    print(f'{{"config": {json.dumps(json.loads(config))},\n"resources": [\n{lines}\n]}}')


def _is_of_the_engine(resource: dict[str, Any]) -> bool:
    return bool(resource["urn"].rpartition("::")[2].startswith("default_"))


def _reduced(resource: dict[str, Any]) -> dict[str, Any]:
    inputs = resource.get("inputs", {})
    is_stack = resource["type"] == "pulumi:pulumi:Stack"
    outputs = {} if is_stack else resource.get("outputs", {})
    outputs = {key: value for key, value in outputs.items() if key not in ("stdin", "create")}  # only inputs twice
    return {"urn": resource["urn"], "id": resource.get("id", ""), "inputs": inputs, "outputs": outputs}


if __name__ == "__main__":
    main(sys.argv[1])
