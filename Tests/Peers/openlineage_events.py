"""Checks events of lineage as those who receive them would: against the official schemas, and with the official client.

Usage: openlineage_events.py FILE
"""

import collections
import glob
import json
import os
import sys
import uuid

import jsonschema
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.naming.dataset import LocalFileSystem

from peers import expect

folder = os.path.join(os.path.dirname(__file__), "openlineage")
schemas = {}
for path in glob.glob(os.path.join(folder, "*.json")):
    with open(path) as file:
        schema = json.load(file)
    schemas[schema["$id"]] = schema


def validator(url):
    """What checks a value against a schema, or a part of one, by its address."""
    place = url.partition("#")[0]
    if place not in schemas:
        raise SystemExit(f"{url} is not a schema of OpenLineage")
    resolver = jsonschema.RefResolver(base_uri=place, referrer=schemas[place], store=schemas)
    return jsonschema.Draft202012Validator({"$ref": url}, resolver=resolver, format_checker=jsonschema.FormatChecker())


def facets(event):
    """Every facet of an event, with the name that it bears."""
    yield from event["run"]["facets"].items()
    yield from event["job"]["facets"].items()
    for dataset in event["inputs"] + event["outputs"]:
        for group in ("facets", "inputFacets", "outputFacets"):
            yield from dataset.get(group, {}).items()


def check(event):
    """Checks one event."""
    expect(event["schemaURL"], "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent", "schemaURL")
    validator(event["schemaURL"]).validate(event)
    for name, facet in facets(event):
        url = facet["_schemaURL"]
        validator(url).validate(facet)
        # The file's own schema says under which name a facet of the type stands.
        validator(url.partition("#")[0]).validate({name: facet})
        if name not in schemas[url.partition("#")[0]]["properties"]:
            raise SystemExit(f"{url} does not stand under the name {name}")
    expect(uuid.UUID(event["run"]["runId"]).version, 5, "the version of runId")
    for dataset in event["inputs"] + event["outputs"]:
        naming = LocalFileSystem(dataset["name"])
        expect((dataset["namespace"], dataset["name"]), (naming.get_namespace(), naming.get_name()), "a dataset's name")
    RunEvent(
        eventTime=event["eventTime"],
        producer=event["producer"],
        run=Run(**event["run"]),
        job=Job(**event["job"]),
        eventType=RunState[event["eventType"]],
        inputs=[InputDataset(**dataset) for dataset in event["inputs"]],
        outputs=[OutputDataset(**dataset) for dataset in event["outputs"]],
    )


with open(sys.argv[1]) as file:
    lines = file.readlines()
if not all(line.endswith("\n") for line in lines):
    raise SystemExit("the file ends within a line")
runs = collections.defaultdict(list)
for line in dict.fromkeys(lines):
    event = json.loads(line)
    check(event)
    runs[event["run"]["runId"]].append(event)
for run, events in runs.items():
    types = [event["eventType"] for event in events]
    expect(types[0], "START", f"the first event of {run}")
    expect(len(types) == 2 and types[1] in ("COMPLETE", "FAIL", "ABORT"), True, f"one end of {run}, among {types}")
print(json.dumps({"events": len(lines), "runs": len(runs)}))
