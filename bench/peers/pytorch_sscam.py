#!/usr/bin/env python3
"""SS-CAM in PyTorch, written with care: what the engine is measured against on one GPU.

  python3 pytorch_sscam.py --weights resnet18.safetensors [--input x.npy] [--json out.json]

Batch norm folded, channels_last, float16 with float32 accumulation (or float32), masks upsampled,
normalised, made noisy and multiplied on the device, one CUDA graph a chunk, no host round trip in
the loop. The preset is the engine's "default": noise on the masked input, sigma 1 by the multiplier
rule, N = 10, maximum, probability, zero baseline, raw weights. torch_cam.py measures the loop of a
simple implementation.

Needs PyTorch and NumPy. Prints one JSON object, in the format that PeerTable reads; --map writes
the map (h, w) as .npy to compare.
"""
import argparse
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

import torch_nets as nets


class Tapped:
    """A net that gives the output of one of its modules with its logits, which are float32."""

    def __init__(self, net, layer):
        self.net, self.maps = net, None
        dict(net.named_modules())[layer].register_forward_hook(self.keep)

    def keep(self, module, inputs, output):
        self.maps = output

    def __call__(self, x):
        """x (B, 3, H, W) → the module's output (B, K, h, w) and the logits (B, classes)."""
        logits = self.net(x).float()
        return self.maps, logits


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
        return chosen, F.relu(torch.einsum("k,khw->hw", alpha, maps[live])), len(pairs) + 2


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--net", choices=sorted(nets.NETS), default="resnet18")
    p.add_argument("--weights", required=True, help="safetensors with torchvision's names")
    p.add_argument("--input", help=".npy (1, 3, H, W) float32, normalised; a smooth made-up picture if not given")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--precision", choices=("fp16", "fp32", "tf32"), default="fp16")
    p.add_argument("--batch", type=int, default=256)
    p.add_argument("--samples", type=int, default=10)
    p.add_argument("--sigma", type=float, default=1)
    p.add_argument("--repeats", type=int, default=5)
    p.add_argument("--map")
    p.add_argument("--json")
    a = p.parse_args()
    device = torch.device(a.device)
    torch.manual_seed(0)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = a.precision == "tf32"
    dtype = torch.float16 if a.precision == "fp16" else torch.float32
    module = nets.net(a.net, nets.read_safetensors(a.weights))
    net = Tapped(module.to(device, dtype, memory_format=torch.channels_last), nets.LAYERS[a.net])
    if a.input:
        picture = torch.from_numpy(np.load(a.input)).to(device)
    else:
        picture = F.interpolate(torch.randn(1, 3, 16, 16), (224, 224), mode="bicubic").to(device)
    with torch.no_grad():
        careful = Careful(net, tuple(picture.shape[1:]), a.batch, dtype, device, a.samples, a.sigma)
        chosen, result, passes = careful.explain(picture)
        nets.ready(device)
        seconds = []
        for _ in range(a.repeats):
            start = time.perf_counter()
            careful.explain(picture)
            nets.ready(device)
            seconds.append(time.perf_counter() - start)
    print("class %d" % chosen, file=sys.stderr)
    row = {"net": a.net, "implementation": "careful PyTorch", "method": "SS-CAM", "device": nets.device_name(device),
           "precision": a.precision, "samples": a.samples, "batch": a.batch, "passes": passes,
           "seconds": nets.median(sorted(seconds)), "repeats": len(seconds)}
    report = {"schema": nets.SCHEMA, "program": "pytorch_sscam.py", "environment": nets.environment(device),
              "forward": [], "masks": [], "explanations": [row]}
    if a.map:
        np.save(a.map, result.float().cpu().numpy())
    nets.publish(report, a.json)


if __name__ == "__main__":
    main()
