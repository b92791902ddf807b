"""Draws six pictures that are no photographs, the same ones every time, for the other benchmarks.

    python benchmarks/graphics.py FOLDER [--photo FILE]

A chart, an icon set, windows of an application, pixel art, a page of text and an article with a
photo in it. Everything is drawn here, with the font that Pillow brings: no files are needed.
Shapes are drawn at four times the size and reduced, so that they have the soft edges, and with
them the thousands of colours, of real screenshots.
"""

import argparse
import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
from canvas import INK, LINE, TAB10, WHITE, WORDS, Box, Canvas, Color, colormap, gradient
from pages import article, text_page
from PIL import Image, ImageFont


def chart() -> Image.Image:
    """Four plots: lines, bars, points, and a heat map with its scale."""
    rng = random.Random(1)
    canvas = Canvas(1000, 800)
    canvas.text((500, 14), "Size at equal quality", size=22, anchor="ma")
    frames: list[Box] = [(70, 70, 470, 350), (570, 70, 970, 350), (70, 450, 470, 730)]
    frames.append((570, 450, 890, 730))
    for (left, top, right, bottom), title in zip(frames, "abcd", strict=True):
        canvas.text(((left + right) / 2, top - 26), f"({title}) per image", size=15, anchor="ma")
        for step in range(6):
            y = bottom - (bottom - top) * step / 5
            if title != "d":
                canvas.line([(left, y), (right, y)], LINE, 1)
            canvas.text((left - 8, y), f"{20 * step}", size=12, anchor="rm")
            x = left + (right - left) * step / 5
            canvas.text((x, bottom + 8), f"{step / 5:.1f}", size=12, anchor="ma")
    left, top, right, bottom = frames[0]
    for number, color in enumerate(TAB10[:5]):
        points, y = [], 40.0 + 30 * number
        for x in range(0, 401, 5):
            y = min(270, max(8, y + rng.gauss(0.4, 4)))
            points.append((left + x, bottom - y))
        canvas.line(points, color, 1.6)
        canvas.line(
            [(left + 14, top + 16 + 18 * number), (left + 38, top + 16 + 18 * number)], color, 2
        )
        canvas.text(
            (left + 46, top + 16 + 18 * number), f"method {number + 1}", size=12, anchor="lm"
        )
    left, top, right, bottom = frames[1]
    for group in range(6):
        for number, color in enumerate(TAB10[:3]):
            x = left + 14 + 64 * group + 17 * number
            canvas.rounded((x, bottom - rng.uniform(60, 260), x + 16, bottom), 0, color)
    left, top, right, bottom = frames[2]
    for number, color in enumerate(TAB10[:4]):
        for _ in range(90):
            x = rng.gauss(left + 80 + 80 * number, 32)
            y = rng.gauss(bottom - 60 - 50 * number, 28)
            if left + 5 < x < right - 5 and top + 5 < y < bottom - 5:
                canvas.ellipse((x - 3.5, y - 3.5, x + 3.5, y + 3.5), color, 0.6)
    left, top, right, bottom = frames[3]
    down, across = np.mgrid[0 : int(bottom - top), 0 : int(right - left)] / 280
    waves = np.sin(7 * across + 2 * np.sin(5 * down)) * np.cos(6 * down - 2 * across)
    canvas.image.paste(Image.fromarray(colormap(0.5 + 0.45 * waves)), (int(left), int(top)))
    scale = colormap(np.broadcast_to(np.linspace(1, 0, 280)[:, None], (280, 22)))
    canvas.image.paste(Image.fromarray(scale), (910, int(top)))
    for step in range(6):
        canvas.text((938, bottom - 56 * step), f"{step / 5:.1f}", size=12, anchor="lm")
    for left, top, right, bottom in frames:
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        canvas.line(corners, INK, 1)
    return canvas.image


def icons() -> Image.Image:
    """Thirty-five round and square icons with gradients and soft shadows."""
    rng = random.Random(2)
    canvas = Canvas(840, 620, (245, 246, 248))
    size = canvas.image.size
    hues = (
        (66, 133, 244),
        (234, 67, 53),
        (251, 188, 5),
        (52, 168, 83),
        (155, 81, 224),
        (0, 172, 193),
        (96, 125, 139),
    )
    for number in range(35):
        x, y = 30 + 114 * (number % 7), 24 + 118 * (number // 7)
        box = (x, y, x + 96, y + 96)
        hue = hues[(number * 3 + number // 7) % 7]
        light: Color = tuple(round(c + (255 - c) * 0.28) for c in hue)  # type: ignore[assignment]
        dark: Color = tuple(round(c * 0.82) for c in hue)  # type: ignore[assignment]
        radius = 48 if number % 3 == 0 else 20
        canvas.rounded((x, y + 4, x + 96, y + 100), radius, (0, 0, 0), opacity=0.28, blur=4)
        canvas.rounded(box, radius, gradient(size, box, light, dark, 90))
        kind = number % 7
        a, b = x + 48, y + 48
        if kind == 0:
            canvas.line([(a - 20, b), (a - 5, b + 16), (a + 22, b - 16)], WHITE, 7)
        elif kind == 1:
            star = [
                (a + r * math.sin(t * math.pi / 5), b - r * math.cos(t * math.pi / 5))
                for t, r in zip(range(10), (28, 12) * 5, strict=True)
            ]
            canvas.polygon(star, WHITE)
        elif kind == 2:
            for bar in range(4):
                height = rng.uniform(12, 44)
                canvas.rounded(
                    (a - 24 + 13 * bar, b + 22 - height, a - 14 + 13 * bar, b + 22), 2, WHITE
                )
        elif kind == 3:
            canvas.ellipse((a - 26, b - 26, a + 26, b + 26), WHITE)
            canvas.ellipse((a - 19, b - 19, a + 19, b + 19), hue)
            canvas.line([(a, b - 13), (a, b), (a + 9, b + 6)], WHITE, 4)
        elif kind == 4:
            canvas.rounded((a - 26, b - 18, a + 26, b + 18), 5, WHITE)
            canvas.line([(a - 24, b - 14), (a, b + 5), (a + 24, b - 14)], hue, 4)
        elif kind == 5:
            canvas.ellipse((a - 12, b - 26, a + 12, b - 2), WHITE)
            canvas.rounded((a - 24, b + 4, a + 24, b + 30), 14, WHITE)
        else:
            canvas.text((a, b), rng.choice("AGRQ&"), WHITE, 52, "mm")
        if number in (8, 25):
            canvas.ellipse((x + 80, y - 6, x + 100, y + 14), (255, 23, 68))
            canvas.text((x + 90, y + 4), str(number % 9), WHITE, 13, "mm")
    return canvas.image


def windows() -> Image.Image:
    """Two windows on a desktop: a code editor and a dialogue; a few small badges."""
    rng = random.Random(3)
    canvas = Canvas(1200, 800)
    size = canvas.image.size
    canvas.image.paste(gradient(size, (0, 0, 1200, 800), (38, 70, 128), (124, 77, 140), 90))
    canvas.rounded((0, 0, 1200, 28), 0, (245, 245, 247), opacity=0.86)
    for number, word in enumerate(("Editor", "File", "Edit", "View", "Run", "Help")):
        canvas.text((24 + 64 * number, 14), word, INK, 13 + (number == 0), "lm")
    canvas.text((1180, 14), "Thu 14:27", INK, 13, "rm")
    canvas.window((60, 70, 860, 690), 10, (30, 32, 40))
    bar = (60, 70, 860, 106)
    canvas.rounded((60, 70, 860, 120), 10, gradient(size, bar, (74, 77, 86), (52, 54, 63), 90))
    canvas.rounded((60, 106, 860, 120), 0, (30, 32, 40))
    for number, light in enumerate(((255, 95, 87), (254, 188, 46), (40, 200, 64))):
        canvas.ellipse((76 + 20 * number, 82, 88 + 20 * number, 94), light)
    canvas.text((460, 88), "kmeans.cpp", (206, 208, 214), 13, "mm")
    canvas.rounded((60, 106, 220, 680), 0, (37, 40, 49))
    for number in range(22):
        y = 126 + 24 * number
        if number == 4:
            canvas.rounded((66, y - 11, 214, y + 11), 5, (62, 88, 142))
        canvas.ellipse(
            (80 + 12 * (number % 5 > 0), y - 4, 88 + 12 * (number % 5 > 0), y + 4),
            (229, 192, 123) if number % 5 == 0 else (97, 175, 239),
        )
        canvas.text((98 + 12 * (number % 5 > 0), y), rng.choice(WORDS), (171, 178, 191), 12, "lm")
    syntax = (
        (198, 120, 221),
        (97, 175, 239),
        (152, 195, 121),
        (229, 192, 123),
        (171, 178, 191),
        (86, 182, 194),
        (224, 108, 117),
        (92, 99, 112),
    )
    for row in range(29):
        y = 126 + 19 * row
        canvas.text((252, y), str(row + 112), (76, 82, 99), 12, "rm")
        x = 268.0 + 22 * rng.choice((0, 1, 1, 2, 2, 3))
        for _ in range(rng.randrange(0, 9)):
            word = rng.choice(WORDS) + rng.choice(("", "()", ";", " =", ",", "[i]"))
            canvas.text((x, y), word, rng.choice(syntax), 13, "lm", subpixel=False)
            x += ImageFont.load_default(size=13).getlength(word + " ")
            if x > 760:
                break
    canvas.rounded((60, 664, 860, 690), 8, (62, 88, 142))
    canvas.text((76, 677), "main   0 errors   2 warnings", (240, 243, 250), 12, "lm")
    canvas.window((640, 300, 1120, 640), 12, (246, 246, 248))
    canvas.text((880, 328), "Export picture", INK, 16, "mm")
    for number, (label, value) in enumerate((("Quality", 0.72), ("Colours", 0.4), ("Size", 0.55))):
        y = 376 + 44 * number
        canvas.text((670, y), label, INK, 14, "lm")
        canvas.rounded((760, y - 3, 1080, y + 3), 3, (214, 216, 222))
        canvas.rounded((760, y - 3, 760 + 320 * value, y + 3), 3, (10, 122, 255))
        knob = (750 + 320 * value, y - 10, 770 + 320 * value, y + 10)
        canvas.rounded(
            (knob[0], knob[1] + 1, knob[2], knob[3] + 1), 10, (0, 0, 0), opacity=0.3, blur=2
        )
        canvas.ellipse(knob, gradient(size, knob, (255, 255, 255), (236, 236, 240), 90))
    for number, label in enumerate(("Dither", "Keep metadata", "Overwrite")):
        y = 512 + 28 * number
        box_color: Color = (10, 122, 255) if number < 2 else (200, 202, 208)
        canvas.rounded((670, y - 8, 686, y + 8), 4, box_color)
        if number < 2:
            canvas.line([(674, y), (677, y + 4), (683, y - 4)], WHITE, 2)
        canvas.text((696, y), label, INK, 14, "lm")
    for left, label, colors, ink in (
        (890, "Cancel", ((255, 255, 255), (236, 236, 238)), INK),
        (1000, "Export", ((62, 152, 255), (0, 106, 244)), WHITE),
    ):
        box = (left, 590, left + 96, 620)
        canvas.rounded((left - 1, 590, left + 97, 621), 8, (0, 0, 0), opacity=0.2, blur=1)
        canvas.rounded(box, 7, gradient(size, box, *colors, 90))
        canvas.text((left + 48, 605), label, ink, 14, "mm")
    dock = (300, 726, 900, 790)
    canvas.rounded(dock, 16, (255, 255, 255), opacity=0.3)
    for number in range(9):
        box = (318 + 64 * number, 734, 366 + 64 * number, 782)
        hue: Color = tuple(rng.randrange(30, 230) for _ in range(3))  # type: ignore[assignment]
        canvas.rounded(box, 11, gradient(size, box, hue, WHITE, 90))
        canvas.ellipse((box[0] + 12, box[1] + 12, box[2] - 12, box[3] - 12), hue)
    canvas.ellipse((552, 728, 570, 746), (255, 45, 32))
    canvas.text((561, 737), "3", WHITE, 12, "mm")
    canvas.ellipse((1092, 318, 1104, 330), (255, 0, 144))
    return canvas.image


def pixel_art() -> Image.Image:
    """A landscape in large square pixels, a tree, a hero and things to collect."""
    rng = random.Random(4)
    width, height = 160, 104
    art = np.zeros((height, width, 3), np.uint8)
    sky = ((38, 43, 68), (58, 68, 102), (90, 105, 136), (139, 155, 180), (192, 203, 220))
    for y in range(height):
        for x in range(width):
            band = y / 16 + (0.5 if (x + y) % 2 else 0)
            art[y, x] = sky[min(4, int(band))]
    for layer, (color, base) in enumerate((((62, 39, 49), 52), ((38, 92, 66), 66))):
        ridge = [
            base + 9 * math.sin((x + 40 * layer) / 17) + 4 * math.sin(x / 5) for x in range(width)
        ]
        for x in range(width):
            top = int(ridge[x])
            art[top:, x] = color
            art[top : top + 2, x] = [min(255, c + 36) for c in color]
    grass = ((62, 137, 72), (99, 199, 77), (38, 92, 66))
    soil = ((116, 63, 57), (184, 111, 80), (62, 39, 49))
    for tile in range(0, width, 8):
        for y in range(84, height):
            for x in range(tile, min(width, tile + 8)):
                noise = (x * 7 + y * 13 + (x * y) % 5) % 11
                colors = grass if y < 88 + noise % 3 else soil
                art[y, x] = colors[0 if noise > 3 else 1 if noise > 1 else 2]
    for left in (18, 62, 118):
        art[62:84, left : left + 4] = (116, 63, 57)
        art[62:84, left] = (184, 111, 80)
        for y in range(44, 66):
            for x in range(left - 9, left + 13):
                inside = (x - left - 2) ** 2 + (y - 54) ** 2 * 1.1 + rng.randrange(-14, 14)
                if inside < 100:
                    lit = (x - left + 3) ** 2 + (y - 49) ** 2
                    art[y, x] = grass[1] if lit < 26 else grass[0] if lit < 80 else grass[2]
    hero = (
        "..kkkk..",
        ".krrrrk.",
        ".krssrk.",
        ".kssssk.",
        "..kssk..",
        ".kbbbbk.",
        "kskbbksk",
        ".kbbbbk.",
        "..kkkk..",
        ".kyk.kyk",
    )
    ink = {
        "k": (24, 20, 37),
        "r": (228, 59, 68),
        "s": (234, 212, 170),
        "b": (0, 153, 219),
        "y": (254, 174, 52),
    }
    for y, row in enumerate(hero):
        for x, letter in enumerate(row):
            if letter != ".":
                art[74 + y, 88 + x] = ink[letter]
    for number in range(7):
        x, y = 36 + 13 * number % 120, 70 - 5 * (number % 3)
        art[y : y + 5, x + 1 : x + 4] = (254, 231, 97)
        art[y + 1 : y + 4, x : x + 5] = (254, 231, 97)
        art[y + 1 : y + 4, x + 2] = (247, 118, 34)
    art[8:11, 140:143] = (255, 0, 68)  # the only one of its colour
    for _ in range(40):
        art[rng.randrange(30), rng.randrange(width)] = (255, 255, 255)
    large = Image.fromarray(art).resize((width * 6, height * 6), Image.Resampling.NEAREST)
    # A screen's vignette: what makes thousands of colours of thirty.
    down, across = np.mgrid[-1 : 1 : 1j * large.height, -1 : 1 : 1j * large.width]
    shade = 1 - 0.16 * np.clip(across**2 + down**2 - 0.5, 0, 1)
    return Image.fromarray(np.uint8(np.rint(np.asarray(large) * shade[..., None])))


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "chart": chart,
    "icons": icons,
    "windows": windows,
    "pixel-art": pixel_art,
    "text": text_page,
    "article": article,
}


def main() -> None:
    """Writes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photo", type=Path, help="for the article, instead of a drawn one")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        picture = article(arguments.photo) if name == "article" else draw()
        picture.save(arguments.folder / f"{name}.png")


if __name__ == "__main__":
    main()
