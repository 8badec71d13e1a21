#!/usr/bin/env python3
"""Trains the demo model, a SqueezeNet 1.0 on the pictures of generate.py, from scratch.

  python3 train.py --work DIR

writes checkpoint.pt, squeezenet1_0-demo.safetensors (float16) and classes.txt into DIR
and prints the accuracy of the rounded weights on held-out pictures.  With --eval-only it
reads DIR/squeezenet1_0-demo.safetensors back and evaluates it.  Needs PyTorch (CPU).

Each convolution but the last is followed by batch normalisation while training; at the
end it is folded into the convolution (in float64), so what is written is a plain
SqueezeNet 1.0 with torchvision's parameter names.
"""
import argparse
import json
import math
import os
import struct
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import generate

SEED = 20240611
HELD_OUT_SEED = 990001
HELD_OUT_BANK = 2
# A plan for a full run, not yet run (README.md says what was).
# side of the pictures, emoji size as a share of the side, steps, batch
PHASES = [
    (96, (0.42, 0.95), 2000, 32),
    (144, (0.30, 0.80), 500, 32),
    (224, (0.19, 0.56), 600, 32),
]
SHARES = (0.52, 0.66, 1.0)  # with --seconds: where in the time each phase ends
PEAK, FINAL, WARM_UP, DECAY, CLIP, SMOOTHING = 1.5e-3, 1e-5, 20, 1e-2, 2.0, 0.05
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


class Fire(nn.Module):
    def __init__(self, inputs, squeeze, expand, norm):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)
        self.norms = nn.ModuleList([nn.BatchNorm2d(n) for n in (squeeze, expand, expand)] if norm else [])

    def forward(self, x):
        convs = (self.squeeze, self.expand1x1, self.expand3x3)
        f = [lambda v, i=i: F.relu(self.norms[i](convs[i](v)) if len(self.norms) else convs[i](v))
             for i in range(3)]
        x = f[0](x)
        return torch.cat([f[1](x), f[2](x)], 1)


class SqueezeNet(nn.Module):
    """torchvision's squeezenet1_0; norm adds the batch normalisation used while training."""

    def __init__(self, classes, norm):
        super().__init__()
        pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 7, stride=2), nn.ReLU(), pool(),
            Fire(96, 16, 64, norm), Fire(128, 16, 64, norm), Fire(128, 32, 128, norm), pool(),
            Fire(256, 32, 128, norm), Fire(256, 48, 192, norm), Fire(384, 48, 192, norm),
            Fire(384, 64, 256, norm), pool(), Fire(512, 64, 256, norm))
        self.slope = 0.0
        self.norm0 = nn.BatchNorm2d(96) if norm else None
        self.classifier = nn.Sequential(nn.Dropout(0.0), nn.Conv2d(512, classes, 1), nn.ReLU(),
                                        nn.AdaptiveAvgPool2d(1))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)
                nn.init.zeros_(m.bias)
        nn.init.normal_(self.classifier[1].weight, 0, 0.01)

    def forward(self, x):
        x = self.features[0](x)
        if self.norm0 is not None:
            x = self.norm0(x)
        x = self.features[1:](x)
        if self.training:  # a slope below 0, taken to 0 by the end, so that no class dies under the last ReLU
            return F.leaky_relu(self.classifier[1](x), self.slope).mean((2, 3))
        return self.classifier(x).flatten(1)


def folded(net):
    """The same function without batch normalisation."""
    def fold(conv, norm):
        g = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
        return (conv.weight.double() * g.view(-1, 1, 1, 1),
                (conv.bias.double() - norm.running_mean.double()) * g + norm.bias.double())
    out = SqueezeNet(len(generate.NAMES), False)
    pairs = [(net.features[0], net.norm0, out.features[0])]
    for a, b in zip(net.features, out.features):
        if isinstance(a, Fire):
            for i, name in enumerate(("squeeze", "expand1x1", "expand3x3")):
                pairs.append((getattr(a, name), a.norms[i], getattr(b, name)))
    out.double()
    with torch.no_grad():
        for conv, norm, target in pairs:
            w, b = fold(conv, norm)
            target.weight.copy_(w)
            target.bias.copy_(b)
        out.classifier[1].load_state_dict(net.classifier[1].state_dict())
        x = torch.randn(2, 3, 224, 224, dtype=torch.float64)
        want = net.double().eval()(x)
        net.float()
        error = (out.eval()(x) - want).abs().max().item()
    print("fold: largest difference %.3g" % error, flush=True)
    assert error < 1e-9
    return out.float()


def write_safetensors(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, t in tensors.items():
        header[name] = {"dtype": "F16", "shape": list(t.shape), "data_offsets": [offset, offset + 2 * t.numel()]}
        offset += 2 * t.numel()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)))
        f.write(text)
        for t in tensors.values():
            f.write(t.contiguous().numpy().astype("<f2").tobytes())


def read_safetensors(path):
    with open(path, "rb") as f:
        data = f.read()
    n, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + n])
    out = {}
    for name, e in header.items():
        if name != "__metadata__":
            a, b = e["data_offsets"]
            out[name] = torch.from_numpy(np.frombuffer(data[8 + n + a:8 + n + b], "<f2").copy()).float().view(*e["shape"])
    return out


def perturbed(x, generator):
    """What a perturbation-based explanation shows the net: some pictures dimmed by a smooth random mask, some
    with Gaussian noise of a random standard deviation (in units of the normalised picture)."""
    n = len(x)
    uniform = lambda: torch.rand(n, 1, 1, 1, generator=generator)
    mask = F.interpolate(torch.randn(n, 1, 7, 7, generator=generator), x.shape[2:], mode="bilinear")
    low, high = mask.amin((2, 3), keepdim=True), mask.amax((2, 3), keepdim=True)
    floor = torch.where(uniform() < 0.5, torch.ones(()), 0.6 * uniform())  # 1: not masked
    x = x * (floor + (1 - floor) * (mask - low) / (high - low))
    deviation = torch.where(uniform() < 0.35, torch.zeros(()), uniform())
    return (x + deviation * torch.randn(x.shape, generator=generator)).contiguous(memory_format=torch.channels_last)


def normal(pictures):
    x = torch.from_numpy(np.array(pictures)).permute(0, 3, 1, 2).float() / 255
    return ((x - MEAN) / STD).contiguous(memory_format=torch.channels_last)


class Batches(torch.utils.data.IterableDataset):
    def __init__(self, plan, seed, bank_seed):
        self.plan, self.seed, self.bank_seed = plan, seed, bank_seed

    def __iter__(self):
        index = 0
        for side, sizes, batch in self.plan:
            pictures, labels = np.empty((batch, side, side, 3), np.uint8), np.empty(batch, np.int64)
            for k in range(batch):
                picture, boxes = generate.make(self.seed, index, width=side, height=side, sizes=sizes,
                                               bank_seed=self.bank_seed)
                pictures[k], labels[k] = np.asarray(picture), boxes[0][0]
                index += 1
            yield pictures, labels


def timed_plan(began, seconds, full_size):
    """The phases by the clock instead of by the step."""
    while True:
        share = 1 if full_size else (time.time() - began) / seconds
        side, sizes, _, batch = PHASES[sum(share >= s for s in SHARES[:-1])]
        yield side, sizes, batch


class Timed:
    def __init__(self, *arguments):
        self.arguments = arguments

    def __iter__(self):
        return timed_plan(*self.arguments)


def loader(plan, seed, bank_seed):
    generate.bank(bank_seed)
    generate.sprites()
    return torch.utils.data.DataLoader(Batches(plan, seed, bank_seed), batch_size=None, num_workers=1,
                                       prefetch_factor=4, collate_fn=lambda v: v)


def evaluate(net, count, side=224, sizes=(0.20, 0.55), seed=HELD_OUT_SEED, bank_seed=HELD_OUT_BANK):
    net.eval()
    n = len(generate.NAMES)
    confusion = np.zeros((n, n), int)
    with torch.no_grad():
        for x, y in loader([(side, sizes, 40)] * (count // 40), seed, bank_seed):
            for label, guess in zip(y, net(normal(x)).argmax(1).numpy()):
                confusion[label, guess] += 1
    return confusion


def report(confusion):
    per = np.diag(confusion) / np.maximum(1, confusion.sum(1))
    print("held-out accuracy %.4f over %d pictures; lowest class: %s %.4f" % (
        np.diag(confusion).sum() / confusion.sum(), confusion.sum(),
        generate.NAMES[int(per.argmin())], per.min()), flush=True)
    for i, name in enumerate(generate.NAMES):
        wrong = {generate.NAMES[j]: int(confusion[i, j]) for j in np.nonzero(confusion[i])[0] if j != i}
        print("  %-12s %.4f of %d %s" % (name, per[i], confusion[i].sum(), wrong or ""))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--work", required=True)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--seconds", type=float, default=0, help="train for this long instead of PHASES' steps")
    p.add_argument("--resume", help="start from this checkpoint of this script, with new pictures")
    p.add_argument("--revive", default="", help="with --resume: classes whose last row starts anew")
    p.add_argument("--shift", type=int, default=0, help="added to the seed of the pictures")
    p.add_argument("--perturb", action="store_true", help="train on masked and noisy pictures too")
    p.add_argument("--peak", type=float, default=PEAK, help="largest learning rate")
    p.add_argument("--slope", type=float, default=0.2, help="of the last ReLU below 0 at the start")
    p.add_argument("--full-size", action="store_true", help="with --seconds: 224 pixels from the start")
    p.add_argument("--held-out", type=int, default=2000)
    p.add_argument("--eval-only", action="store_true")
    a = p.parse_args()
    os.makedirs(a.work, exist_ok=True)
    target = os.path.join(a.work, "squeezenet1_0-demo.safetensors")
    torch.set_num_threads(a.threads)
    torch.manual_seed(SEED)
    classes = len(generate.NAMES)
    if not a.eval_only:
        generate.bank(1)
        began = time.time()
        net = SqueezeNet(classes, True).to(memory_format=torch.channels_last)
        if a.resume:
            net.load_state_dict(torch.load(a.resume))
            for row in [int(v) for v in a.revive.split(",") if v]:
                nn.init.normal_(net.classifier[1].weight.data[row], 0, 0.01)
                nn.init.zeros_(net.classifier[1].bias.data[row:row + 1])
        decayed = [q for q in net.parameters() if q.dim() > 1]
        plain = [q for q in net.parameters() if q.dim() == 1]
        adam = torch.optim.AdamW([{"params": decayed, "weight_decay": DECAY},
                                  {"params": plain, "weight_decay": 0.0}], lr=PEAK)
        plan = [(side, sizes, batch) for side, sizes, steps, batch in PHASES for _ in range(steps)]
        right = seen = 0
        mean = 0.0
        done = {}
        draws = torch.Generator().manual_seed(SEED + a.shift)
        if a.seconds:
            plan = Timed(began, a.seconds, a.full_size)
        for step, (x, y) in enumerate(loader(plan, SEED + a.shift, 1)):
            net.train()
            part = (time.time() - began) / a.seconds if a.seconds else step / len(plan)
            if part >= 1:
                break
            lr = min((step + 1) / WARM_UP, 1) * (FINAL + (a.peak - FINAL) * 0.5 * (1 + math.cos(math.pi * part)))
            net.slope = a.slope * max(0.0, 1 - part / 0.8)
            for group in adam.param_groups:
                group["lr"] = lr
            y = torch.from_numpy(y)
            x = normal(x)
            out = net(perturbed(x, draws) if a.perturb else x)
            loss = F.cross_entropy(out, y, label_smoothing=SMOOTHING)
            adam.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), CLIP)
            adam.step()
            right += (out.argmax(1) == y).sum().item()
            seen += len(y)
            done[x.shape[2]] = done.get(x.shape[2], 0) + 1
            mean += loss.item() * len(y)
            if step % 10 == 9:
                print("step %d side %d lr %.2e loss %.3f accuracy %.3f  %.0f s" % (
                    step + 1, x.shape[2], lr, mean / seen, right / seen, time.time() - began), flush=True)
                right = seen = 0
                mean = 0.0
            if step % 50 == 49:
                torch.save(net.state_dict(), os.path.join(a.work, "checkpoint.pt"))
        torch.save(net.state_dict(), os.path.join(a.work, "checkpoint.pt"))
        print("trained in %.0f s; steps by side: %s" % (time.time() - began, done), flush=True)
        state = folded(net).state_dict()
        write_safetensors(target, {k: v.half() for k, v in state.items()}, {
            "model": "squeezenet1_0",
            "classes": "\n".join(generate.NAMES),
            "licence": "Apache-2.0 (weights); trained on pictures made from Noto Color Emoji (SIL OFL 1.1)",
            "note": "sscam-engine demo model, trained from scratch; for demonstrations and tests only. "
                    "Input 224x224 RGB in [0,1], mean .485,.456,.406, std .229,.224,.225."})
        with open(os.path.join(a.work, "classes.txt"), "w") as f:
            f.write("".join(name + "\n" for name in generate.NAMES))
    net = SqueezeNet(classes, False)
    net.load_state_dict(read_safetensors(target))
    report(evaluate(net.to(memory_format=torch.channels_last), a.held_out))


if __name__ == "__main__":
    main()
