#!/usr/bin/env python3
"""Makes the demo pictures: emoji pasted into cluttered textures, with exact boxes.

  python3 generate.py --out DIR --count 200 --seed S [--two]

writes JPEG pictures into DIR and boxes.csv with the header
file,class_index,class_name,xmin,ymin,xmax,ymax (pixels, 0-based, xmax and
ymax exclusive; one row per box; the box is tight around the pixels of the
pasted emoji whose opacity is at least one half).

A picture is fixed by (seed, index, bank seed, options) and the installed
versions of the font and of Pillow.  Needs numpy, Pillow (with FreeType) and
the bitmap font of Debian's package fonts-noto-color-emoji.
"""
import argparse
import csv
import math
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
FONT_SIZE = 109  # the one size of the bitmap font

CLASSES = [
    ("dog", 0x1F436), ("cat", 0x1F431), ("penguin", 0x1F427), ("turtle", 0x1F422),
    ("fish", 0x1F420), ("butterfly", 0x1F98B), ("sunflower", 0x1F33B), ("cactus", 0x1F335),
    ("mushroom", 0x1F344), ("strawberry", 0x1F353), ("banana", 0x1F34C), ("pizza", 0x1F355),
    ("car", 0x1F697), ("bicycle", 0x1F6B2), ("rocket", 0x1F680), ("guitar", 0x1F3B8),
    ("umbrella", 0x2614), ("alarm clock", 0x23F0), ("soccer ball", 0x26BD), ("crown", 0x1F451),
]
NAMES = [name for name, _ in CLASSES]

# Emoji of none of the classes, pasted small as clutter.
DISTRACTORS = [
    0x1F34E, 0x1F347, 0x1F966, 0x1F955, 0x1F354, 0x1F369, 0x1F382, 0x1F36D, 0x2615, 0x1F37A,
    0x1F3E0, 0x1F3F0, 0x26FA, 0x1F333, 0x1F334, 0x1F341, 0x1F340, 0x1F525, 0x1F4A7, 0x26C4,
    0x2B50, 0x1F319, 0x1F308, 0x1F418, 0x1F414, 0x1F40C, 0x1F577, 0x1F419, 0x1F42C, 0x1F98A,
    0x1F984, 0x1F438, 0x1F68C, 0x1F682, 0x2708, 0x26F5, 0x1F6F4, 0x1F3C0, 0x1F3C8, 0x1F3B2,
    0x1F3BA, 0x1F3BB, 0x1F941, 0x1F4F7, 0x1F4BB, 0x1F4DE, 0x1F4A1, 0x1F511, 0x1F528, 0x2702,
    0x1F4D5, 0x1F381, 0x1F388, 0x1F393, 0x1F452, 0x1F453, 0x1F45F, 0x1F48E, 0x2764, 0x1F600,
    0x1F47B, 0x1F916, 0x1F480, 0x1F6A6,
]


def sprite(codepoint):
    """The emoji as RGBA, cropped to what is visible."""
    font = ImageFont.truetype(FONT, FONT_SIZE, layout_engine=ImageFont.Layout.BASIC)
    picture = Image.new("RGBA", (160, 160), (0, 0, 0, 0))
    ImageDraw.Draw(picture).text((8, 16), chr(codepoint), font=font, embedded_color=True)
    box = picture.getchannel("A").point(lambda a: 255 if a >= 8 else 0).getbbox()
    if box is None:
        raise ValueError("the font has no picture for U+%04X" % codepoint)
    return picture.crop(box)


_sprites = None


def sprites():
    global _sprites
    if _sprites is None:
        _sprites = ([sprite(c) for _, c in CLASSES], [sprite(c) for c in DISTRACTORS])
    return _sprites


# ---------------------------------------------------------------- backgrounds

def _field(rng, n, cells):
    """Smooth noise in [0, 1], about `cells` bumps along a side."""
    small = rng.random((cells + 1, cells + 1)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize((n, n), Image.BICUBIC))


def _fractal(rng, n, first, octaves, gain):
    total, weight = np.zeros((n, n), np.float32), 1.0
    for o in range(octaves):
        total += weight * (_field(rng, n, min(n // 2, first << o)) - 0.5)
        weight *= gain
    low, high = np.percentile(total, (1, 99))
    return np.clip((total - low) / (high - low + 1e-6), 0, 1)


def texture(rng, n):
    """One n x n texture, uint8 RGB."""
    kind = int(rng.integers(8))
    base = _fractal(rng, n, int(rng.integers(2, 9)), 6, float(rng.uniform(0.45, 0.85)))
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    angle = rng.uniform(0, math.pi)
    u = x * math.cos(angle) + y * math.sin(angle)
    v = y * math.cos(angle) - x * math.sin(angle)
    period = float(rng.uniform(12, 70))
    warp = _field(rng, n, int(rng.integers(2, 7))) * float(rng.uniform(0, 90))
    if kind == 0:    # cloud, stone
        t = base
    elif kind == 1:  # wood
        t = 0.5 + 0.5 * np.sin((u + warp * 1.5) * 2 * math.pi / period)
        t = 0.75 * t + 0.25 * base
    elif kind == 2:  # stripes
        t = (np.mod(u + warp * 0.3, period) < period * rng.uniform(0.3, 0.7)).astype(np.float32)
        t = 0.6 * t + 0.4 * base
    elif kind == 3:  # tiles, bricks
        row = np.floor(v / period)
        w = np.mod(u + row * period * rng.choice([0, 0.8]), 1.6 * period)
        grout = (w < 3) | (np.mod(v, period) < 3)
        cell = np.mod(np.sin(row * 12.99 + np.floor((u + row * period * 0.8) / (1.6 * period)) * 78.2) * 437.5, 1)
        t = np.where(grout, 0.0, 0.35 + 0.4 * cell + 0.25 * base)
    elif kind == 4:  # checks
        t = np.mod(np.floor((u + warp * 0.2) / period) + np.floor((v + warp * 0.2) / period), 2)
        t = 0.55 * t + 0.45 * base
    elif kind == 5:  # pebbles (cells around random points)
        points = rng.random((int(rng.integers(20, 90)), 2)).astype(np.float32) * n
        d = np.full((n, n), 1e9, np.float32)
        second = d.copy()
        for px, py in points:
            e = np.hypot(x - px, y - py)
            second = np.minimum(second, np.maximum(d, e))
            d = np.minimum(d, e)
        t = np.clip((second - d) / 25, 0, 1) * (0.5 + 0.5 * base)
    elif kind == 6:  # ridges, fur
        t = np.abs(2 * base - 1) ** 0.7
    else:            # cloth
        t = 0.3 * np.sin(u * 2 * math.pi / (period / 4)) + 0.3 * np.sin(v * 2 * math.pi / (period / 4))
        t = np.clip(0.5 + t * 0.5 + (base - 0.5) * 0.8, 0, 1)
    colours = rng.uniform(0, 255, (3, 3)).astype(np.float32)
    if rng.random() < 0.5:  # muted
        colours = colours * 0.45 + colours.mean(axis=1, keepdims=True) * 0.55
    t = t.astype(np.float32)[..., None]
    other = _fractal(rng, n, 2, 4, 0.6)[..., None]
    out = (1 - t) * colours[0] + t * ((1 - other) * colours[1] + other * colours[2])
    out += rng.normal(0, rng.uniform(1, 8), (n, n, 1)).astype(np.float32)
    return np.clip(out, 0, 255).astype(np.uint8)


_banks = {}
BANK_SIDE = 384
BANK_COUNT = 240


def bank(seed, count=BANK_COUNT):
    if (seed, count) not in _banks:
        rng = np.random.default_rng((7, seed))
        _banks[(seed, count)] = [Image.fromarray(texture(rng, BANK_SIDE)) for _ in range(count)]
    return _banks[(seed, count)]


def _backdrop(rng, textures, width, height, scale):
    """A crop of a texture; sometimes two textures with a border between."""
    def one():
        t = textures[int(rng.integers(len(textures)))]
        zoom = rng.uniform(0.7, 1.6) * scale  # picture pixels per texture pixel
        fit = max(width, height) / BANK_SIDE
        zoom = max(zoom, fit * 1.001)
        w, h = width / zoom, height / zoom
        x0, y0 = rng.uniform(0, BANK_SIDE - w), rng.uniform(0, BANK_SIDE - h)
        out = t.resize((width, height), Image.BILINEAR, box=(x0, y0, x0 + w, y0 + h))
        turn = int(rng.integers(4))
        if turn & 1:
            out = out.transpose(Image.FLIP_LEFT_RIGHT)
        if turn & 2:
            out = out.transpose(Image.FLIP_TOP_BOTTOM)
        return out
    picture = one()
    if rng.random() < 0.5:
        mask = Image.new("L", (width, height), 0)
        a = rng.uniform(0, 2 * math.pi)
        cx, cy = width * rng.uniform(0.25, 0.75), height * rng.uniform(0.25, 0.75)
        far = 2 * (width + height)
        dx, dy = math.cos(a), math.sin(a)
        ImageDraw.Draw(mask).polygon([
            (cx - far * dx, cy - far * dy), (cx + far * dx, cy + far * dy),
            (cx + far * (dx - dy), cy + far * (dy + dx)), (cx - far * (dx + dy), cy - far * (dy - dx))], fill=255)
        picture.paste(one(), (0, 0), mask)
    return picture


# -------------------------------------------------------------------- objects

def _tinted(image, rng, amount):
    gains = 1 + rng.uniform(-amount, amount, 3)
    shift = float(rng.uniform(-20, 20)) * (amount / 0.25)
    table = []
    for g in gains:
        table += [int(min(255, max(0, i * g + shift))) for i in range(256)]
    return image.point(table + list(range(256)))


def _object(image, rng, long_side, max_angle, aspect, tint):
    """The sprite stretched, mirrored, turned and tinted; its longer side before the turn is long_side."""
    w, h = image.size
    w, h = w * math.sqrt(aspect), h / math.sqrt(aspect)
    k = long_side / max(w, h)
    out = image.resize((max(3, round(w * k)), max(3, round(h * k))), Image.BICUBIC)
    if rng.random() < 0.5:
        out = out.transpose(Image.FLIP_LEFT_RIGHT)
    angle = float(rng.uniform(-max_angle, max_angle))
    out = out.rotate(angle, Image.BICUBIC, expand=True)
    return _tinted(out, rng, tint)


def _opaque_box(image):
    return image.getchannel("A").point([0] * 128 + [255] * 128).getbbox()


def _shapes(picture, rng, count, scale):
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    for _ in range(count):
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        r = rng.uniform(4, 22) * scale
        kind = int(rng.integers(5))
        if kind == 0:
            draw.ellipse([x - r, y - r * 0.8, x + r, y + r * 0.8], fill=colour)
        elif kind == 1:
            a = rng.uniform(0, 2 * math.pi)
            k = int(rng.integers(3, 6))
            draw.polygon([(x + r * math.cos(a + 2 * math.pi * i / k), y + r * math.sin(a + 2 * math.pi * i / k))
                          for i in range(k)], fill=colour)
        elif kind == 2:
            a, length = rng.uniform(0, 2 * math.pi), r * 4
            draw.line([x, y, x + length * math.cos(a), y + length * math.sin(a)], fill=colour,
                      width=max(1, int(rng.uniform(1, 6) * scale)))
        elif kind == 3:
            draw.ellipse([x - r, y - r, x + r, y + r], outline=colour, width=max(1, int(4 * scale)))
        else:
            draw.arc([x - 2 * r, y - 2 * r, x + 2 * r, y + 2 * r], float(rng.uniform(0, 180)),
                     float(rng.uniform(180, 360)), fill=colour, width=max(1, int(3 * scale)))


def _noise_bank():
    rng = np.random.default_rng(11)
    return rng.normal(0, 1, (1 << 21,)).astype(np.float32)


_noise = None


def make(seed, index, two=False, width=224, height=224, sizes=(0.20, 0.55), bank_seed=1, classes=None,
         centre=False, bank_count=BANK_COUNT):
    """One picture: (RGB image, [(class index, (xmin, ymin, xmax, ymax)), ...]).

    sizes is the range of the emoji's longer side, as a share of the shorter picture side.
    classes fixes the classes; centre keeps the objects inside the middle square.
    """
    global _noise
    if _noise is None:
        _noise = _noise_bank()
    rng = np.random.default_rng((seed, index, 1 if two else 0))
    short = min(width, height)
    scale = short / 224
    targets, others = sprites()
    picture = _backdrop(rng, bank(bank_seed, bank_count), width, height, max(1.0, scale))
    _shapes(picture, rng, int(rng.integers(3, 12)), scale)
    for _ in range(int(rng.integers(1, 7))):
        image = _object(others[int(rng.integers(len(others)))], rng, rng.uniform(18, 48) * scale, 180,
                        float(np.exp(rng.uniform(-0.15, 0.15))), 0.25)
        x = int(rng.integers(-image.width // 2, width - image.width // 2))
        y = int(rng.integers(-image.height // 2, height - image.height // 2))
        picture.paste(image, (x, y), image)
    wanted = 2 if two else 1
    if classes is None:
        classes = [int(c) for c in rng.choice(len(CLASSES), wanted, replace=False)]
    top = min(sizes[1], 0.45) if wanted == 2 else sizes[1]
    left, upper, right, lower = 0, 0, width, height
    if centre:
        margin = 0.06 * short
        left, right = (width - short) / 2 + margin, (width + short) / 2 - margin
        upper, lower = (height - short) / 2 + margin, (height + short) / 2 - margin
    while True:
        placed = []
        for c in classes:
            side = short * math.exp(rng.uniform(math.log(sizes[0]), math.log(top)))
            image = _object(targets[c], rng, side, 30, float(np.exp(rng.uniform(-0.2, 0.2))), 0.22)
            l, t, r, b = _opaque_box(image)
            for _ in range(40):
                if right - left < r - l or lower - upper < b - t:
                    break
                x = int(math.floor(rng.uniform(left, right - (r - l) + 1))) - l
                y = int(math.floor(rng.uniform(upper, lower - (b - t) + 1))) - t
                box = (max(0, x + l), max(0, y + t), min(width, x + r), min(height, y + b))
                if box != (x + l, y + t, x + r, y + b):
                    continue
                if all(box[2] + 4 <= q[0] or q[2] + 4 <= box[0] or box[3] + 4 <= q[1] or q[3] + 4 <= box[1]
                       for _, _, _, q in placed):
                    placed.append((c, image, (x, y), box))
                    break
        if len(placed) == len(classes):
            break
    for _, image, at, _ in placed:
        picture.paste(image, at, image)
    # light: contrast, brightness, colour cast, grain
    a = np.asarray(picture, dtype=np.float32)
    gain = float(rng.uniform(0.75, 1.15)) * (1 + rng.uniform(-0.07, 0.07, 3)).astype(np.float32)
    start = int(rng.integers(0, _noise.size - width * height)) if width * height < _noise.size else 0
    grain = np.resize(_noise[start:start + width * height], width * height).reshape(height, width, 1)
    a = (a - 128) * gain + np.float32(128 + rng.uniform(-20, 20)) + grain * np.float32(rng.uniform(0, 6))
    np.clip(a, 0, 255, out=a)
    return Image.fromarray(a.astype(np.uint8)), [(c, box) for c, _, _, box in placed]


def write_rows(path, rows):
    with open(path, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(["file", "class_index", "class_name", "xmin", "ymin", "xmax", "ymax"])
        w.writerows(rows)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    p.add_argument("--count", type=int, default=200)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--two", action="store_true", help="two different classes in each picture")
    p.add_argument("--width", type=int, default=224)
    p.add_argument("--height", type=int, default=224)
    p.add_argument("--quality", type=int, default=90)
    p.add_argument("--bank", type=int, default=2, help="seed of the textures (training uses 1)")
    p.add_argument("--prefix", default="")
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    rows = []
    for i in range(a.count):
        picture, boxes = make(a.seed, i, a.two, a.width, a.height, bank_seed=a.bank)
        name = "%s%04d.jpg" % (a.prefix, i)
        picture.save(os.path.join(a.out, name), quality=a.quality)
        rows += [(name, c, NAMES[c]) + box for c, box in boxes]
    write_rows(os.path.join(a.out, "boxes.csv"), rows)


if __name__ == "__main__":
    main()
