"""What GitLab's SAST reports must be by version 15.1.0 of their schema: one of our own, of the parts that ours has.

The properties, types and limits are those of `sast-report-format.json`, which GitLab publishes; descriptions, examples
and what our reports never have are left out. A type of detail not listed here makes GitLab refuse the whole report.
"""

from __future__ import annotations

TEXT = {"type": "string", "minLength": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$"}


def obj(required: str, **properties: object) -> dict[str, object]:
    """An object with some required properties."""
    return {"type": "object", "required": required.split(), "properties": properties}


def listed(items: object, **limits: int) -> dict[str, object]:
    """An array."""
    return {"type": "array", "items": items, **limits}


DETAIL = {"$ref": "#/definitions/detail"}
TOOL = obj("id name version vendor", id=TEXT, name=TEXT, version=TEXT, vendor=obj("name", name=TEXT))
IDENTIFIER = obj("type name value", type=TEXT, name=TEXT, value=TEXT)
SIGNATURE = obj("algorithm value", algorithm={"type": "string"}, value={"type": "string"})
LINES = {"start_line": {"type": "number"}, "end_line": {"type": "number"}}

DEFINITIONS = {
    "text": obj("type value", type={"const": "text"}, value={"type": "string"}),
    "list": obj("type items", type={"const": "list"}, items=listed(DETAIL)),
    "table": obj("type rows", type={"const": "table"}, header=listed(DETAIL), rows=listed(listed(DETAIL))),
    "code": obj("type value", type={"const": "code"}, value={"type": "string"}, lang={"type": "string"}),
    "file_location": obj(
        "type file_name line_start",
        type={"const": "file-location"},
        file_name=TEXT,
        line_start={"type": "integer"},
        line_end={"type": "integer"},
    ),
}

VULNERABILITY = obj(
    "id identifiers location",
    id=TEXT,
    name={"type": "string", "maxLength": 255},
    description={"type": "string", "maxLength": 1048576},
    severity={"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
    solution={"type": "string", "maxLength": 7000},
    identifiers=listed(IDENTIFIER, minItems=1),
    location=obj("", file={"type": "string"}, **LINES),
    details={"type": "object", "additionalProperties": {"allOf": [obj("name", name=TEXT), DETAIL]}},
    tracking=obj(
        "items",
        type={"const": "source"},
        items=listed(obj("signatures", file={"type": "string"}, signatures=listed(SIGNATURE, minItems=1), **LINES)),
    ),
)

SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        **DEFINITIONS,
        "detail": {"oneOf": [{"$ref": f"#/definitions/{name}"} for name in DEFINITIONS]},
    },
    **obj(
        "scan version vulnerabilities",
        version={"const": "15.1.0"},
        scan=obj(
            "analyzer end_time scanner start_time status type",
            analyzer=TOOL,
            scanner=TOOL,
            start_time=TIME,
            end_time=TIME,
            status={"enum": ["success", "failure"]},
            type={"const": "sast"},
            messages=listed(obj("level value", level={"enum": ["info", "warn", "fatal"]}, value=TEXT)),
        ),
        vulnerabilities=listed(VULNERABILITY),
    ),
}
