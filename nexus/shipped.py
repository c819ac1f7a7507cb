"""What a new Nexus comes with."""

REPOSITORIES = frozenset({"maven-central", "maven-public", "maven-releases", "maven-snapshots"})
"""On the blob store `default`; their undeclared settings, the remote of maven-central for one, are the server's own."""
