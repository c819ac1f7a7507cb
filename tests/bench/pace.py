"""python -m tests.bench.pace URL: measures a server's time for REST API requests, for the stand-in's --pace real.

NEXUS_PASSWORD is the administrator's. Creates, reads, lists, changes and removes COUNT raw repositories.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import requests

COUNT = 300
CONNECTIONS = (1, 4, 10)
LISTINGS = 20

Send = Callable[[requests.Session, int], requests.Response]


def main(url: str) -> int:
    api = f"{url.rstrip('/')}/service/rest/v1"
    password = os.environ["NEXUS_PASSWORD"]
    print(f"milliseconds for each of {COUNT} requests with {', '.join(map(str, CONNECTIONS))} connections")
    steps: dict[str, Send] = {
        "POST": lambda session, number: session.post(f"{api}/repositories/raw/hosted", json=body(number, "ALLOW")),
        "GET": lambda session, number: session.get(f"{api}/repositories/raw/hosted/pace-{number}"),
        "PUT": lambda session, number: session.put(
            f"{api}/repositories/raw/hosted/pace-{number}", json=body(number, "DENY")
        ),
        "DELETE": lambda session, number: session.delete(f"{api}/repositories/pace-{number}"),
    }
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for connections in CONNECTIONS:
        for name, send in steps.items():
            taken[name].append(each_takes(send, connections, password))
            if name == "GET" and connections == 1:
                print(listing(api, password))
    for name, numbers in taken.items():
        print(f"{name:7}" + "".join(f"{number:8.1f}" for number in numbers))
    print(f"load {os.getloadavg()[0]:.1f}")
    return 0


def body(number: int, policy: str) -> dict[str, object]:
    storage = {"blobStoreName": "default", "strictContentTypeValidation": False, "writePolicy": policy}
    return {"name": f"pace-{number}", "online": True, "storage": storage}


def each_takes(send: Send, connections: int, password: str) -> float:
    """Milliseconds per request, with a number of parallel connections."""

    def work(numbers: Sequence[int]) -> None:
        with requests.Session() as session:
            session.auth = ("admin", password)
            for number in numbers:
                send(session, number).raise_for_status()

    begin = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(work, [range(first, COUNT, connections) for first in range(connections)]))
    return (time.perf_counter() - begin) * 1000 / COUNT


def listing(api: str, password: str) -> str:
    times, size = [], 0
    with requests.Session() as session:
        session.auth = ("admin", password)
        for _ in range(LISTINGS):
            begin = time.perf_counter()
            size = len(session.get(f"{api}/repositorySettings").content)
            times.append((time.perf_counter() - begin) * 1000)
    return f"a listing of {COUNT}: {statistics.median(times):.1f} for {size / 1024:.0f} KiB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
