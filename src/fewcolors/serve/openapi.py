"""The description of our own API, by OpenAPI 3.1. A test holds the service to it."""

from typing import Any

from .query import COMPRESS, PALETTE, Parameter
from .settings import Settings

__all__ = ["description"]

Node = dict[str, Any]

REFUSALS = {
    "400": "The body is empty, ends too early, or is a damaged form.",
    "401": "The API key is missing or wrong.",
    "403": "The name of the host, or the page that asks, is not allowed.",
    "408": "The body comes too slowly.",
    "413": "The body is too large, or the picture has too many pixels or frames.",
    "415": "No picture of a known format.",
    "422": "An option is wrong, the picture is damaged, or what was asked for cannot be reached.",
    "429": "Too many pictures are waiting, or the key's quota is used up.",
}

NUMBER, TEXT, INTEGER = {"type": "number"}, {"type": "string"}, {"type": "integer"}
BYTES = {"type": "string", "format": "binary"}


def description(settings: Settings) -> Node:
    """Returns the description as what JSON can hold.

    Args:
        settings: whether keys are needed.
    """
    from .. import __version__

    secured: list[Node] = [{"basic": []}, {"bearer": []}] if settings.keys else []
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "fewcolors",
            "version": __version__,
            "description": "Image compression by k-means.",
        },
        "security": secured,
        "paths": {
            "/v1/compress": {"post": _compress()},
            "/v1/palette": {"post": _palette()},
            "/v1/compare": {"post": _compare()},
            "/healthz": {"get": _plain("Whether the process lives.")},
            "/readyz": {"get": _plain("Whether pictures are taken.")},
        },
        "components": {
            "schemas": {
                "Error": _object({"error": TEXT, "message": TEXT}),
                "Swatch": _object({"color": TEXT, "share": NUMBER}),
                "Picture": _picture_schema(),
                "Comparison": _comparison_schema(),
            },
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _compress() -> Node:
    headers = {
        f"Fewcolors-{name}": {"schema": schema}
        for name, schema in (
            ("Bytes-In", INTEGER),
            ("Bytes-Out", INTEGER),
            ("Width", INTEGER),
            ("Height", INTEGER),
            ("Frames", INTEGER),
            ("Colors", INTEGER),
            ("Score", NUMBER),
            ("Ceiling", NUMBER),
            ("Is-Original", {"type": "boolean"}),
            ("Note", TEXT),
        )
    }
    answer = {
        "description": "The picture; or, where application/json is accepted, a report with it.",
        "headers": headers,
        "content": {
            "image/*": {"schema": BYTES},
            "application/octet-stream": {"schema": BYTES},
            "application/json": {"schema": _reference("Picture")},
        },
    }
    return {
        "operationId": "compress",
        "summary": "Compresses a picture.",
        "parameters": _parameters(COMPRESS),
        "requestBody": _body("file", is_raw=True),
        "responses": {"200": answer, **_refusals()},
    }


def _palette() -> Node:
    swatches = {"type": "array", "items": _reference("Swatch")}
    answer = {
        "description": "The main colours, the most frequent first; or a palette file.",
        "content": {
            "application/json": {"schema": {}},
            "text/*": {"schema": TEXT},
            "image/png": {"schema": BYTES},
            "application/octet-stream": {"schema": BYTES},
        },
    }
    answer["content"]["application/json"]["schema"] = {  # type: ignore[index]
        "anyOf": [_object({"palette": swatches}), {"type": ["array", "object"]}]
    }
    return {
        "operationId": "palette",
        "summary": "Finds the main colours of a picture.",
        "parameters": _parameters(PALETTE),
        "requestBody": _body("file", is_raw=True),
        "responses": {"200": answer, **_refusals()},
    }


def _compare() -> Node:
    answer = {
        "description": "The measures.",
        "content": {"application/json": {"schema": _reference("Comparison")}},
    }
    return {
        "operationId": "compare",
        "summary": "Measures how near a compressed picture is to its original.",
        "requestBody": _body("original", "compressed", is_raw=False),
        "responses": {"200": answer, **_refusals()},
    }


def _plain(summary: str) -> Node:
    answer = {"description": "It does.", "content": {"text/plain": {"schema": TEXT}}}
    refusals = {"403": _refusal(REFUSALS["403"]), "503": _refusal("Not yet.")}
    return {"summary": summary, "security": [], "responses": {"200": answer, **refusals}}


def _parameters(parameters: dict[str, Parameter]) -> list[Node]:
    return [
        {"name": name, "in": "query", "description": known.text, "schema": known.schema}
        for name, known in parameters.items()
    ]


def _body(*names: str, is_raw: bool) -> Node:
    form = {"schema": _object(dict.fromkeys(names, BYTES))}
    raw = {"image/*": {"schema": BYTES}, "application/octet-stream": {"schema": BYTES}}
    content = {**(raw if is_raw else {}), "multipart/form-data": form}
    return {"required": True, "content": content}


def _refusals() -> Node:
    return {status: _refusal(text) for status, text in REFUSALS.items()}


def _refusal(text: str) -> Node:
    return {
        "description": text,
        "content": {"application/json": {"schema": _reference("Error")}},
    }


def _picture_schema() -> Node:
    perhaps = {"type": ["number", "null"]}
    return _object(
        {
            "data": {"type": "string", "contentEncoding": "base64"},
            "media_type": TEXT,
            "format": TEXT,
            "format_in": {"type": ["string", "null"]},
            "width": INTEGER,
            "height": INTEGER,
            "n_frames": INTEGER,
            "bytes_in": INTEGER,
            "bytes_out": INTEGER,
            "is_original": {"type": "boolean"},
            "n_colors": INTEGER,
            "n_distinct": {"type": ["integer", "null"]},
            "score": perhaps,
            "ceiling": perhaps,
            "is_estimate": {"type": "boolean"},
            "note": {"type": ["string", "null"]},
            "palette": {"type": "array", "items": _reference("Swatch")},
        }
    )


def _comparison_schema() -> Node:
    counts = ("width", "height", "bytes_original", "bytes_compressed")
    counts += ("colors_original", "colors_compressed")  # type: ignore[assignment]
    perhaps = {"type": ["number", "null"]}
    measures = dict.fromkeys(("mse", "psnr", "score", "butteraugli", "flip", "ratio"), perhaps)
    return _object({**dict.fromkeys(counts, INTEGER), **measures})


def _object(properties: Node) -> Node:
    return {"type": "object", "required": list(properties), "properties": properties}


def _reference(name: str) -> Node:
    return {"$ref": f"#/components/schemas/{name}"}
