"""The Tinify protocol: what official clients do, and the traps that others set."""

import base64
import http.server
import io
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import photo, save_picture, soft_shadow
from PIL import Image, PngImagePlugin

import fewcolors

for package in ("starlette", "uvicorn", "prometheus_client", "python_multipart"):
    pytest.importorskip(package)

from serving import Serving, serving  # noqa: E402

from fewcolors.serve.fetch import Rules  # noqa: E402
from fewcolors.serve.keys import key_line, read_keys  # noqa: E402
from fewcolors.serve.outputs import Output, Outputs  # noqa: E402

pytestmark = pytest.mark.process

KEYS = read_keys([key_line("shop", "shop-key"), key_line("poor", "poor-key", 0)])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("state"), keys=KEYS) as running:
        yield running


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("pictures")
    names = ("photo.png", "photo.jpg", "photo.webp", "soft-shadow.png", "still.gif", "photo.bmp")
    found = {name: save_picture(name, folder).read_bytes() for name in names}
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Copyright", "Copyright Somebody")
    texts.add_text("Comment", "a secret")
    exif = Image.Exif()
    exif[0x8298] = "Copyright Somebody"
    exif[0x0132] = "2026:01:02 03:04:05"
    exif[0x8825] = {1: "N", 2: (1.0, 2.0, 3.0)}
    photo().save(folder / "told.png", pnginfo=texts, exif=exif)
    found["told.png"] = (folder / "told.png").read_bytes()
    return found


@pytest.fixture
def tinify(service: Serving) -> Iterator[Any]:
    """The official client as it is, at our address."""
    client = pytest.importorskip("tinify")
    before = client.Client.API_ENDPOINT
    client.Client.API_ENDPOINT = service.address
    client.key = "shop-key"
    yield client
    client.Client.API_ENDPOINT = before
    client.key = None


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


# The official Python client


def test_the_client_validates_its_key(tinify: Any) -> None:
    assert tinify.validate() is True
    tinify.key = "other"
    with pytest.raises(tinify.AccountError, match="Credentials are invalid"):
        tinify.validate()
    tinify.key = "poor-key"  # whose quota is used up
    assert tinify.validate() is True
    with pytest.raises(tinify.AccountError, match="monthly limit"):
        tinify.from_buffer(b"x").to_buffer()


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "photo.webp", "still.gif"])
def test_the_client_shrinks_files_buffers_and_streams(
    tinify: Any, pictures: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    data = pictures[name]
    (tmp_path / name).write_bytes(data)
    before = tinify.compression_count or 0
    result = tinify.from_buffer(data).result()
    assert tinify.compression_count >= before
    assert result.size == len(result.to_buffer()) <= len(data)
    assert (result.width, result.height) == opened(data).size
    assert result.media_type == Image.MIME[opened(data).format or ""]
    assert tinify.from_file(str(tmp_path / name)).to_buffer() == result.to_buffer()
    with open(tmp_path / name, "rb") as stream:  # sent in chunks
        tinify.from_file(stream).to_file(str(tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == result.to_buffer()


def test_a_png_is_the_one_of_the_command(tinify: Any, pictures: dict[str, bytes]) -> None:
    data = pictures["photo.png"]
    assert tinify.from_buffer(data).to_buffer() == fewcolors.compress(data).data


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"method": "scale", "width": 48}, (48, 32)),
        ({"method": "scale", "height": 16}, (24, 16)),
        ({"method": "fit", "width": 50, "height": 20}, (30, 20)),
        ({"method": "cover", "width": 30, "height": 30}, (30, 30)),
        ({"method": "thumb", "width": 20, "height": 30}, (20, 30)),
        ({"method": "scale", "width": 9000}, (96, 64)),
        ({"method": "cover", "width": 400, "height": 400}, (64, 64)),
    ],
)
def test_the_client_resizes(
    tinify: Any, pictures: dict[str, bytes], options: dict[str, Any], size: tuple[int, int]
) -> None:
    result = tinify.from_buffer(pictures["photo.png"]).resize(**options).result()
    assert (result.width, result.height) == opened(result.to_buffer()).size == size


@pytest.mark.parametrize("kind", ["image/webp", "image/jpeg", "image/avif", "image/png"])
def test_the_client_converts(tinify: Any, pictures: dict[str, bytes], kind: str) -> None:
    source = tinify.from_buffer(pictures["soft-shadow.png"])
    result = source.convert(type=kind).transform(background="#ff8000").result()
    image = opened(result.to_buffer())
    assert result.media_type == kind == Image.MIME[image.format or ""]
    red, green, blue = image.convert("RGB").getpixel((0, 63))  # type: ignore[misc]
    assert red > 200 > green > 80 > blue


def test_the_client_gets_the_smallest_of_several_types(
    tinify: Any, pictures: dict[str, bytes]
) -> None:
    source = tinify.from_buffer(pictures["photo.png"])
    sizes = [
        source.convert(type=[kind]).result().size
        for kind in ("image/png", "image/webp", "image/jpeg", "image/avif")
    ]
    assert source.convert(type="*/*").result().size == min(sizes)


def test_the_client_preserves_what_it_names_alone(tinify: Any, pictures: dict[str, bytes]) -> None:
    source = tinify.from_buffer(pictures["told.png"])
    plain = source.to_buffer()
    assert b"Somebody" not in plain
    kept = source.preserve("copyright").to_buffer()
    assert b"Copyright Somebody" in kept
    assert b"secret" not in kept
    exif = opened(kept).getexif()
    assert dict(exif) == {0x8298: "Copyright Somebody"}
    exif = opened(source.preserve("creation", "location").to_buffer()).getexif()
    assert set(exif) == {0x0132, 0x8825}
    jpeg = source.preserve("copyright").convert(type="image/jpeg").to_buffer()
    assert dict(opened(jpeg).getexif()) == {0x8298: "Copyright Somebody"}


def test_the_client_hears_what_is_not_offered(tinify: Any, pictures: dict[str, bytes]) -> None:
    source = tinify.from_buffer(pictures["photo.png"])
    with pytest.raises(tinify.ClientError, match="Amazon S3 is not offered"):
        source.store(service="s3", aws_access_key_id="x", path="a/b")
    with pytest.raises(tinify.ClientError, match="Google Cloud Storage"):
        source.store(service="gcs", path="a/b")
    with pytest.raises(tinify.ClientError, match="fetches no addresses"):
        tinify.from_url("https://example.org/a.png")
    with pytest.raises(tinify.ClientError, match="not supported"):
        source.preserve("author").result()
    with pytest.raises(tinify.ClientError, match="not a picture"):
        tinify.from_buffer(b"invalid_image.png")


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """Another server, which has a picture."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        file = io.BytesIO()
        photo().save(file, "BMP")
        self.wfile.write(file.getvalue())

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


def test_the_client_has_pictures_fetched_where_that_is_allowed(
    tinify: Any, service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        rules = Rules(10**6, is_allowed=lambda _: True, ports=(server.server_port,))
        monkeypatch.setattr(service.service, "fetch_rules", rules)
        found = tinify.from_url(f"http://127.0.0.1:{server.server_port}/").to_buffer()
        server.shutdown()
        thread.join()
    assert found == fewcolors.compress(photo()).data


# The official Node client

NODE = """
const tinify = require("tinify"), fs = require("fs"), assert = require("assert");
tinify.Client.API_ENDPOINT = process.argv[2];
tinify.Client.CA_BUNDLE = fs.readFileSync(process.argv[3]);
tinify.key = "shop-key";
const fails = (promise, kind, words) => assert.rejects(promise, error =>
  error instanceof tinify[kind] && error.message.includes(words));
(async () => {
  await tinify.validate();
  const source = tinify.fromFile("photo.png");
  await source.toFile("out.png");
  const small = source.resize({method: "fit", width: 50, height: 20});
  assert.equal(await small.result().width(), 30);
  assert.ok(tinify.compressionCount >= 2);
  const webp = await source.convert({type: "image/webp"}).result();
  assert.equal(await webp.mediaType(), "image/webp");
  assert.equal((await webp.toBuffer()).subarray(8, 12).toString(), "WEBP");
  await source.preserve("copyright", "creation").transform({background: "white"}).toBuffer();
  await fails(source.store({service: "s3", path: "a"}).location(), "ClientError", "not offered");
  await fails(tinify.fromUrl("https://example.org/a.png").toBuffer(), "ClientError", "fetches no");
  // The client counts characters rather than bytes, so that this body is cut.
  await fails(tinify.fromUrl("https://example.org/\\u00e9.png").toBuffer(), "ClientError", "");
  await tinify.fromBuffer(fs.readFileSync("photo.png")).toBuffer();
  await fails(tinify.fromBuffer("no picture").toBuffer(), "ClientError", "not a picture");
  tinify.key = "other";
  await fails(tinify.validate(), "AccountError", "Credentials");
  console.log("done");
})().catch(error => { console.error(error); process.exit(1); });
"""


def node_modules() -> Path | None:
    """The folder that has the client of npm, where there is one."""
    named = os.environ.get("FEWCOLORS_NODE_MODULES")
    folder = Path(named) if named else None
    return folder if folder and (folder / "tinify").is_dir() and shutil.which("node") else None


@pytest.mark.skipif(
    node_modules() is None or shutil.which("openssl") is None,
    reason="needs node, openssl, and npm's tinify in the folder FEWCOLORS_NODE_MODULES",
)
def test_the_node_client_over_a_certificate_of_our_own(
    tmp_path: Path, pictures: dict[str, bytes]
) -> None:
    certificate, private = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    make += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [*make, "-keyout", private, "-out", certificate], check=True, capture_output=True
    )
    (tmp_path / "photo.png").write_bytes(pictures["photo.png"])
    (tmp_path / "node_modules").symlink_to(node_modules() or "")
    (tmp_path / "test.js").write_text(NODE)
    files = {"certificate": certificate, "private_key": private}
    with serving(tmp_path / "state", keys=KEYS, **files) as service:
        address = f"https://localhost:{service.port}"
        done = subprocess.run(
            ["node", "test.js", address, certificate],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stdout == "done\n", done.stderr
    expected = fewcolors.compress(pictures["photo.png"]).data
    assert (tmp_path / "out.png").read_bytes() == expected


# What other clients do


def shrunk(service: Serving, data: bytes, **headers: str) -> Any:
    return service.ask("POST", "/shrink", data, key="shop-key", **headers)


def test_the_answer_to_shrink(service: Serving, pictures: dict[str, bytes]) -> None:
    data = pictures["photo.jpg"]
    answer = shrunk(service, data, Host=f"localhost:{service.port}")
    assert answer.status == 201
    location = answer.headers["Location"]
    assert location.startswith("/output/")
    result = service.ask("GET", location)  # without a key
    output = answer.json["output"]
    assert output.pop("url") == f"http://localhost:{service.port}{location}"
    assert answer.json["input"] == {"size": len(data), "type": "image/jpeg"}
    ratio = round(len(result.body) / len(data), 4)
    assert output == {
        "size": len(result.body),
        "type": "image/jpeg",
        "width": 96,
        "height": 64,
        "ratio": ratio,
    }
    assert result.headers["Content-Length"] == str(len(result.body))
    assert result.headers["Image-Width"] == "96"
    assert result.headers["Content-Disposition"] == "attachment"
    behind = shrunk(service, data, X_Forwarded_Proto="https")
    assert behind.headers["Location"].startswith("https://127.0.0.1")


def test_counts_are_on_every_answer(service: Serving, pictures: dict[str, bytes]) -> None:
    def count(answer: Any) -> int:
        return int(answer.headers["Compression-Count"])

    empty = shrunk(service, b"")
    assert (empty.status, empty.json["error"]) == (400, "Input missing")
    start = count(empty)
    answer = shrunk(service, pictures["photo.png"])
    assert count(answer) == start + 1
    commands = {"resize": {"width": 9}, "convert": {"type": "image/webp"}}
    body = json.dumps(commands).encode()
    assert count(service.ask("POST", answer.headers["Location"], body, key="shop-key")) == start + 3
    assert count(service.ask("GET", answer.headers["Location"], key="shop-key")) == start + 3
    refused = service.ask("POST", "/shrink", b"", key="other")
    assert refused.status == 401
    assert refused.headers["Compression-Count"] is None
    poor = service.ask("POST", "/shrink", b"", key="poor-key")
    assert poor.headers["Compression-Count-Remaining"] == "0"


@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "image/gif"]
)
def test_content_types_are_not_trusted(
    service: Serving, pictures: dict[str, bytes], kind: str
) -> None:
    assert shrunk(service, pictures["photo.png"], Content_Type=kind).status == 201


def test_a_get_with_commands_is_a_post(service: Serving, pictures: dict[str, bytes]) -> None:
    location = shrunk(service, pictures["photo.png"]).headers["Location"]
    body = b'{"resize":{"width":12}}'
    answer = service.ask("GET", location, body, key="shop-key", Content_Type="application/json")
    assert answer.headers["Image-Width"] == "12"
    assert service.ask("GET", location, body).status == 401
    assert service.ask("POST", location, b"{}").status == 200
    assert service.ask("GET", "/output/none").status == 404


@pytest.mark.parametrize(
    "commands",
    [
        {"crop": {}},
        {"resize": {"method": "fit", "width": 5}},
        {"resize": {"method": "scale", "width": 5, "height": 5}},
        {"resize": {"width": 0}},
        {"resize": {"width": True}},
        {"resize": {"width": 5, "depth": 5}},
        {"resize": 5},
        {"convert": {}},
        {"convert": {"type": "image/tiff"}},
        {"convert": {"type": [{}]}},
        {"transform": {"background": "pink"}},
        {"transform": {"background": "#\u00b2\u00b2\u00b2\u00b2\u00b2\u00b2"}},
        {"preserve": {"copyright": True}},
        {"preserve": [["copyright"]]},
    ],
)
def test_wrong_commands_are_named(
    service: Serving, pictures: dict[str, bytes], commands: dict[str, Any]
) -> None:
    body = json.dumps(commands).encode()
    answer = service.ask("POST", "/output/any", body, key="shop-key")
    assert (answer.status, answer.json["error"]) == (400, "JSON validation error")


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"a":', b"\xff", b"[" * 100_000])
def test_json_that_is_cut_ends_the_connection(service: Serving, body: bytes) -> None:
    for path in ("/shrink", "/output/any"):
        answer = service.ask("POST", path, body, key="shop-key", Content_Type="application/json")
        assert (answer.status, answer.json["error"]) == (400, "Bad request")
        assert answer.headers["Connection"] == "close"


def test_what_follows_a_body_that_is_too_long_is_not_read(service: Serving) -> None:
    authorization = base64.b64encode(b"api:shop-key")
    body = b'{"source":{"url":"https://example.org/a"}}'
    head = b"POST /shrink HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += b"Authorization: Basic %b\r\nContent-Length: %d\r\n\r\n" % (
        authorization,
        len(body) - 1,
    )
    answer = service.send(head + body + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert b" 400 " in answer


def test_thumbs_of_what_stands_on_one_colour_are_padded(
    service: Serving, pictures: dict[str, bytes]
) -> None:
    file = io.BytesIO()
    plain = Image.new("RGB", (90, 90), "white")
    plain.paste((200, 0, 0), (10, 40, 80, 50))
    plain.save(file, "PNG")
    location = shrunk(service, file.getvalue()).headers["Location"]
    for method, red_columns in (("thumb", 35), ("cover", 40)):
        wish = {"resize": {"method": method, "width": 40, "height": 90}}
        body = json.dumps(wish).encode()
        image = opened(service.ask("POST", location, body, key="shop-key").body).convert("RGB")
        assert image.size == (40, 90)
        row = [image.getpixel((x, 45))[1] < 128 for x in range(40)]  # type: ignore[index]
        assert abs(sum(row) - red_columns) <= 5


def test_an_animation_is_shrunk_and_nothing_else(service: Serving) -> None:
    frames = [photo(seed).quantize(16) for seed in range(3)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    answer = shrunk(service, file.getvalue())
    assert answer.json["output"]["type"] == "image/gif"
    body = b'{"resize":{"width":12}}'
    refused = service.ask("POST", answer.headers["Location"], body, key="shop-key")
    assert refused.status == 422


def test_alpha_is_kept_where_the_format_has_it(
    service: Serving, pictures: dict[str, bytes]
) -> None:
    location = shrunk(service, pictures["soft-shadow.png"]).headers["Location"]
    for kind, mode in (("webp", "RGBA"), ("jpeg", "RGB"), ("avif", "RGBA")):
        body = json.dumps({"convert": {"type": f"image/{kind}"}}).encode()
        image = opened(service.ask("POST", location, body, key="shop-key").body)
        assert image.mode == mode
        corner = image.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert abs(corner[3] - (255 if mode == "RGB" else 0)) <= 2


# Outputs


def test_outputs_survive_a_restart_and_expire(tmp_path: Path) -> None:
    with serving(tmp_path) as service:
        data = io.BytesIO()
        soft_shadow().save(data, "PNG")
        answer = service.ask("POST", "/shrink", data.getvalue())
        location = answer.headers["Location"]
        body = service.ask("GET", location).body
    (tmp_path / "outputs" / "left.result").write_bytes(b"by a process that was killed")
    with serving(tmp_path) as service:
        assert service.ask("GET", location).body == body
        assert service.ask("POST", "/shrink", b"").headers["Compression-Count"] == "1"
    assert not (tmp_path / "outputs" / "left.result").exists()


def test_outputs_end_by_time_and_by_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = Outputs(tmp_path, 60, 1000)
    names = [outputs.add(Output(bytes(200), "image/png", 1, 1), bytes(200)) for _ in range(3)]
    assert [outputs.result(name) is not None for name in names] == [False, True, True]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 61)
    assert outputs.result(names[2]) is None
    assert outputs.original(names[2]) is None
    outputs.close()
    Outputs(tmp_path, 60, 1000).close()
    assert [path.name for path in tmp_path.iterdir()] == ["index.sqlite"]
