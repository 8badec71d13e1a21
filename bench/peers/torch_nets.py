#!/usr/bin/env python3
"""The three nets in plain PyTorch with torchvision's names, batch norm folded; and what the scripts here share.

  python3 torch_nets.py vgg16 vgg16.safetensors      writes random weights of a net, for measuring time

Needs PyTorch and NumPy; neither torchvision nor safetensors. A net is a torch.nn.Module whose modules are named as in
torchvision, so that "layer4", "features.29" and "features.12" can be looked at by name.
"""
import json
import struct
import sys

import numpy as np
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

TYPES = {"F32": np.float32, "F16": np.float16, "F64": np.float64}
LAYERS = {"resnet18": "layer4", "vgg16": "features.29", "squeezenet1_0": "features.12"}
SCHEMA = 1
CLASSES = 1000


class Block(nn.Module):
    """ResNet's basic block."""

    def __init__(self, inputs, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = None
        if inputs != channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y += x if self.downsample is None else self.downsample(x)
        return self.relu(y)


class ResNet18(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for i, channels in enumerate((64, 128, 256, 512)):
            blocks = nn.Sequential(Block(inputs, channels, 2 if i else 1), Block(channels, channels, 1))
            setattr(self, "layer%d" % (i + 1), blocks)
            inputs = channels
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Vgg16(nn.Module):
    def __init__(self, classes):
        super().__init__()
        layers, inputs = [], 3
        for channels, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            for _ in range(count):
                layers += [nn.Conv2d(inputs, channels, 3, padding=1), nn.ReLU(inplace=True)]
                inputs = channels
            layers.append(nn.MaxPool2d(2, 2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096), nn.ReLU(inplace=True), nn.Dropout(),
            nn.Linear(4096, 4096), nn.ReLU(inplace=True), nn.Dropout(), nn.Linear(4096, classes))

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Fire(nn.Module):
    """SqueezeNet's module: a 1×1 squeeze, then 1×1 and 3×3 expansions side by side."""

    def __init__(self, inputs, squeeze, expand):
        super().__init__()
        self.squeeze = nn.Conv2d(inputs, squeeze, 1)
        self.expand1x1 = nn.Conv2d(squeeze, expand, 1)
        self.expand3x3 = nn.Conv2d(squeeze, expand, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.relu(self.squeeze(x))
        return torch.cat([self.relu(self.expand1x1(x)), self.relu(self.expand3x3(x))], 1)


class SqueezeNet(nn.Module):
    def __init__(self, classes):
        super().__init__()
        pool = lambda: nn.MaxPool2d(3, 2, ceil_mode=True)
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, 7, 2), nn.ReLU(inplace=True), pool(),
            Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), pool(),
            Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), pool(),
            Fire(512, 64, 256))
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Conv2d(512, classes, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1)))

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


NETS = {"resnet18": ResNet18, "vgg16": Vgg16, "squeezenet1_0": SqueezeNet}


def random_tensors(name):
    """Weights as Kaiming's, batch norms near the identity: {name: float32 tensor}."""
    generator = torch.Generator().manual_seed(1)
    out = {}
    for key, value in NETS[name](CLASSES).state_dict().items():
        noise = torch.randn(value.shape, generator=generator)
        if value.dim() > 1:
            out[key] = noise * (2 / value[0].numel()) ** 0.5
        elif key.endswith("running_var"):
            out[key] = 1 + 0.5 * noise.abs()
        elif key.endswith(".weight"):
            out[key] = 1 + 0.1 * noise
        elif not key.endswith("num_batches_tracked"):
            out[key] = 0.1 * noise
    return out


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
            out[name] = torch.from_numpy(values).view(entry["shape"])
    return out


def write_safetensors(path, tensors):
    header, offset, parts = {}, 0, []
    for name, tensor in tensors.items():
        data = tensor.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        f.writelines(parts)


def net(name, tensors):
    """The net with these weights, batch norms folded, in float32 on the CPU, for inference."""
    head = {"resnet18": "fc", "vgg16": "classifier.6", "squeezenet1_0": "classifier.1"}[name]
    module = NETS[name](len(tensors[head + ".bias"]))
    missing, unexpected = module.load_state_dict(tensors, strict=False)
    missing = [key for key in missing if not key.endswith("num_batches_tracked")]
    if missing or unexpected:
        sys.exit("these weights are not %s's: missing %s, unexpected %s" % (name, missing[:3], unexpected[:3]))
    module.eval()
    fold(module)
    return module.requires_grad_(False)


def fold(module):
    """Folds every batch norm into the convolution registered right before it."""
    for child in module.children():
        fold(child)
    previous = None
    for name, child in list(module.named_children()):
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, previous, fuse_conv_bn_eval(getattr(module, previous), child))
            setattr(module, name, nn.Identity())
        previous = name


def processor():
    """The CPU's name."""
    try:
        with open("/proc/cpuinfo") as f:
            return next(line.split(":", 1)[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"


def environment(device):
    """Where and with what is measured, as words."""
    facts = {"cpu": processor(), "threads": str(torch.get_num_threads()), "torch": torch.__version__}
    if device.type == "cuda":
        facts["gpu"] = torch.cuda.get_device_name()
        facts["cuda"] = str(torch.version.cuda)
    elif hasattr(torch.backends, "cpu"):
        facts["vectors"] = torch.backends.cpu.get_cpu_capability()
    return facts


def median(values):
    """Of sorted values."""
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


def device_name(device):
    return torch.cuda.get_device_name() if device.type == "cuda" else "cpu"


def publish(results, path):
    """Prints what was measured and writes it to the file, if one is named."""
    text = json.dumps(results, indent=2)
    print(text)
    if path:
        with open(path, "w") as f:
            f.write(text + "\n")


def ready(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in NETS:
        sys.exit("usage: torch_nets.py {%s} FILE" % ",".join(NETS))
    write_safetensors(sys.argv[2], random_tensors(sys.argv[1]))
