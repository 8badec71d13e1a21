"""Makes torch-zip.pth and torch-legacy.pth, read by TorchMadeCheckpointTest.

Made with PyTorch 1.13 (Debian's python3-torch): python3 make_checkpoints.py
"""
from collections import OrderedDict

import torch

base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
tensors = OrderedDict(
    plain=base.clone(),
    shared=base,
    permuted=base.permute(2, 0, 1),
    sliced=base[:, 1:, ::2],
    expanded=torch.tensor([1.5]).expand(3),
    scalar=torch.tensor(2.5),
    empty=torch.zeros(0, 3),
    parameter=torch.nn.Parameter(torch.ones(2)),
    half=torch.arange(6).half()[2:] / 4,
    bfloat=torch.tensor([1.0, -2.5, 3e38]).bfloat16(),
    double=torch.tensor([0.1, -1e300], dtype=torch.float64),
    long=torch.tensor([-1, 2**40]),
    int=torch.tensor([-2, 2**30], dtype=torch.int32),
    short=torch.tensor([-3, 4], dtype=torch.int16),
    char=torch.tensor([-4, 5], dtype=torch.int8),
    byte=torch.tensor([6, 255], dtype=torch.uint8),
    bool=torch.tensor([True, False]),
)
tensors._metadata = {"": {"version": 1}}
checkpoint = {"epoch": 3, "lr": 0.1, "state_dict": tensors, "history": [1, 2.5, None, "x"]}
torch.save(checkpoint, "torch-zip.pth")
torch.save(checkpoint, "torch-legacy.pth", _use_new_zipfile_serialization=False)
