"""Operations of real docker clients on a running store; each is a row of a matrix."""
