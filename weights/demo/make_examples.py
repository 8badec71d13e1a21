#!/usr/bin/env python3
"""Makes the pictures of examples/: python3 make_examples.py --model squeezenet1_0-demo.safetensors --out DIR

For each picture the first index is taken at which the model names the classes under both
preprocessings (the whole picture stretched to 224x224; short side to 256, middle 224x224),
so these pictures are chosen and say nothing about the accuracy.
"""
import argparse
import io
import os

import numpy as np
import torch
from PIL import Image

import generate
import train

BANK = 3  # seed of the textures, used nowhere else
PICTURES = [  # file, classes, width, height, emoji size
    ("dog", ["dog"], 480, 360, (0.35, 0.5)),
    ("sunflower", ["sunflower"], 360, 360, (0.3, 0.45)),
    ("guitar", ["guitar"], 360, 480, (0.45, 0.55)),
    ("butterfly", ["butterfly"], 224, 224, (0.3, 0.5)),
    ("rocket", ["rocket"], 400, 400, (0.35, 0.5)),
    ("dog-and-pizza", ["dog", "pizza"], 480, 360, (0.33, 0.42)),
    ("cat-and-umbrella", ["cat", "umbrella"], 400, 400, (0.3, 0.42)),
    ("turtle-and-strawberry", ["turtle", "strawberry"], 224, 224, (0.3, 0.42)),
]


def stretched(picture):
    return picture.resize((224, 224), Image.BILINEAR)


def cropped(picture):
    k = 256 / min(picture.size)
    p = picture.resize((round(picture.width * k), round(picture.height * k)), Image.BILINEAR)
    x, y = (p.width - 224) // 2, (p.height - 224) // 2
    return p.crop((x, y, x + 224, y + 224))


def probabilities(net, picture):
    with torch.no_grad():
        return net(train.normal(np.asarray(picture)[None])).softmax(1)[0].numpy()


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--model", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--seed", type=int, default=770000)
    a = a.parse_args()
    os.makedirs(a.out, exist_ok=True)
    torch.set_num_threads(1)
    net = train.SqueezeNet(len(generate.NAMES), False)
    net.load_state_dict(train.read_safetensors(a.model))
    net.eval()
    rows = []
    for number, (name, classes, width, height, sizes) in enumerate(PICTURES):
        wanted = [generate.NAMES.index(c) for c in classes]
        for index in range(100):
            picture, boxes = generate.make(a.seed + number, index, len(wanted) == 2, width, height, sizes,
                                           BANK, wanted, True)
            data = io.BytesIO()
            picture.save(data, "JPEG", quality=90)
            decoded = Image.open(io.BytesIO(data.getvalue())).convert("RGB")
            p = [probabilities(net, view(decoded)) for view in (stretched, cropped)]
            if all(set(np.argsort(-q)[:len(wanted)]) == set(wanted) and
                   q[wanted].min() > (0.7 if len(wanted) == 1 else 0.15) for q in p):
                break
        else:
            raise SystemExit("no picture found for " + name)
        with open(os.path.join(a.out, name + ".jpg"), "wb") as f:
            f.write(data.getvalue())
        rows += [(name + ".jpg", c, generate.NAMES[c]) + box for c, box in boxes]
        print(name, "index", index, [[round(float(q[c]), 3) for c in wanted] for q in p], flush=True)
    generate.write_rows(os.path.join(a.out, "boxes.csv"), rows)


if __name__ == "__main__":
    main()
