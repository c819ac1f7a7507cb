"""The releases that a test means by "the newest one", from the places in the product that have them.

A test of what changed in a certain release names that release itself, and so does one in which any would do.
"""

from lab.images.images import stand_in

NEWEST_RELEASE = stand_in().version
"""Of Nexus, like 3.97.0: what the stand-in plays unless it is told otherwise."""
NEWEST = NEWEST_RELEASE.rpartition(".")[0]
"""The same without its patch level, as `nexus.generation` and the stand-in's option have it."""
