"""What every command of ./store has in common: its messages, its options and where it prints."""

import pytest

from tests.unit.cli.project import Project


@pytest.mark.parametrize("command", ["preview", "doctor", "backup"])
def test_a_wrong_stack_file_is_answered_with_commands_of_the_script(project: Project, command: str) -> None:
    file = project.stack_file("trial")
    file.write_text("config:\n  repository-store:docker: {host: 'tcp://1.2.3.4:2375'}\n")
    done = project.run(command, "--stack", "trial")
    assert "./store pulumi config set --stack trial --path docker.host VALUE" in done.stdout + done.stderr
