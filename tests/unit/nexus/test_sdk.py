import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from pulumi import Output, ResourceOptions, log
from pulumi.dynamic import Resource, dynamic
from pulumi.runtime import mocks, resource, settings, stack

from nexus.objects.declaration import Declaration
from nexus.provider import NexusProvider
from nexus.resources import NexusObject
from nexus.sdk import without_repeated_work


@pytest.fixture(autouse=True)
def process_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(log, "debug", log.debug)
    monkeypatch.setattr(stack, "wait_for_rpcs", stack.wait_for_rpcs)
    monkeypatch.setattr(dynamic, "serialize_provider", dynamic.serialize_provider)
    monkeypatch.setattr(resource, "create_urn", resource.create_urn)
    settings.SETTINGS.outputs.clear()
    yield
    gc.enable()


def test_garbage_collection_is_disabled() -> None:
    without_repeated_work()
    assert not gc.isenabled()


def test_no_debug_message_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    monkeypatch.setattr(log, "get_engine", lambda: sent)
    monkeypatch.setattr(log, "_log", lambda _engine, *message: sent.append(message))
    log.debug("before")
    assert len(sent) == 1
    without_repeated_work()
    log.debug("after")
    assert len(sent) == 1


def test_the_end_of_a_program_is_one_wait_for_all_outputs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[int] = []
    usual = asyncio.wait

    async def counted(tasks: list[asyncio.Future[object]], **options: Any) -> object:
        waits.append(len(tasks))
        return await usual(tasks, **options)

    async def program() -> None:
        for number in range(20):
            after(asyncio.sleep(number / 1000))

    monkeypatch.setattr(asyncio, "wait", counted)
    run(program)
    assert waits == [20]


def test_tasks_started_during_the_wait_are_waited_for_too() -> None:
    ended: list[object] = []

    async def program() -> None:
        async def another() -> None:
            after(asyncio.sleep(0.01)).apply(ended.append)

        after(another())

    run(program)
    assert ended == ["done"]


def test_a_failure_ends_the_program_although_another_task_never_ends() -> None:
    async def program() -> None:
        after(asyncio.Event().wait())
        after(failing())

    async def failing() -> None:
        raise ValueError("what was wrong")

    with pytest.raises(ValueError, match="what was wrong"):
        run(program)


def after(event: Awaitable[object]) -> Output[str]:
    """An output that resolves after an event."""

    async def value() -> str:
        await event
        return "done"

    return Output.from_input(value())


def run(program: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        without_repeated_work()
        await program()
        await asyncio.wait_for(stack.wait_for_rpcs(), 10)

    asyncio.run(whole())


def test_a_provider_is_serialized_once_like_the_sdk_does() -> None:
    provider = NexusProvider()
    usual = dynamic.serialize_provider(provider)
    without_repeated_work()
    assert dynamic.serialize_provider(provider) == usual
    assert dynamic.serialize_provider(provider) is dynamic.serialize_provider(provider)
    assert "serialize_provider" in Resource.__init__.__code__.co_names  # each resource finds it by this name


class Engine(mocks.Mocks):
    """Answers each registration with its inputs, and keeps them."""

    def __init__(self) -> None:
        self.registered: list[mocks.MockResourceArgs] = []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered.append(args)
        return "id-of-it", args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        raise NotImplementedError(args.token)


def test_an_object_has_a_urn_and_an_id_and_no_outputs() -> None:
    found: list[str | None] = []
    engine = Engine()

    async def program() -> None:
        mocks.set_mocks(engine, project="repository-store", stack="test")
        without_repeated_work()
        first = declared("first")
        declared("second", depends_on=[first])
        found.extend([await first.urn.future(), await first.id.future()])
        assert not {"kind", "name", "body"} & set(vars(first))

    run(program)
    urn = "urn:pulumi:test::repository-store::pulumi:pulumi:Stack$pulumi-python:dynamic/nexus:Role::first"
    assert found == [urn, "id-of-it"]
    assert {each.name: each.inputs["body"] for each in engine.registered} == {
        "first": {"id": "first"},
        "second": {"id": "second"},
    }


def test_another_resource_has_its_outputs_all_the_same() -> None:
    found: list[object] = []

    async def program() -> None:
        mocks.set_mocks(Engine(), project="repository-store", stack="test")
        without_repeated_work()
        found.append(await Other().text.future())

    run(program)
    assert found == ["as it came"]


class Other(Resource, name="Other"):
    text: Output[str]

    def __init__(self) -> None:
        super().__init__(NexusProvider(), "other", {"text": "as it came"})


def declared(name: str, **options: Any) -> NexusObject:
    return NexusObject.of(name, Declaration("role", name, body={"id": name}), ResourceOptions(**options))
