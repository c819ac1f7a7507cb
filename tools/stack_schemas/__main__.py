"""Write the JSON Schemas of stack files and of topology.yaml, which editors read: python -m tools.stack_schemas"""

from pathlib import Path

from tools.stack_schemas.documents import STACK_FILE, TOPOLOGY, rendered

FOLDER = Path(__file__).resolve().parents[2] / "stacks"


def main() -> None:
    for name in (STACK_FILE, TOPOLOGY):
        (FOLDER / name).write_text(rendered(name), encoding="utf-8")


if __name__ == "__main__":
    main()
