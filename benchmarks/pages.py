"""Pages of text: one of text alone, and an article with a photo in it."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from canvas import GRAY, INK, WHITE, WORDS, Canvas, Floats, sentence
from PIL import Image, ImageDraw, ImageFont


def paragraph(
    canvas: Canvas,
    rng: random.Random,
    at: tuple[float, float],
    width: float,
    n_lines: int,
    size: float = 14,
    subpixel: bool = False,
) -> float:
    """Writes lines of words, some of them links; returns where the next line would be."""
    left, y = at
    font = ImageFont.load_default(size=size)
    space = font.getlength(" ")
    for line in range(n_lines):
        x = left
        end = left + width * (0.6 if line == n_lines - 1 else 1)
        while True:
            word = rng.choice(WORDS)
            length = font.getlength(word)
            if x + length > end:
                break
            link = rng.random() < 0.06
            color = (6, 69, 173) if link else INK
            canvas.text((round(x), round(y)), word, color, size, subpixel=subpixel)
            if link:
                under, start, stop = round(y + 1.2 * size), round(x), round(x + length)
                ImageDraw.Draw(canvas.image).line((start, under, stop, under), color)
            x += length + space
        y += round(1.55 * size)
    return y


def text_page() -> Image.Image:
    """A page of an encyclopedia, its letters with coloured edges; a table and a red warning."""
    rng = random.Random(5)
    canvas = Canvas(960, 1100)
    canvas.rounded((0, 0, 180, 1100), 0, (246, 246, 246))
    for number in range(26):
        canvas.text(
            (22, 120 + 26 * number), rng.choice(WORDS).capitalize(), (6, 69, 173), 13, subpixel=True
        )
    canvas.text((210, 26), "k-means clustering", INK, 30, subpixel=True)
    ImageDraw.Draw(canvas.image).line((210, 70, 930, 70), (162, 169, 177))
    y = paragraph(canvas, rng, (210, 84), 720, 9, 14, True)
    for number in range(3):
        y += 14
        canvas.text(
            (210, y),
            rng.choice(WORDS).capitalize() + " and " + rng.choice(WORDS),
            INK,
            22,
            subpixel=True,
        )
        ImageDraw.Draw(canvas.image).line((210, y + 34, 930, y + 34), (162, 169, 177))
        y = paragraph(canvas, rng, (210, y + 44), 720, 8, 14, True)
        if number == 1:
            draw = ImageDraw.Draw(canvas.image)
            draw.rectangle((210, y + 6, 640, y + 32), (234, 236, 240), (162, 169, 177))
            for row in range(5):
                top = y + 6 + 26 * row
                draw.rectangle((210, top, 640, top + 26), None, (162, 169, 177))
                for column in range(4):
                    value = WORDS[column + 4] if row == 0 else f"{rng.uniform(1, 99):.2f}"
                    canvas.text((220 + 108 * column, top + 5), value, INK, 13, subpixel=True)
            draw.rectangle((670, y + 6, 930, y + 60), (254, 231, 230), (214, 40, 40))
            canvas.text((684, y + 24), "Citation needed", (179, 36, 36), 14, subpixel=True)
            y += 150
    return canvas.image


def landscape(width: int, height: int) -> Image.Image:
    """What could be a photograph: hills in mist, grass and clouds, with a sensor's noise."""
    rng = np.random.default_rng(6)

    def noise(octaves: Sequence[int]) -> Floats:
        total = np.zeros((height, width))
        for cell in octaves:
            grid = rng.random((height // cell + 3, width // cell + 3))
            layer = Image.fromarray(grid.astype(np.float32))
            whole = (grid.shape[1] * cell, grid.shape[0] * cell)
            large = layer.resize(whole, Image.Resampling.BICUBIC)
            total += cell * (np.asarray(large)[:height, :width] - 0.5)
        return total / sum(octaves)

    down = np.linspace(0, 1, height)[:, None, None] * np.ones((1, width, 1))
    picture = np.array((92, 140, 205)) * (1 - down) + np.array((236, 222, 205)) * down
    clouds = np.clip(3.2 * noise((96, 48, 24, 12, 6)) + 0.1, 0, 1)[..., None] * (1 - down)
    picture += (np.array((250, 248, 246)) - picture) * clouds
    rows = np.arange(height)[:, None]
    for layer in range(5):
        ridge = noise((128, 64, 32, 16, 8))[height // 2] * 0.5 * (1.3 - 0.15 * layer)
        top = height * (0.42 + 0.12 * layer + ridge)
        texture = noise((16, 8, 4, 2))[..., None] * (30 + 40 * layer)
        near = layer / 4
        color = np.array((150, 170, 190)) * (1 - near) + np.array((62, 88, 36)) * near
        cover = np.clip(rows - top[None] + 0.5, 0, 1)[..., None]
        picture += (color + texture - 26 * (rows - top[None])[..., None] / height - picture) * cover
    picture += rng.normal(0, 2.2, (height, width, 1)) + rng.normal(0, 0.8, (height, width, 3))
    return Image.fromarray(np.uint8(np.clip(np.rint(picture), 0, 255)))


def article(photo: Path | None = None) -> Image.Image:
    """A page of news: a headline, a photo of about a third of the page, and text around it."""
    rng = random.Random(7)
    canvas = Canvas(1000, 900)
    canvas.rounded((0, 0, 1000, 56), 0, (20, 60, 92))
    canvas.text((32, 28), "The Daily Pixel", WHITE, 24, "lm")
    canvas.rounded((880, 14, 968, 42), 14, (255, 193, 7))
    canvas.text((924, 28), "Subscribe", INK, 13, "mm")
    canvas.text((32, 84), "Few colours are enough, say clusters", INK, 32)
    canvas.text((32, 128), "By our own correspondent, 3 minutes to read", GRAY, 13)
    if photo:
        with Image.open(photo) as opened:
            picture = opened.convert("RGB").resize((600, 400), Image.Resampling.LANCZOS)
    else:
        picture = landscape(600, 400)
    canvas.image.paste(picture, (32, 156))
    canvas.text((32, 564), "Hills, as seen from the office. Photo: nobody", GRAY, 12)
    paragraph(canvas, rng, (32, 592), 600, 13, 14)
    paragraph(canvas, rng, (668, 470), 300, 18, 13)
    canvas.rounded((668, 156, 968, 440), 8, (241, 245, 249))
    canvas.text((688, 174), "Most read", INK, 18)
    for number in range(6):
        y = 214 + 37 * number
        canvas.ellipse((688, y, 712, y + 24), (20, 60, 92))
        canvas.text((700, y + 12), str(number + 1), WHITE, 13, "mm")
        canvas.text((724, y + 5), sentence(rng, 4)[:34], INK, 13)
    return canvas.image
