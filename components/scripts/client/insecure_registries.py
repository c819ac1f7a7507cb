"""FILE add|remove|empty REGISTRY...: prints a daemon.json with, or without, these insecure registries.

`empty` leaves an empty list behind, as a reload of dockerd does not notice a list that is gone. Every other key stays
as it is. Runs on the client, whose Python may be one of the last ten years, or 2.7.
"""

import collections
import json
import os
import sys

path, action, ours, key = sys.argv[1], sys.argv[2], sys.argv[3:], "insecure-registries"
text = open(path).read() if os.path.exists(path) else ""
try:
    found = json.loads(text or "{}", object_pairs_hook=collections.OrderedDict)
    if not isinstance(found, dict):
        raise ValueError("it holds no object")
except ValueError as error:
    sys.exit("%s is no valid JSON (%s): mend it, then run this again" % (path, error))
before = found.get(key, [])
listed = [name for name in before if action == "add" or name not in ours]
if action == "add":
    listed += [name for name in ours if name not in listed]
found[key] = listed
if not listed and action == "remove":
    found.pop(key)
if listed == before:
    sys.stdout.write(text)
elif found:
    print(json.dumps(found, indent=2, separators=(",", ": ")))
