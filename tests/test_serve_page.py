"""The page in a real browser, used as a person uses it."""

import base64
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import photo, save_picture

import fewcolors

for package in ("starlette", "uvicorn", "prometheus_client", "python_multipart", "playwright"):
    pytest.importorskip(package)

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402
from serving import Serving, serving  # noqa: E402

from fewcolors.serve.keys import key_line, read_keys  # noqa: E402

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.process,
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="needs the program chromium"),
]

SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
SWITCHES += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]

WIDTHS = (360, 768, 1440)

ANSWERED_4XX = "Failed to load resource: the server responded with a status of 4"
"""What the browser itself writes of a request that was refused, which the page then explains."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("state"), workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield started
        started.close()


@pytest.fixture
def page(service: Serving, browser: Browser) -> Iterator[Page]:
    """The page, which may complain of nothing and fetch nothing from elsewhere."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    made = context.new_page()
    made.set_default_timeout(20_000)
    complaints: list[str] = []
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    asked: list[str] = []
    made.on("request", lambda request: asked.append(request.url))
    made.goto(service.address)
    yield made
    context.close()
    assert [text for text in complaints if not text.startswith(ANSWERED_4XX)] == []
    elsewhere = [url for url in asked if not url.startswith((service.address, "blob:", "data:"))]
    assert elsewhere == []


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [save_picture(name, tmp_path) for name in ("photo.png", "soft-shadow.png")]


def add(page: Page, *files: Path) -> None:
    page.set_input_files("#files", list(files))
    for number in range(len(files)):
        done(page, number)


def card(page: Page, number: int = 0) -> Any:
    return page.locator(".picture").nth(number)


def done(page: Page, number: int = 0) -> None:
    expect(card(page, number)).to_have_attribute("data-state", "done", timeout=20_000)
    expect(card(page, number)).not_to_have_class("busy", timeout=20_000)


def downloaded(page: Page, click: Any) -> bytes:
    with page.expect_download() as download:
        click()
    return Path(download.value.path()).read_bytes()


def result(page: Page, number: int = 0) -> bytes:
    return downloaded(page, card(page, number).locator(".download").click)


def choose(page: Page, name: str, value: str) -> None:
    """Changes a setting, and waits for the picture that belongs to it."""
    with page.expect_response("**/v1/compress?*"):
        if name in ("quality", "colors", "kilobytes"):
            page.locator(f"[name={name}]").fill(value)
        else:
            page.locator(f"[name={name}]").select_option(value)
    page.wait_for_selector(".picture:not(.busy)")


def test_a_picture_is_compressed_changed_and_downloaded(page: Page, files: list[Path]) -> None:
    add(page, files[0])
    figures = card(page).locator(".figures")
    expect(figures).to_contain_text("colours; score")
    expected = fewcolors.compress(files[0])
    assert result(page) == expected.data
    expect(page.locator("#status")).to_contain_text("photo.png: ")
    choose(page, "quality", "50")
    assert result(page) == fewcolors.compress(files[0], quality=50).data
    choose(page, "aim", "colors")
    choose(page, "colors", "7")
    choose(page, "method", "classic")
    choose(page, "dither", "1")
    expected = fewcolors.compress(files[0], 7, method="classic", dither=1.0)
    assert result(page) == expected.data
    choose(page, "format", "gif")
    assert result(page)[:4] == b"GIF8"
    choose(page, "aim", "bytes")
    choose(page, "method", "perceptual")
    choose(page, "kilobytes", "3")
    assert len(result(page)) <= 3000


def test_the_settings_live_in_the_address(page: Page, files: list[Path]) -> None:
    add(page, files[0])
    choose(page, "quality", "40")
    choose(page, "effort", "fast")
    address = page.url
    assert address.endswith("#quality=40&effort=fast")
    page.goto("about:blank")
    page.goto(address)
    add(page, files[0])
    assert result(page) == fewcolors.compress(files[0], quality=40, effort="fast").data
    page.goto("about:blank")
    page.goto(address.partition("#")[0] + "#aim=nothing&quality=-4&effort=x")
    add(page, files[0])


def test_many_pictures_their_settings_and_all_in_a_zip(page: Page, files: list[Path]) -> None:
    twin = files[0].parent / "twin" / "photo.png"
    twin.parent.mkdir()
    photo(2).save(twin)
    add(page, *files, twin)
    card(page, 1).get_by_role("button", name="Settings").click()
    choose(page, "aim", "colors")
    choose(page, "colors", "5")
    first = fewcolors.compress(files[0]).data
    assert result(page, 0) == first  # the others keep theirs
    page.get_by_role("button", name="Apply to all").click()
    expect(card(page, 0).locator(".figures")).to_contain_text("; 5 colours")
    expect(card(page, 2).locator(".figures")).to_contain_text("; 5 colours")
    data = downloaded(page, page.get_by_role("button", name="Download all as ZIP").click)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {
        "photo-fewcolors.png": fewcolors.compress(files[0], 5).data,
        "soft-shadow-fewcolors.png": fewcolors.compress(files[1], 5).data,
        "photo-fewcolors-2.png": fewcolors.compress(twin, 5).data,
    }
    card(page, 0).get_by_role("button", name="Remove").click()
    expect(page.locator(".picture")).to_have_count(2)


DROP = """([name, data, kind]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "image/png" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
    : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector("#drop").dispatchEvent(event);
}"""


@pytest.mark.parametrize("way", ["drop", "paste", "folder"])
def test_pictures_come_by_other_ways(page: Page, files: list[Path], way: str) -> None:
    if way == "folder":
        page.set_input_files("#folder", files[0].parent)
        expect(page.locator(".picture")).to_have_count(2)
        return
    data = base64.b64encode(files[0].read_bytes()).decode()
    page.evaluate(DROP, ["a.png", data, way])
    done(page)
    assert result(page) == fewcolors.compress(files[0]).data


def test_the_divider_zoom_and_pan(page: Page, files: list[Path]) -> None:
    add(page, files[0])
    panes, line = card(page).locator(".panes"), card(page).locator(".line")
    at = line.bounding_box()
    page.mouse.move(at["x"] + 1, at["y"] + 20)
    page.mouse.down()
    page.mouse.move(at["x"] + 80, at["y"] + 20, steps=3)
    page.mouse.up()
    moved = line.bounding_box()
    assert moved["x"] - at["x"] == pytest.approx(79, abs=4)
    card(page).get_by_label("Divider").fill("10")
    assert line.bounding_box()["x"] < at["x"]
    for _ in range(3):
        card(page).get_by_role("button", name="Zoom in").click()
    box = panes.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 80, steps=4)
    page.mouse.up()
    transforms = panes.locator("img").evaluate_all("all => all.map(one => one.style.transform)")
    assert transforms[0] == transforms[1]
    assert "scale(8)" in transforms[0]
    assert "translate(0px, 0px)" not in transforms[0]
    card(page).get_by_role("button", name="Fit").click()
    assert "scale(1)" in panes.locator("img").first.get_attribute("style")


def test_the_palette_is_shown_copied_and_saved(page: Page, files: list[Path]) -> None:
    add(page, files[0])
    choose(page, "aim", "colors")
    choose(page, "colors", "4")
    expected = fewcolors.compress(files[0], 4).indexed
    card(page).locator(".palette summary").click()
    swatches = card(page).locator(".swatches button")
    expect(swatches).to_have_count(4)
    shares = zip(expected.palette.hex(), expected.shares, strict=True)
    assert swatches.all_inner_texts() == [f"{color} {100 * share:.1f}%" for color, share in shares]
    swatches.first.click()
    assert page.evaluate("navigator.clipboard.readText()") == expected.palette.hex()[0]
    for name in ("hex", "json", "gpl", "ase"):
        button = card(page).get_by_role("button", name=f"Save the palette as .{name}")
        (files[0].parent / f"saved.{name}").write_bytes(downloaded(page, button.click))
        saved = fewcolors.Palette.load(files[0].parent / f"saved.{name}")
        assert set(saved.hex()) == set(expected.palette.hex())


def test_the_curve_can_be_dragged(page: Page, files: list[Path]) -> None:
    add(page, files[0])
    card(page).locator(".curve summary").click()
    dot = card(page).get_by_role("slider", name="Quality")
    dot.wait_for()
    dot.scroll_into_view_if_needed()
    at = dot.bounding_box()
    with page.expect_response("**/v1/compress?*"):
        page.mouse.move(at["x"] + 5, at["y"] + 5)
        page.mouse.down()
        page.mouse.move(at["x"] - 80, at["y"] + 5, steps=3)
        page.mouse.up()
    chosen = int(page.locator("[name=quality]").input_value())
    assert chosen < 75
    page.wait_for_selector(".picture:not(.busy)")
    assert result(page) == fewcolors.compress(files[0], quality=chosen).data
    dot.wait_for()
    with page.expect_response("**/v1/compress?*"):
        dot.press("ArrowLeft")


def test_faults_stand_beside_their_picture(page: Page, files: list[Path]) -> None:
    wrong = files[0].parent / "wrong.png"
    wrong.write_bytes(b"no picture")
    page.set_input_files("#files", [wrong, files[0]])
    expect(card(page, 0).get_by_role("alert")).to_contain_text("not a picture")
    done(page, 1)


def test_a_large_picture_is_previewed_and_nothing_stale_shown(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    photo().resize((2000, 1400)).save(large, compress_level=1)
    page.evaluate(
        """() => { window.states = []; new MutationObserver((all) => all.forEach(({ target }) =>
        target.dataset?.state && window.states.push(target.dataset.state))).observe(
        document.querySelector("#pictures"),
        { attributes: true, attributeFilter: ["data-state"], subtree: true }); }"""
    )
    page.set_input_files("#files", [large])
    page.wait_for_selector(".picture[data-state=preview], .picture[data-state=done]")
    for quality in ("30", "31", "32", "90"):  # faster than any answer
        page.locator("[name=quality]").fill(quality)
    page.wait_for_selector(".picture[data-state=done]:not(.busy)")
    assert page.evaluate("window.states")[0] == "preview"
    assert result(page) == fewcolors.compress(large, quality=90).data


def test_a_key_is_asked_for_where_one_is_needed(browser: Browser, tmp_path: Path) -> None:
    keys = read_keys([key_line("me", "my-key")])
    path = tmp_path / "photo.png"
    photo().save(path)
    with serving(tmp_path / "state", keys=keys) as service:
        page = browser.new_page()
        page.goto(service.address)
        page.set_input_files("#files", [path])
        page.get_by_label("API key").fill("my-key")
        page.get_by_label("API key").press("Tab")
        done(page)
        page.close()


def axe() -> str | None:
    """The source of axe-core, where there is one."""
    named = os.environ.get("FEWCOLORS_NODE_MODULES")
    path = Path(named or "") / "axe-core" / "axe.min.js"
    return path.read_text() if named and path.exists() else None


@pytest.mark.skipif(axe() is None, reason="needs npm's axe-core in FEWCOLORS_NODE_MODULES")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(page: Page, files: list[Path], scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    add(page, *files)
    for part in ("palette", "curve"):
        card(page).locator(f".{part} summary").click()
    card(page).get_by_role("slider", name="Quality").wait_for()
    page.evaluate(axe() or "")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate("axe.run()")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0


def test_the_keyboard_reaches_everything(page: Page, files: list[Path]) -> None:
    add(page, files[0])
    reached = set()
    page.locator("body").press("Tab")
    for _ in range(30):
        reached.add(
            page.evaluate(
                "(e => e.name || e.id || e.className || e.localName)(document.activeElement)"
            )
        )
        page.keyboard.press("Tab")
    assert {"files", "folder", "aim", "quality", "method", "dither", "effort", "format"} <= reached
    assert {"select", "remove", "zoom-in", "zoom-out", "zoom-fit", "apply-all"} <= reached


def test_the_page_is_in_the_package_and_nowhere_else(service: Serving) -> None:
    for name, kind in (
        ("", "text/html"),
        ("main.js", "text/javascript"),
        ("style.css", "text/css"),
    ):
        answer = service.ask("GET", f"/{name}")
        assert answer.headers["Content-Type"].startswith(kind)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    for name in ("nothing.js", "../app.py", "%2e%2e/app.py", "__init__.py"):
        assert service.ask("GET", f"/{name}").status == 404
    assert json.loads(service.ask("GET", "/v1/openapi.json").body)["openapi"] == "3.1.0"
