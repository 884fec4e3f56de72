"""What a change of the description would break for a program that works with the one before.

`python -m api.compatibility OLD NEW` names each, and fails if there is any and the major version is the same.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
BOUNDS = {
    "maximum": -1, "exclusiveMaximum": -1, "maxLength": -1, "maxItems": -1, "minimum": 1, "exclusiveMinimum": 1,
    "minLength": 1, "minItems": 1,
}  # fmt: skip
"""Bounds of what may be sent, and in which direction they narrow."""


def breaking(old: Schema, new: Schema) -> list[str]:
    """Each thing that was promised and no longer holds, in words; none where all that worked still works.

    A path, method, parameter or answered field that is gone; a parameter or field that must be sent now and did not
    have to; values that were taken and are not; an answer of another sort.
    """
    return list(_paths(old, new))


def _paths(old: Schema, new: Schema) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            name = f"{method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{name} is gone"
            else:
                yield from _operation(name, _whole(before, old), _whole(after, new))


def _operation(name: str, old: Schema, new: Schema) -> Iterator[str]:
    before, after = ({(p["in"], p["name"]): p for p in side.get("parameters", [])} for side in (old, new))
    for key, parameter in before.items():
        if key not in after:
            yield f"{name}: the {key[0]} parameter {key[1]} is gone"
        else:
            yield from _sent(f"{name}: {key[1]}", parameter["schema"], after[key]["schema"])
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{name}: the {key[0]} parameter {key[1]} must be sent now"
    yield from _bodies(name, old.get("requestBody", {}), new.get("requestBody", {}))
    for status, answer in old["responses"].items():
        if status.startswith("2"):
            yield from _answer(f"{name}: {status}", answer, new["responses"].get(status))


def _bodies(name: str, old: Schema, new: Schema) -> Iterator[str]:
    if new.get("required") and not old.get("required"):
        yield f"{name}: a body must be sent now"
    for kind, content in old.get("content", {}).items():
        if kind not in new.get("content", {}):
            yield f"{name}: a body of {kind} is not taken any more"
        else:
            yield from _sent(f"{name}: body", content.get("schema", {}), new["content"][kind].get("schema", {}))


def _answer(name: str, old: Schema, new: Schema | None) -> Iterator[str]:
    if new is None:
        yield f"{name} is not answered any more"
        return
    for kind, content in old.get("content", {}).items():
        if kind not in new.get("content", {}):
            yield f"{name}: {kind} is not answered any more"
        else:
            yield from _received(name, content.get("schema", {}), new["content"][kind].get("schema", {}))


def _sent(name: str, old: Schema, new: Schema) -> Iterator[str]:
    """What was taken and is not: types, values, bounds, patterns; what must be sent now."""
    if lost := _types(old) - _types(new):
        yield f"{name}: {', '.join(sorted(lost))} is not taken any more"
    if (words := _values(new)) is not None and (gone := (_values(old) or {"any other value"}) - words):
        yield f"{name}: {', '.join(sorted(map(str, gone)))} is not taken any more"
    for bound, direction in BOUNDS.items():
        before, after = _part(old, bound), _part(new, bound)
        if after is not None and (before is None or (after - before) * direction > 0):
            yield f"{name}: {bound} is {after} now"
    if (pattern := _part(new, "pattern")) is not None and pattern != _part(old, "pattern"):
        yield f"{name}: another pattern"
    before, after = old.get("properties", {}), new.get("properties", {})
    for field in before:
        if field in after:
            yield from _sent(f"{name}.{field}", before[field], after[field])
        elif new.get("additionalProperties") is False:
            yield f"{name}.{field} is not taken any more"
    for field in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{name}.{field} must be sent now"
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _sent(f"{name}[]", old["items"], new["items"])


def _received(name: str, old: Schema, new: Schema) -> Iterator[str]:
    """What was answered and is not: fields, and fields that were certain; what is answered in another form."""
    if _types(old) != ALL and (more := _types(new) - _types(old)):
        yield f"{name} may be {', '.join(sorted(more))} now"
    before, after = old.get("properties", {}), new.get("properties", {})
    for field in before:
        if field in after:
            yield from _received(f"{name}.{field}", before[field], after[field])
        else:
            yield f"{name}.{field} is gone"
    for field in sorted((set(old.get("required", ())) - set(new.get("required", ()))) & set(after)):
        yield f"{name}.{field} may be absent now"
    if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
        yield from _received(f"{name}[]", old["items"], new["items"])


ALL = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


def _types(schema: Schema) -> frozenset[str]:
    """The types that a schema names; all of them where it names none. A whole number is a number."""
    if "anyOf" in schema or "oneOf" in schema:
        return frozenset().union(*map(_types, schema.get("anyOf") or schema["oneOf"]))
    words = schema.get("type")
    if words is None:
        return ALL if "enum" not in schema and "const" not in schema else frozenset({"string"})
    named = {words} if isinstance(words, str) else set(words)
    return frozenset(named | ({"integer"} if "number" in named else set()))


def _part(schema: Schema, name: str) -> Any:
    """A bound or pattern, also of the one alternative that is not null."""
    inner = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return schema.get(name, inner[0].get(name) if len(inner) == 1 else None)


def _values(schema: Schema) -> set[Any] | None:
    words = _part(schema, "enum")
    return None if words is None else set(words)


def _whole(value: Any, description: Schema) -> Any:
    """The same without references."""
    if isinstance(value, list):
        return [_whole(one, description) for one in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        found: Any = description
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return _whole(found, description)
    return {key: one if key in ("example", "examples") else _whole(one, description) for key, one in value.items()}


def main() -> None:
    old, new = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3])
    found = breaking(old, new)
    print("\n".join(found) or "Nothing breaks.")  # noqa: T201
    same = old["info"]["version"].split(".")[0] == new["info"]["version"].split(".")[0]
    raise SystemExit(bool(found) and same)


if __name__ == "__main__":
    main()
