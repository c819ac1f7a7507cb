"""./store doctor."""


def doctor(name: str) -> None:
    raise NotImplementedError(name)
