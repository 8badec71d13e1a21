#!/usr/bin/env python3
"""SS-CAM on ResNet-18 in PyTorch, written with care: what the engine is measured against on one GPU.

  python3 pytorch_sscam.py --weights resnet18.safetensors [--input x.npy] [--json out.json]

Batch norm folded, channels_last, float16 with float32 accumulation (or float32), masks upsampled,
normalised, made noisy and multiplied on the device, one CUDA graph a chunk, no host round trip in
the loop. The preset is the engine's "default": noise on the masked input, sigma 2 by the multiplier
rule, N = 10, maximum, probability, zero baseline, raw weights. With --plain the same loop in the
manner of a simple implementation: noise drawn on the CPU, one channel at a time, float32.

Needs PyTorch only. Prints one JSON object; --map writes the map (7, 7) as .npy to compare.
"""
import argparse
import json
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F

EPSILON = 1e-5
BLOCKS = [("layer1", 64, 1), ("layer2", 128, 2), ("layer3", 256, 2), ("layer4", 512, 2)]
TYPES = {"F32": np.float32, "F16": np.float16, "F64": np.float64}


def read_safetensors(path):
    with open(path, "rb") as f:
        size, = struct.unpack("<Q", f.read(8))
        header = json.loads(f.read(size))
        data = f.read()
    out = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] in TYPES:
            a, b = entry["data_offsets"]
            values = np.frombuffer(data[a:b], TYPES[entry["dtype"]]).astype(np.float32)
            out[name] = torch.from_numpy(values.copy()).view(entry["shape"])
    return out


class ResNet18:
    """torchvision's ResNet-18 with folded batch norm, as a function."""

    def __init__(self, tensors, device, dtype):
        self.convs = {}
        names = [n[: -len(".weight")] for n, t in tensors.items() if n.endswith(".weight") and t.dim() == 4]
        for name in names:
            norm = name.replace("conv", "bn") if "downsample" not in name else name[:-1] + "1"
            g, b, m, v = (tensors[norm + k].double() for k in (".weight", ".bias", ".running_mean", ".running_var"))
            scale = g / torch.sqrt(v + EPSILON)
            weight = (tensors[name + ".weight"].double() * scale.view(-1, 1, 1, 1)).to(device, dtype)
            self.convs[name] = (weight.contiguous(memory_format=torch.channels_last), (b - m * scale).to(device, dtype))
        self.fc = (tensors["fc.weight"].to(device, dtype), tensors["fc.bias"].to(device, dtype))

    def conv(self, x, name, stride, padding):
        return F.conv2d(x, *self.convs[name], stride=stride, padding=padding)

    def __call__(self, x):
        """x (B, 3, H, W) → the output of layer4 (B, 512, h, w) and the logits in float32."""
        x = F.max_pool2d(F.relu(self.conv(x, "conv1", 2, 3), inplace=True), 3, 2, 1)
        for layer, _, stride in BLOCKS:
            for block in range(2):
                prefix, step = "%s.%d" % (layer, block), stride if block == 0 else 1
                y = F.relu(self.conv(x, prefix + ".conv1", step, 1), inplace=True)
                y = self.conv(y, prefix + ".conv2", 1, 1)
                if prefix + ".downsample.0" in self.convs:
                    x = self.conv(x, prefix + ".downsample.0", step, 0)
                x = F.relu(y.add_(x), inplace=True)
        return x, F.linear(x.float().mean((2, 3)).to(x.dtype), *self.fc).float()


def ready(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


class Careful:
    """The loop over K·N noisy masked pictures, a chunk at a time, all on the device."""

    def __init__(self, net, shape, batch, dtype, device, samples, sigma):
        self.net, self.batch, self.dtype, self.device = net, batch, dtype, device
        self.samples, self.sigma = samples, sigma
        self.picture = torch.zeros((1,) + shape, device=device)
        self.masks = torch.zeros(batch, 1, *shape[1:], device=device)
        self.deviation = torch.zeros(batch, 1, 1, 1, device=device)
        self.target = torch.zeros(1, dtype=torch.long, device=device)
        self.graph = None
        if device.type == "cuda":
            side = torch.cuda.Stream()
            with torch.cuda.stream(side):
                for _ in range(3):
                    self.chunk()
            torch.cuda.current_stream().wait_stream(side)
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.out = self.chunk()

    def chunk(self):
        x = torch.randn(self.batch, *self.picture.shape[1:], device=self.device)
        x = torch.addcmul(x.mul_(self.deviation), self.masks, self.picture)
        x = x.to(self.dtype, memory_format=torch.channels_last)
        return self.net(x)[1].softmax(1).index_select(1, self.target)[:, 0]

    def run(self):
        if self.graph is None:
            return self.chunk()
        self.graph.replay()
        return self.out

    def explain(self, picture, target=None):
        self.picture.copy_(picture)
        maps, logits = self.net(picture.to(self.dtype, memory_format=torch.channels_last))
        chosen = int(logits.argmax()) if target is None else target
        self.target.fill_(chosen)
        maps = maps[0].float()
        live = torch.nonzero(maps.amax((1, 2)) > maps.amin((1, 2)))[:, 0]
        up = F.interpolate(maps[live][None], picture.shape[2:], mode="bilinear", align_corners=False)[0][:, None]
        low, high = up.amin((2, 3), keepdim=True), up.amax((2, 3), keepdim=True)
        masks = (up - low) / (high - low)
        masked = masks * picture
        deviation = (self.sigma / (masked.amax((1, 2, 3)) - masked.amin((1, 2, 3)))) ** 2
        pairs = torch.arange(len(live) * self.samples, device=self.device) // self.samples
        scores = torch.empty(len(pairs), device=self.device)
        for first in range(0, len(pairs), self.batch):
            part = pairs[first:first + self.batch]
            self.masks[:len(part)] = masks[part]
            self.deviation[:len(part)] = deviation[part].view(-1, 1, 1, 1)
            scores[first:first + len(part)] = self.run()[:len(part)]
        base = self.net(torch.zeros_like(picture).to(self.dtype))[1].softmax(1)[0, chosen]
        alpha = scores.view(-1, self.samples).amax(1) - base
        return chosen, F.relu(torch.einsum("k,khw->hw", alpha, maps[live]))


def plain(net, picture, samples, sigma):
    """One channel at a time, noise from the CPU: what a first implementation does."""
    maps, logits = net(picture)
    chosen = int(logits.argmax())
    up = F.interpolate(maps, picture.shape[2:], mode="bilinear", align_corners=False)[0]
    base = net(torch.zeros_like(picture))[1].softmax(1)[0, chosen]
    alpha = torch.zeros(len(up), device=picture.device)
    for k in range(len(up)):
        if maps[0, k].max() == maps[0, k].min():
            continue
        masked = (up[k] - up[k].min()) / (up[k].max() - up[k].min()) * picture
        deviation = (sigma / float(masked.max() - masked.min())) ** 2
        noise = torch.randn(samples, *picture.shape[1:]).to(picture.device)
        alpha[k] = net(masked + deviation * noise)[1].softmax(1)[:, chosen].max() - base
    return chosen, F.relu(torch.einsum("k,khw->hw", alpha, maps[0]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--weights", required=True)
    p.add_argument("--input", help=".npy (1, 3, H, W) float32, normalised; a smooth made-up picture if not given")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--precision", choices=("fp16", "fp32", "tf32"), default="fp16")
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--samples", type=int, default=10)
    p.add_argument("--sigma", type=float, default=2)
    p.add_argument("--repeats", type=int, default=5)
    p.add_argument("--plain", action="store_true")
    p.add_argument("--map")
    p.add_argument("--json")
    a = p.parse_args()
    device = torch.device(a.device)
    torch.manual_seed(0)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = a.precision == "tf32"
    dtype = torch.float16 if a.precision == "fp16" and not a.plain else torch.float32
    net = ResNet18(read_safetensors(a.weights), device, dtype)
    if a.input:
        picture = torch.from_numpy(np.load(a.input)).to(device)
    else:
        picture = F.interpolate(torch.randn(1, 3, 16, 16), (224, 224), mode="bicubic").to(device)
    with torch.no_grad():
        if a.plain:
            work = lambda: plain(net, picture, a.samples, a.sigma)
        else:
            careful = Careful(net, tuple(picture.shape[1:]), a.batch, dtype, device, a.samples, a.sigma)
            work = lambda: careful.explain(picture)
        chosen, result = work()
        ready(device)
        seconds = []
        for _ in range(a.repeats):
            start = time.perf_counter()
            work()
            ready(device)
            seconds.append(time.perf_counter() - start)
    report = {"implementation": "plain" if a.plain else "careful", "torch": torch.__version__,
              "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
              "precision": a.precision, "batch": a.batch, "samples": a.samples, "class": chosen,
              "seconds": sorted(seconds), "median_seconds": sorted(seconds)[len(seconds) // 2]}
    if a.map:
        np.save(a.map, result.float().cpu().numpy())
    text = json.dumps(report)
    print(text)
    if a.json:
        with open(a.json, "w") as f:
            f.write(text + "\n")


if __name__ == "__main__":
    main()
