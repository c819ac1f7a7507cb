"""A first `make up` that is broken at each of its steps on one machine; the next one gets as far as the next break.

Go's caches are warm, so that each step is long enough to break and short enough to wait for.
"""

from collections.abc import Iterator

import pytest

from tests.e2e.fresh.conftest import BUNDLE, CACHE, MakeMachine
from tests.e2e.fresh.machine.machine import Machine
from tests.e2e.fresh.store import assert_plain, left_behind, push_and_pull

CHECKOUT = "/root/small"
PYTHON_PACKAGES = r"(pip|uv)\b.* (install|sync)\b"
GO_BUILD = r"/(compile|link) -o "
APT = r"dpkg .*--(unpack|configure)"
PLUGIN = "github.com/kreuzwerker"  # a module that only the Docker plugin needs


@pytest.fixture(scope="module")
def machine(make_machine: MakeMachine) -> Iterator[Machine]:
    """Checkout, cache and Docker's data are each on their own disk, which is too small at first."""
    disks = [
        ("checkout", CHECKOUT, "tmpfs", "size=60m"),
        ("cache", CACHE, "tmpfs", "size=60m"),
        ("docker", "/var/lib/docker", "tmpfs", "size=120m"),
    ]
    with make_machine("broken-start", engine_installed=False, mounts=disks, checkout=CHECKOUT) as machine:
        machine.run(f"git clone --quiet {BUNDLE} {CHECKOUT}", folder="/root")
        yield machine


def broken(machine: Machine, **environment: str) -> str:
    """Runs a `make up` that fails, and returns its output."""
    code, output = machine.outcome("make up", environment=environment)
    assert code, output
    assert_plain(output)
    return output


def interrupt(machine: Machine, process: str) -> None:
    """Interrupts a `make up` with Ctrl-C as soon as the process runs, and kills another at the same step."""
    with machine.start("make up") as command:
        command.wait_for_process(process)
        assert command.interrupt()
        # pip and uv, which the bootstrap starts, print KeyboardInterrupt themselves
        assert process == PYTHON_PACKAGES or "Traceback" not in command.output, command.output
    with machine.start("make up") as command:
        command.wait_for_process(process)
        command.kill()
    machine.say(f"         make up, interrupted and killed at {process}")


def stop_engine(machine: Machine) -> None:
    machine.run("! test -f /run/docker.pid || kill $(cat /run/docker.pid)")
    machine.run("while test -f /run/docker.pid; do sleep 0.1; done")


def wait_for_apt(machine: Machine) -> None:
    """Waits for an apt-get that outlives the killed command and holds dpkg's lock."""
    machine.run("while cat /proc/[0-9]*/comm 2>/dev/null | grep -qxE 'apt-get|dpkg'; do sleep 0.1; done")


def test_the_registries_are_unreachable(machine: Machine) -> None:
    with machine.uplink.cut():
        assert "Fix: " in broken(machine)


def test_the_disk_of_the_checkout_is_full(machine: Machine) -> None:
    assert "No space left on device" in broken(machine)
    machine.resize(CHECKOUT, "1g")


def test_interrupted_while_python_packages_are_installed(machine: Machine) -> None:
    interrupt(machine, PYTHON_PACKAGES)


def test_the_disk_of_the_cache_is_full(machine: Machine) -> None:
    assert "no space left on device" in broken(machine).lower()
    machine.resize(CACHE, "3g")
    machine.run(f"cp -a /srv/cache/rootfs-* /srv/cache/go-* {CACHE}")


def test_a_plugin_cannot_be_built(machine: Machine) -> None:
    machine.run(f"rm -rf /root/go/pkg/mod/cache/download/{PLUGIN} /root/go/pkg/mod/{PLUGIN}")
    assert PLUGIN in broken(machine, GOPROXY="off")


def test_interrupted_while_the_toolchain_is_built(machine: Machine) -> None:
    interrupt(machine, GO_BUILD)


def test_interrupted_while_debian_packages_are_installed(machine: Machine) -> None:
    """Leaves dpkg's database half-way, as the interrupted builds may have done already."""
    wait_for_apt(machine)
    stop_engine(machine)
    machine.run("dpkg --purge --force-remove-reinstreq docker.io containerd runc")
    interrupt(machine, APT)


def test_the_disk_of_docker_is_full(machine: Machine) -> None:
    assert "no space left on device" in broken(machine)
    machine.resize("/var/lib/docker", "2g")


def test_killed_while_docker_is_unpacked(machine: Machine) -> None:
    """dpkg is killed while it unpacks the engine itself, which apt repairs only on request."""
    wait_for_apt(machine)
    stop_engine(machine)
    unfinished = "/^Package: docker.io$/,/^$/s/^Status: .*/Status: install reinstreq half-installed/"
    machine.run(f"sed -i '{unfinished}' /var/lib/dpkg/status && rm /usr/sbin/dockerd")
    assert "docker.io" in machine.run("dpkg --audit")


def test_interrupted_while_pulumi_runs(machine: Machine) -> None:
    interrupt(machine, r"pulumi\S* up\b.*--stack")


def test_docker_stops_while_pulumi_runs(machine: Machine) -> None:
    with machine.start("make up") as command:
        command.wait_for_process(r"nginx: master")
        machine.run("kill $(cat /var/run/docker.pid)", folder="/")
        assert command.wait()


def test_the_next_make_up_deploys_a_working_store(machine: Machine) -> None:
    assert "The store is at https://nexus.store.test" in machine.run("make up")
    push_and_pull(machine)
    machine.run("make down YES=1")
    assert left_behind(machine) == []
    assert machine.run("dpkg --audit") == ""
