#!/usr/bin/env python3
"""Makes spec/golden/onnx_schemas.txt: every version of every operator that onnx (1.23) knows.

A line: name, its first version, this version; inputs ("?": may be left out, "...": any number);
attributes ("!": must be given).
"""

import os

import onnx.defs

MARKS = {0: "", 1: "?", 2: "..."}
DOMAINS = ("", "ai.onnx.preview", "ai.onnx.preview.training")


def main():
    versions = {}
    for s in onnx.defs.get_all_schemas_with_history():
        if s.domain in DOMAINS:
            versions.setdefault((s.domain + "." if s.domain else "") + s.name, []).append(s)
    lines = []
    for name, schemas in sorted(versions.items()):
        schemas.sort(key=lambda s: s.since_version)
        for s in schemas:
            inputs = " ".join(i.name.strip(".") + MARKS[int(i.option.value)] for i in s.inputs)
            attributes = " ".join(a.name + "!" * a.required for _, a in sorted(s.attributes.items()))
            lines.append(f"{name} {schemas[0].since_version} {s.since_version}; {inputs}; {attributes}\n")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "onnx_schemas.txt"), "w") as file:
        file.write("".join(lines))


main()
