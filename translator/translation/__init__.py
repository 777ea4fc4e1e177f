"""All of translation in three calls: read, complete, write. Bytes and trees in, bytes and trees out; no file, no clock.

For the stations, `convert`, previews and tests alike. What is wrong comes back as findings with the documents (a
WMS's data) or is raised as Rejected (bytes that cannot be read or written at all) or Misconfigured (a mapping).
"""

from translator.translation.acknowledging import acknowledgements, decides, groups, standard
from translator.translation.compiled import Translation, environment, known_paths, load, schema_of_mappings
from translator.translation.completing import complete, payload, placed, unknown_order
from translator.translation.passing import Apart, Ruled, apart, ruled
from translator.translation.reading import (
    TracedRead,
    matches,
    place_in_set,
    read,
    read_amazon,
    read_set,
    recognises,
    tells_its_end,
    trace_read,
)
from translator.translation.writing import TracedFile, Written, batches, takes, trace_written, write

__all__ = [
    "Apart",
    "Ruled",
    "TracedFile",
    "TracedRead",
    "Translation",
    "Written",
    "acknowledgements",
    "apart",
    "batches",
    "complete",
    "decides",
    "environment",
    "groups",
    "known_paths",
    "load",
    "matches",
    "payload",
    "place_in_set",
    "placed",
    "read",
    "read_amazon",
    "read_set",
    "recognises",
    "ruled",
    "schema_of_mappings",
    "standard",
    "takes",
    "tells_its_end",
    "trace_read",
    "trace_written",
    "unknown_order",
    "write",
]
