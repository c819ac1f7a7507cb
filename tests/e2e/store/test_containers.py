"""The containers as `docker inspect` shows them."""

import json
from typing import Any

from tests.e2e.store.store import Store, run

CONGESTION_CONTROL = "net.ipv4.tcp_congestion_control"


def inspected(store: Store, role: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(run(["docker", "inspect", store.container(role)]))
    return found[0]


def test_nexus_has_a_volume_limits_and_time_to_stop_and_no_public_port(store: Store) -> None:
    nexus = inspected(store, "nexus")
    host, config = nexus["HostConfig"], nexus["Config"]
    assert config["User"] == "200"
    assert [(m["Type"], m["Name"], m["Destination"]) for m in nexus["Mounts"]] == [
        ("volume", store.container("nexus-data"), "/nexus-data")
    ]
    assert host["Memory"] == host["MemorySwap"] == 2 << 30
    assert [limit["Name"] for limit in host["Ulimits"]] == ["nofile"]
    assert host["RestartPolicy"]["Name"] == "unless-stopped"
    assert host["LogConfig"]["Config"] == {"max-file": "3", "max-size": "10m"}
    assert config["StopTimeout"] == 120
    assert host["PidsLimit"] == 4096
    assert list(nexus["NetworkSettings"]["Networks"]) == [store.container("network")]
    assert not host["PortBindings"]
    (options,) = [entry for entry in config["Env"] if entry.startswith("INSTALL4J_ADD_VM_PARAMS=")]
    assert "-Djava.util.prefs.userRoot=/nexus-data/javaprefs" in options
    assert "-Xmx1024m -XX:MaxDirectMemorySize=512m" in options


def test_only_nginx_publishes_ports_and_it_has_minimal_privileges(store: Store) -> None:
    host = inspected(store, "nginx")["HostConfig"]
    published = {binding["HostPort"] for bindings in host["PortBindings"].values() for binding in bindings}
    assert published == {"80", "443"}
    assert {binding["HostIp"] for bindings in host["PortBindings"].values() for binding in bindings} == {store.address}
    assert host["Memory"] == host["MemorySwap"] == 256 << 20
    assert host["PidsLimit"] == 1024
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert inspected(store, "nginx")["Config"]["User"] == "101:101"


def containers(store: Store) -> dict[str, dict[str, Any]]:
    """What docker says of each container of the stack, by name."""
    listed = run(["docker", "ps", "--all", "--filter", f"name={store.container('')}", "--format", "{{.Names}}"]).split()
    names = [name for name in listed if not name.startswith(store.container("upstream"))]  # the test's own container
    assert {store.container("nexus"), store.container("nginx")} <= set(names)
    return {name: json.loads(run(["docker", "inspect", name]))[0] for name in names}


def test_every_container_has_a_pids_limit(store: Store) -> None:
    limits = {name: each["HostConfig"]["PidsLimit"] for name, each in containers(store).items()}
    assert all(limit and limit > 0 for limit in limits.values()), limits


def test_every_container_is_confined(store: Store) -> None:
    for name, each in containers(store).items():
        host = each["HostConfig"]
        assert host["CapDrop"] == ["ALL"], name
        assert [host[gift] for gift in ("CapAdd", "Privileged", "Devices") if host[gift]] == [], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name  # and Docker's own seccomp profile
        assert {host[space] for space in ("PidMode", "UTSMode", "UsernsMode")} == {""}, name
        assert host["IpcMode"] == "private", name
        assert {mount["Type"] for mount in each["Mounts"]} == {"volume"}, name
        assert list(each["NetworkSettings"]["Networks"]) == [store.container("network")], name


def test_the_kernel_gives_a_container_no_privilege(store: Store) -> None:
    for role in ("nexus", "nginx"):
        status = run(["docker", "exec", store.container(role), "cat", "/proc/1/status"])
        found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert {found[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0000000000000000"}, (
            role
        )
        assert (found["NoNewPrivs"], found["Seccomp"]) == ("1", "2"), role


def test_an_invalid_sysctl_is_refused_before_containers_are_replaced_and_valid_ones_are_set(store: Store) -> None:
    before = [inspected(store, role)["Id"] for role in ("nexus", "nginx")]
    store.configure(f'nexus.sysctls["{CONGESTION_CONTROL}"]', "reno")
    store.configure(f'nginx.sysctls["{CONGESTION_CONTROL}"]', "none-such")
    code, output = store.preview()
    assert code
    assert (
        f"nginx.sysctls: invalid value (got {{'{CONGESTION_CONTROL}': 'none-such'}}; allowed what the kernel" in output
    )
    assert [inspected(store, role)["Id"] for role in ("nexus", "nginx")] == before
    store.configure(f'nginx.sysctls["{CONGESTION_CONTROL}"]', "reno")
    store.make("up")
    for role in ("nexus", "nginx"):
        assert inspected(store, role)["HostConfig"]["Sysctls"] == {CONGESTION_CONTROL: "reno"}
        path = f"/proc/sys/{CONGESTION_CONTROL.replace('.', '/')}"
        assert run(["docker", "exec", store.container(role), "cat", path]) == "reno\n"
    store.unset("nexus.sysctls")
    store.unset("nginx.sysctls")
    store.make("up")
    assert not inspected(store, "nexus")["HostConfig"].get("Sysctls")
