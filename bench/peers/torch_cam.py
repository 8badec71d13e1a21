#!/usr/bin/env python3
"""PyTorch beside the engine: forward passes, and whole Score-CAM and SS-CAM explanations of torch-cam and
pytorch-grad-cam, on the CPU or a GPU.

  python3 torch_cam.py --net resnet18 [--weights resnet18.safetensors] [--threads 2] [--json out.json]

Needs PyTorch and NumPy. torch-cam (which has both methods) and pytorch-grad-cam (which has Score-CAM only) are measured
if they are installed; without torch-cam its two loops are measured as they are written again in Manner below: the same
tensors, products and batches, so about the same time. Kinds of forward pass:

  pytorch         operator by operator, pictures in (B, C, H, W) order
  pytorch-nhwc    the same in channels_last
  pytorch-frozen  traced, frozen and torch.jit.optimize_for_inference (weights laid out once, for oneDNN); CPU only

and on request, for CPUs with AMX, two more, in bfloat16 and channels_last:

  pytorch-bf16         operator by operator
  pytorch-bf16-frozen  traced and frozen

Without --weights they are random: time does not depend on them, but the channels that are constant (dead), which the
engine skips and these loops do not, do. Prints one JSON object, in the format that PeerTable reads.
"""
import argparse
import copy
import importlib.metadata
import sys
import time

import torch
import torch.nn.functional as F

import torch_nets as nets

SIDE = 224
STD = 2.0


def seconds_of(work, device, least, seconds=0.0):
    """Sorted seconds of at least so many runs that fill the time, after one that warms up."""
    work()
    nets.ready(device)
    times, end = [], time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        nets.ready(device)
        times.append(time.perf_counter() - start)
    return sorted(times)


def variants(net, device, names):
    """Name, net, memory format and type of every kind of forward pass."""
    if "pytorch" in names:
        yield "pytorch", net, torch.contiguous_format, torch.float32
    if "pytorch-nhwc" in names:
        yield "pytorch-nhwc", net.to(memory_format=torch.channels_last), torch.channels_last, torch.float32
        net.to(memory_format=torch.contiguous_format)
    if "pytorch-frozen" in names and device.type == "cpu":
        traced = torch.jit.freeze(torch.jit.trace(net, torch.zeros(1, 3, SIDE, SIDE, device=device)))
        yield "pytorch-frozen", torch.jit.optimize_for_inference(traced), torch.contiguous_format, torch.float32
    short = None
    if any("bf16" in name for name in names):
        short = copy.deepcopy(net).bfloat16().to(memory_format=torch.channels_last)
    if "pytorch-bf16" in names:
        yield "pytorch-bf16", short, torch.channels_last, torch.bfloat16
    if "pytorch-bf16-frozen" in names:
        example = torch.zeros(1, 3, SIDE, SIDE, device=device, dtype=torch.bfloat16)
        traced = torch.jit.trace(short, example.contiguous(memory_format=torch.channels_last))
        yield "pytorch-bf16-frozen", torch.jit.freeze(traced), torch.channels_last, torch.bfloat16


def forward(net, device, a):
    """Times of the forward pass: every kind at every batch, each checked against the first."""
    rows = []
    for batch in a.batches:
        torch.manual_seed(batch)
        x = torch.randn(batch, 3, SIDE, SIDE).to(device)
        expected = net(x)
        for name, variant, layout, kind in variants(net, device, a.engines):
            picture = x.to(kind).contiguous(memory_format=layout)
            error = float((variant(picture).float() - expected).abs().max() / expected.abs().max())
            if not error <= (1e-3 if kind == torch.float32 else 0.1):
                sys.exit("%s: the logits of %s differ by %g" % (a.net, name, error))
            times = seconds_of(lambda: variant(picture), device, 5, a.seconds)
            rows.append({"net": a.net, "engine": name, "device": nets.device_name(device), "batch": batch,
                         "milliseconds": nets.median(times) * 1000 / batch, "rounds": len(times),
                         "ratio": None, "cpuRatio": None, "error": None})
            print(rows[-1], file=sys.stderr)
    return rows


class Manner:
    """Score-CAM and SS-CAM as torch-cam computes them: maps normalised before they are enlarged; noise, where there is
    some, on all masks at once; masked pictures of all channels at once, scored in batches; softmax over the channels of
    the mean difference of logits."""

    name = "torch-cam's loop"

    def __init__(self, net, layer, batch, samples):
        self.net, self.batch, self.samples = net, batch, samples
        self.maps = None
        self.keep = dict(net.named_modules())[layer].register_forward_hook(self.store)

    def store(self, module, inputs, output):
        if self.maps is None:
            self.maps = output.clone()

    def close(self):
        self.keep.remove()

    def explain(self, picture, noisy):
        self.maps = None
        logits = self.net(picture)
        chosen = int(logits.argmax())
        maps = self.maps
        small = maps - maps.amin((2, 3), keepdim=True)
        small = small / (small.amax((2, 3), keepdim=True) + 1e-8)
        masks = F.interpolate(small, picture.shape[2:], mode="bilinear", align_corners=False)[0][:, None]
        scores = torch.zeros(len(masks), device=picture.device)
        rounds = self.samples if noisy else 1
        for _ in range(rounds):
            noise = torch.randn(masks.shape).mul_(STD).to(picture.device) if noisy else None
            pictures = (masks if noise is None else masks + noise) * picture
            for first in range(0, len(pictures), self.batch):
                part = slice(first, first + self.batch)
                scores[part] += (self.net(pictures[part]) - logits)[:, chosen]
        weights = (scores / rounds).softmax(0)
        return F.relu(torch.einsum("k,khw->hw", weights, maps[0]))


class TorchCam:
    """The package itself; its batch and samples are set, all else is its own."""

    def __init__(self, net, layer, batch, samples):
        from torchcam.methods import SSCAM, ScoreCAM
        self.name = "torch-cam " + importlib.metadata.version("torchcam")
        self.net, self.layer = net, layer
        self.noisy = lambda: SSCAM(net, layer, batch_size=batch, num_samples=samples, std=STD)
        self.plain = lambda: ScoreCAM(net, layer, batch_size=batch)

    def close(self):
        pass

    def explain(self, picture, noisy):
        extractor = self.noisy() if noisy else self.plain()
        logits = self.net(picture)
        result = extractor(int(logits.argmax()), logits)
        for hooks in ("remove_hooks", "clear_hooks"):  # the name changed between versions
            getattr(extractor, hooks, lambda: None)()
        return result


class GradCamPackage:
    """pytorch-grad-cam; it has no SS-CAM."""

    def __init__(self, net, layer, batch, samples):
        from pytorch_grad_cam import ScoreCAM
        self.name = "pytorch-grad-cam " + importlib.metadata.version("grad-cam")
        self.cam = ScoreCAM(model=net, target_layers=[dict(net.named_modules())[layer]])
        self.cam.batch_size = batch

    def close(self):
        self.cam.activations_and_grads.release()

    def explain(self, picture, noisy):
        return None if noisy else self.cam(picture, targets=None)


def implementations(net, layer, a):
    """Those that are installed; in torch-cam's place its loop if it is not."""
    try:
        yield TorchCam(net, layer, a.batch, a.samples)
    except ImportError:
        print("torch-cam is not installed, so its loop is measured instead: pip install torchcam", file=sys.stderr)
        yield Manner(net, layer, a.batch, a.samples)
    try:
        yield GradCamPackage(net, layer, a.batch, a.samples)
    except ImportError:
        print("pytorch-grad-cam is not installed and left out: pip install grad-cam", file=sys.stderr)


def explanations(net, device, a):
    """Times of whole explanations."""
    layer = nets.LAYERS[a.net]
    torch.manual_seed(1)
    picture = F.interpolate(torch.randn(1, 3, 16, 16), (SIDE, SIDE), mode="bicubic").to(device)
    shape = []
    hook = dict(net.named_modules())[layer].register_forward_hook(lambda m, i, o: shape.extend(o.shape))
    net(picture)
    hook.remove()
    rows = []
    for implementation in implementations(net, layer, a):
        for method in a.methods:
            noisy = method == "SS-CAM"
            if noisy and isinstance(implementation, GradCamPackage):
                continue
            times = seconds_of(lambda: implementation.explain(picture, noisy), device, a.repeats)
            samples = a.samples if noisy else 1
            rows.append({"net": a.net, "implementation": implementation.name, "method": method,
                         "device": nets.device_name(device), "precision": "fp32", "samples": samples,
                         "batch": a.batch, "passes": shape[1] * samples + 2, "seconds": nets.median(times),
                         "repeats": len(times)})
            print(rows[-1], file=sys.stderr)
        implementation.close()
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = lambda text: [word for word in text.split(",") if word]
    p.add_argument("--net", choices=sorted(nets.NETS), default="resnet18")
    p.add_argument("--weights", help="safetensors with torchvision's names; random if not given")
    p.add_argument("--device", default="cpu", help="cpu or cuda; default: cpu")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--engines", type=words, default=["pytorch", "pytorch-nhwc", "pytorch-frozen"],
                   help="kinds of forward pass, commas between; empty for none")
    p.add_argument("--batches", type=lambda text: [int(word) for word in words(text)], default=[1, 8, 16, 32])
    p.add_argument("--seconds", type=float, default=6, help="a kind and batch of the forward pass; default: 6")
    p.add_argument("--methods", type=words, default=["SS-CAM", "Score-CAM"], help="empty for none")
    p.add_argument("--samples", type=int, default=4, help="N of SS-CAM; default: 4")
    p.add_argument("--batch", type=int, default=32, help="of explanations; default: 32, torch-cam's own")
    p.add_argument("--repeats", type=int, default=3, help="of explanations; default: 3")
    p.add_argument("--json")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    device = torch.device(a.device)
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    tensors = nets.read_safetensors(a.weights) if a.weights else nets.random_tensors(a.net)
    net = nets.net(a.net, tensors).to(device)
    with torch.no_grad():
        results = {"schema": nets.SCHEMA, "program": "torch_cam.py", "environment": nets.environment(device),
                   "forward": forward(net, device, a), "masks": [], "explanations": explanations(net, device, a)}
    nets.publish(results, a.json)


if __name__ == "__main__":
    main()
