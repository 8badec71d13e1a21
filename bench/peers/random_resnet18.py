#!/usr/bin/env python3
"""Writes a ResNet-18 with random weights and a made-up picture: python3 random_resnet18.py WEIGHTS PNG

For measuring time where real weights cannot be carried: the arithmetic is the same, the map means
nothing. Float16 safetensors with torchvision's names, He-scaled, seeded.
"""
import json
import struct
import sys
import zlib

import numpy as np

BLOCKS = [("layer1", 64, 64), ("layer2", 64, 128), ("layer3", 128, 256), ("layer4", 256, 512)]


def tensors():
    rng = np.random.default_rng(1)
    out = {}

    def conv(name, outputs, inputs, kernel):
        scale = np.sqrt(2.0 / (inputs * kernel * kernel))
        out[name + ".weight"] = rng.standard_normal((outputs, inputs, kernel, kernel)) * scale

    def norm(name, channels):
        out[name + ".weight"] = 1 + 0.1 * rng.standard_normal(channels)
        out[name + ".bias"] = 0.1 * rng.standard_normal(channels)
        out[name + ".running_mean"] = 0.1 * rng.standard_normal(channels)
        out[name + ".running_var"] = 1 + 0.5 * np.abs(rng.standard_normal(channels))

    conv("conv1", 64, 3, 7)
    norm("bn1", 64)
    for layer, first, channels in BLOCKS:
        for block in range(2):
            prefix = "%s.%d" % (layer, block)
            inputs = first if block == 0 else channels
            conv(prefix + ".conv1", channels, inputs, 3)
            norm(prefix + ".bn1", channels)
            conv(prefix + ".conv2", channels, channels, 3)
            norm(prefix + ".bn2", channels)
            if inputs != channels:
                conv(prefix + ".downsample.0", channels, inputs, 1)
                norm(prefix + ".downsample.1", channels)
    out["fc.weight"] = rng.standard_normal((1000, 512)) * 0.05
    out["fc.bias"] = np.zeros(1000)
    return out


def write_safetensors(path, named):
    header, offset, parts = {}, 0, []
    for name, values in named.items():
        data = values.astype("<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(values.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def write_png(path, side=256):
    y, x = np.mgrid[0:side, 0:side] / side
    waves = [np.sin(9 * x + 5 * y), np.cos(7 * y - 3 * x), np.sin(12 * x * y)]
    pixels = np.stack([(127 + 120 * w).astype(np.uint8) for w in waves], 2)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)))
        f.write(chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    write_safetensors(sys.argv[1], tensors())
    write_png(sys.argv[2])
