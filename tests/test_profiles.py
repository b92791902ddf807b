"""Colour profiles: converted to sRGB as browsers show them, or kept; never a reason to fail."""

import io
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ciede2000 import ciede2000, lab_of_srgb
from color_spaces import (
    P3_PRIMARIES,
    SPACES,
    cmyk_profile,
    encoded_in,
    file_of,
    grey_profile,
    iccp,
    png_of,
    smooth_picture,
)
from conftest import Run, png_chunk
from PIL import Image, ImageCms

import fewcolors
from fewcolors import Pixels, decode
from fewcolors.decode.color import tone_curves
from fewcolors.decode.color.icc_read import is_srgb, read_curves
from fewcolors.decode.color.icc_write import SRGB_PRIMARIES, build_profile
from fewcolors.decode.color.profiles import IGNORED
from fewcolors.decode.color.tone_curves import SRGB_CURVE, ToneCurve, encoded, srgb_levels

PICTURE = smooth_picture()
P3_CICP = png_chunk(b"cICP", bytes((12, 13, 0, 1)))
SRGB_CHUNK = png_chunk(b"sRGB", b"\0")
LINEAR = png_chunk(b"gAMA", struct.pack(">I", 100_000))
P3_CHRM = png_chunk(
    b"cHRM", struct.pack(">8I", *(round(v * 100_000) for point in P3_PRIMARIES for v in point))
)


def array_of(pixels: Pixels) -> Any:
    shape = (pixels.height, pixels.width, pixels.channels)
    return np.frombuffer(pixels.data, np.uint8).reshape(shape)


def difference(srgb: Any, got: Any) -> float:
    """The mean CIEDE2000 of 8-bit sRGB to exact sRGB."""
    return float(ciede2000(lab_of_srgb(srgb), lab_of_srgb(got[..., :3] / 255)).mean())


# Conversion


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("name", SPACES)
def test_256_colors_stay_within_one_of_an_exact_conversion(name: str, depth: int) -> None:
    space = SPACES[name]
    data = png_of(encoded_in(space, PICTURE), depth, iccp(space.icc(name)))
    pixels = decode(data)
    assert difference(PICTURE, array_of(pixels)) < 0.5
    assert pixels.note is not None
    assert f"converted from {name} to sRGB" in pixels.note
    assert difference(PICTURE, fewcolors.quantize(data, 256).to_rgb()) < 1


@pytest.mark.parametrize("chunks", [P3_CICP, P3_CHRM])
def test_display_p3_is_understood_however_it_is_said(chunks: bytes) -> None:
    data = png_of(encoded_in(SPACES["Display P3"], PICTURE), 8, chunks)
    assert difference(PICTURE, array_of(decode(data))) < 0.5


@pytest.mark.parametrize("gamma", [1.0, 0.55])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_gamma_is_undone_and_alpha_left_alone(gamma: float, channels: int) -> None:
    chunk = png_chunk(b"gAMA", struct.pack(">I", round(gamma * 100_000)))
    wanted = np.array([0.1, 0.3, 0.5, 0.9])
    light = np.array([ToneCurve.light(SRGB_CURVE, value) for value in wanted])
    values = np.repeat((light**gamma)[None, :, None], channels, axis=2)
    if channels % 2 == 0:
        values[..., -1] = [0, 0.2, 0.6, 1]
    got = array_of(decode(png_of(values, 16, chunk)))
    assert np.abs(got[0, :, 0] - wanted * 255).max() <= 1
    if channels % 2 == 0:
        assert got[0, :, 3].tolist() == [0, 51, 153, 255]


def test_the_shadows_of_linear_sixteen_bits_are_kept() -> None:
    wanted = np.arange(64) / 255
    light = np.array([SRGB_CURVE.light(value) for value in wanted])
    data = png_of(np.repeat(light[None, :, None], 3, axis=2), 16, LINEAR)
    assert array_of(decode(data))[0, :, 0].tolist() == list(range(64))


def test_grey_stays_grey() -> None:
    ramp = np.linspace(0, 1, 256)[None, :, None]
    for icc in (grey_profile(1.8), SPACES["Adobe RGB"].icc("Adobe RGB")):
        got = array_of(decode(png_of(ramp, 8, iccp(icc))))
        assert np.ptp(got, axis=2).max() == 0
    wanted = [SRGB_CURVE.light(v) ** (1 / 1.8) for v in (0.2, 0.6)]
    data = png_of(np.array(wanted)[None, :, None], 8, iccp(grey_profile(1.8)))
    assert np.abs(array_of(decode(data))[0, :, 0] - [51.0, 153.0]).max() <= 1


def test_large_pictures_are_converted_without_seams() -> None:
    row = encoded_in(SPACES["Display P3"], np.resize(PICTURE, (1, 900, 3)))
    values = np.repeat(row, 1200, axis=0)
    icc = SPACES["Display P3"].icc("P3")
    for depth in (8, 16):
        got = array_of(decode(png_of(values, depth, iccp(icc))))
        assert (got == got[:1]).all()


def test_pictures_of_pillow_bring_their_profile() -> None:
    space = SPACES["Adobe RGB"]
    values = np.round(encoded_in(space, PICTURE) * 255).astype(np.uint8)
    image = Image.fromarray(values)
    image.info["icc_profile"] = space.icc("Adobe RGB")
    assert difference(PICTURE, array_of(decode(image))) < 0.5


@pytest.mark.parametrize("format_", ["JPEG", "WEBP", "TIFF", "AVIF"])
def test_profiles_are_found_in_every_format(format_: str) -> None:
    values = np.round(encoded_in(SPACES["Display P3"], PICTURE) * 255).astype(np.uint8)
    icc = SPACES["Display P3"].icc("Display P3")
    options = {} if format_ == "TIFF" else {"quality": 98}
    pixels = decode(file_of(Image.fromarray(values), format_, icc_profile=icc, **options))
    assert difference(PICTURE, array_of(pixels)) < 1.5


def test_cmyk_goes_through_its_profile_or_as_browsers_do() -> None:
    inks = np.zeros((1, 4, 4), np.uint8)
    inks[0, 1, 3] = inks[0, 2, 0] = inks[0, 3, 2] = 255
    image = Image.frombytes("CMYK", (4, 1), inks.tobytes())
    plain = array_of(decode(file_of(image, "TIFF")))
    assert plain.tolist() == [[[255, 255, 255], [0, 0, 0], [0, 255, 255], [255, 255, 0]]]

    profile = cmyk_profile()
    pixels = decode(file_of(image, "TIFF", icc_profile=profile), keep_profile=True)
    reference = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        ImageCms.Intent.PERCEPTUAL,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert reference is not None
    np.testing.assert_array_equal(array_of(pixels), np.asarray(reference))
    assert pixels.profile is None  # a palette has no inks
    assert pixels.note is not None
    assert "not CMYK" in pixels.note


def test_a_cmyk_jpeg_of_adobe_is_not_inverted() -> None:
    white = Image.new("CMYK", (16, 16))
    assert array_of(decode(file_of(white, "JPEG"))).min() >= 253


def test_lab_pictures_are_converted() -> None:
    image = Image.new("LAB", (2, 1), (255, 128, 128))
    image.putpixel((1, 0), (0, 128, 128))
    got = array_of(decode(image)).astype(int)
    assert np.abs(got - [[[255, 255, 255], [0, 0, 0]]]).max() <= 1


# Precedence


def red_of(chunks: bytes) -> int:
    pixel = array_of(decode(png_of(np.full((1, 1, 3), 0.5), 8, chunks)))
    return int(pixel[0, 0, 0])


def test_precedence_is_that_of_the_png_specification() -> None:
    srgb_cicp = png_chunk(b"cICP", bytes((1, 13, 0, 1)))
    linear_icc = iccp(build_profile("linear", SRGB_PRIMARIES, ToneCurve(1.0)))
    assert red_of(LINEAR) == red_of(linear_icc) == 188
    assert red_of(LINEAR + SRGB_CHUNK) == 128
    assert red_of(SRGB_CHUNK + linear_icc) == 188
    assert red_of(srgb_cicp + linear_icc) == 128
    high_range = png_chunk(b"cICP", bytes((9, 16, 0, 1)))
    assert red_of(high_range + linear_icc) == 188  # PQ is not understood: the next one counts


# sRGB


@pytest.mark.parametrize(
    "icc",
    [
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        build_profile("anything", SRGB_PRIMARIES, SRGB_CURVE),
    ],
)
def test_srgb_is_recognized_by_its_numbers(icc: bytes) -> None:
    assert is_srgb(icc)
    pixels = decode(png_of(PICTURE, 8, iccp(icc)), keep_profile=True)
    assert (pixels.note, pixels.profile) == (None, None)
    np.testing.assert_array_equal(array_of(pixels), np.round(PICTURE * 255))


@pytest.mark.parametrize("name", SPACES)
def test_other_spaces_are_not_taken_for_srgb(name: str) -> None:
    assert not is_srgb(SPACES[name].icc(name))


def test_the_gamma_that_goes_with_srgb_changes_nothing() -> None:
    chunk = png_chunk(b"gAMA", struct.pack(">I", 45455))
    assert decode(png_of(PICTURE, 8, chunk)).note is None


def test_srgb_costs_no_import_of_littlecms(run_command: Run, tmp_path: Path) -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    (tmp_path / "a.png").write_bytes(png_of(PICTURE, 8, iccp(icc)))
    import subprocess

    code = "import sys, fewcolors; fewcolors.decode('a.png'); print('PIL.ImageCms' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"False"


def test_tone_curves_of_every_type_are_read() -> None:
    icc = build_profile("x", SRGB_PRIMARIES, SRGB_CURVE)

    def first(curve: bytes) -> Any:
        listed = icc.index(b"rTRC")
        entry = struct.pack(">4sII", b"rTRC", len(icc), len(curve))
        curves = read_curves(icc[:listed] + entry + icc[listed + len(entry) :] + curve)
        assert curves is not None
        return curves[0]

    def para(kind: int, *values: float) -> bytes:
        numbers = struct.pack(f">{len(values)}i", *(round(v * 65536) for v in values))
        return struct.pack(">4sIHH", b"para", 0, kind, 0) + numbers

    assert first(b"curv" + bytes(8))(0.3) == pytest.approx(0.3)
    assert first(b"curv" + struct.pack(">IIH", 0, 1, 512))(0.3) == pytest.approx(0.09)
    assert first(b"curv" + struct.pack(">II3H", 0, 3, 0, 0, 65535))(0.75) == pytest.approx(0.5)
    assert first(para(0, 2))(0.3) == pytest.approx(0.09)
    assert first(para(1, 2, 2, -1))(0.75) == pytest.approx(0.25)
    assert first(para(1, 2, 2, -1))(0.25) == pytest.approx(0)
    assert first(para(2, 2, 2, -1, 0.125))(0.75) == pytest.approx(0.375)
    assert first(para(2, 2, 2, -1, 0.125))(0.25) == pytest.approx(0.125)
    assert first(para(4, 2, 1, 0, 0.5, 0.5, 0.25, 0.125))(0.25) == pytest.approx(0.25)
    assert first(para(4, 2, 1, 0, 0.5, 0.5, 0.25, 0.125))(1.0) == pytest.approx(1.25)


# Damage

PROFILE = SPACES["Display P3"].icc("Display P3")


@pytest.mark.parametrize(
    "chunks",
    [
        iccp(b"nothing of the kind"),
        iccp(PROFILE[:200]),
        iccp(PROFILE[:128] + b"\xff" * 400),
        iccp(grey_profile(1.8)),  # for pixels of colour
        iccp(cmyk_profile()),
        png_chunk(b"iCCP", b"a profile\0\0not deflated"),
        png_chunk(b"iCCP", b"a profile\0\x07" + bytes(9)),
        png_chunk(b"iCCP", b""),
        iccp(PROFILE)[:-1] + b"?",  # its checksum
        png_chunk(b"gAMA", b"\0"),
        png_chunk(b"gAMA", bytes(4)),
        png_chunk(b"cHRM", bytes(32)),
        png_chunk(b"cHRM", b"\xff" * 32),
        png_chunk(b"cICP", b"\x0c"),
        png_chunk(b"cICP", bytes((9, 16, 0, 1))),
        png_chunk(b"sRGB", b""),
    ],
)
def test_a_broken_profile_is_ignored_with_a_note(chunks: bytes) -> None:
    pixels = decode(png_of(PICTURE, 8, chunks), keep_profile=True)
    np.testing.assert_array_equal(array_of(pixels), np.round(PICTURE * 255))
    assert (pixels.note, pixels.profile) == (IGNORED, None)


def steep_profile(gamma: float, scale: float) -> bytes:
    """A profile of grey whose tone curve no float can hold."""
    rgb = build_profile("Steep", SRGB_PRIMARIES, ToneCurve(gamma, scale))
    at = rgb.index(b"rTRC")
    return rgb[:16] + b"GRAY" + rgb[20:at] + b"kTRC" + rgb[at + 4 :]


@pytest.mark.parametrize(("gamma", "scale"), [(30_000.0, 2.0), (-1.0, 1.0), (0.0, 1.0)])
@pytest.mark.parametrize("depth", [8, 16])
def test_a_tone_curve_that_overflows_is_ignored(gamma: float, scale: float, depth: int) -> None:
    ramp = np.linspace(0, 1, 256)[None, :, None]
    pixels = decode(png_of(ramp, depth, iccp(steep_profile(gamma, scale))))
    assert pixels.note == IGNORED
    assert array_of(pixels)[0, :, 0].tolist() == list(range(256))


def test_tone_tables_are_the_same_on_every_processor() -> None:
    curves = [ToneCurve(2.2), ToneCurve(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)]
    for curve in (*curves, ToneCurve(1.0), SRGB_CURVE):
        for n_levels in (256, 4096):
            exact = [
                int(encoded(curve.light(level / (n_levels - 1))) * 255 + 0.5)
                for level in range(n_levels)
            ]
            assert srgb_levels(curve.light, n_levels) == exact


def test_other_last_bits_of_the_c_library_change_no_tone(monkeypatch: pytest.MonkeyPatch) -> None:
    light = ToneCurve(2.2).light
    before = srgb_levels(light, 65536)
    monkeypatch.setattr(tone_curves, "_about", lambda base, exponent: base**exponent + 3e-10)
    assert srgb_levels(light, 65536) == before


def test_every_way_to_damage_a_profile_leaves_the_picture() -> None:
    draws = np.random.default_rng(0)
    for _ in range(100):
        damaged = bytearray(PROFILE)
        for place in draws.integers(0, len(damaged), 4):
            damaged[place] = draws.integers(0, 256)
        decode(png_of(PICTURE[:2, :2], 8, iccp(bytes(damaged))))


# Keeping


@pytest.mark.parametrize(
    ("chunks", "kind"), [(iccp(PROFILE), b"iCCP"), (P3_CICP, b"cICP"), (P3_CHRM + LINEAR, b"gAMA")]
)
def test_a_kept_profile_goes_into_the_png(chunks: bytes, kind: bytes) -> None:
    data = png_of(encoded_in(SPACES["Display P3"], PICTURE), 8, chunks)
    result = fewcolors.compress(data, keep_profile=True)
    assert kind in result.data[: result.data.index(b"PLTE")]
    assert result.note is None
    again = decode(result.data, keep_profile=True)
    original = decode(data, keep_profile=True)
    assert again.profile is not None
    assert original.profile is not None
    assert again.profile.icc == original.profile.icc
    assert abs(array_of(again).astype(int) - array_of(original)).mean() < 4
    assert result.indexed.to_pil().info["icc_profile"] == original.profile.icc


def test_a_given_palette_is_srgb(run_command: Run) -> None:
    with pytest.raises(ValueError, match="keep_profile does not go with palette"):
        fewcolors.compress(png_of(PICTURE, 8), palette=["#000", "#fff"], keep_profile=True)
    done = run_command("compress", "a.png", "--palette", "a.gpl", "--keep-profile")
    assert done.returncode == 2


def test_a_converted_picture_has_no_profile() -> None:
    result = fewcolors.compress(png_of(PICTURE, 8, iccp(PROFILE)))
    assert b"iCCP" not in result.data
    assert result.note is not None
    assert "Display P3" in result.note


def test_the_command_tells_of_the_conversion_and_keeps_on_demand(
    run_command: Run, tmp_path: Path
) -> None:
    (tmp_path / "p3.png").write_bytes(png_of(PICTURE, 8, iccp(PROFILE)))
    done = run_command("compress", "p3.png", "-o", "a.png")
    assert b"p3.png: converted from Display P3 to sRGB" in done.stderr
    done = run_command("compress", "p3.png", "-o", "b.png", "--keep-profile")
    assert done.stderr == b""
    assert b"iCCP" in (tmp_path / "b.png").read_bytes()


def test_shared_pictures_with_profiles(shared_images: Path) -> None:
    names = {path.name: decode(path) for path in (shared_images / "profiles").iterdir()}
    assert names["profile.png"].note is None  # sRGB, by another name
    wide = names["profile.jpg"].note
    assert wide is not None
    assert "Wide Gamut RGB" in wide
    stripped = array_of(names["profile-stripped.jpg"])
    assert np.abs(array_of(names["profile.jpg"]).astype(int) - stripped).mean() > 5
