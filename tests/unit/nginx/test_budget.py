"""What nginx keeps in memory and in /tmp fits into its container, whatever clients send."""

import re
from collections.abc import Iterator

import pytest

from components.docker_host.container_defaults import read_only_defaults
from stacks import layout
from stacks.names import mebibytes
from stacks.nginx_settings import _LEAST_MIB
from tests.unit.nginx.rendering import EVERYTHING, configuration
from tests.unit.nginx.test_golden_files import MODES

FOR_WORKERS_MIB = 48


def zones(text: str) -> Iterator[tuple[str, int]]:
    """The names of shared memory, and its size in KiB."""
    for name, size, unit in re.findall(r"(?:keys_zone=|zone=|shared:|zone )(\w[\w-]*)[: ](\d+)([km])", text):
        yield name, int(size) * (1024 if unit == "m" else 1)


@pytest.mark.parametrize("mode", MODES)
def test_every_zone_has_its_size_from_the_budget(mode: str) -> None:
    found = dict(zones(configuration(MODES[mode]).text))
    upstreams = {name: size for name, size in found.items() if name.startswith("upstream_")}
    assert set(upstreams.values()) == {layout.NGINX_ZONES_KIB["upstream"]}
    own = {name: size for name, size in found.items() if name not in upstreams}
    assert own == {name: layout.NGINX_ZONES_KIB[name] for name in own}
    assert len(own) >= 7


def test_all_zones_and_tmp_leave_memory_to_the_workers() -> None:
    used = sum(size for _, size in zones(configuration(EVERYTHING).text)) / 1024
    assert used + layout.TMP_MIB + FOR_WORKERS_MIB <= _LEAST_MIB


def test_no_cache_in_tmp_relies_on_a_size_that_is_enforced_later() -> None:
    caches = dict(re.findall(r"proxy_cache_path (/\S+) (.*);", configuration(EVERYTHING).text))
    assert set(caches) == {"/tmp/anonymous", "/tmp/logins", f"{layout.CACHE_FOLDER}/blobs"}
    assert {folder for folder, options in caches.items() if "max_size" in options} == {f"{layout.CACHE_FOLDER}/blobs"}
    assert f"min_free={layout.CACHE_RESERVE_MIB}m" in caches[f"{layout.CACHE_FOLDER}/blobs"]


def test_the_containers_get_the_tmp_of_the_budget() -> None:
    assert read_only_defaults(mebibytes("256m"))["tmpfs"] == {"/tmp": f"mode=1777,size={layout.TMP_MIB}m"}
    assert layout.TMP_RESERVE_MIB * 2 == layout.TMP_MIB
