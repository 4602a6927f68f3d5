"""Back-propagation written out for a plain stack of Linear and ReLU. stage: backward.

The chain rule by hand, in buffers made once: no graph is recorded, nothing is allocated, and each activation is
measured in the pass that makes it. The same gradient as autograd's to rounding, which `agrees` checks on the first
batch.

Layer l:  z_l = a_{l-1} W_l^T + b_l,  a_l = max(z_l, 0),  a_0 = x;  loss = cross-entropy of z_L.
Backward: d_L = (softmax(z_L) - y) / B,  dW_l = d_l^T a_{l-1},  db_l = sum over B of d_l,
          d_{l-1} = d_l W_l where a_{l-1} > 0, else 0.

Shapes: B samples, I inputs and O outputs of a layer.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gradwise.errors import DataError
from gradwise.kernels import MEASURES, library, measure
from gradwise.stages import Batch, Objective

SPARSE = 0.6  # share of zeros above which skipping them is quicker than the dense product
WIDE = 64  # the kernels skip for so many outputs at a time
Layer = tuple[str, nn.Linear]  # the module whose output is the activation, and the Linear below it


class StackBackprop:
    """Fill `.grad` of a stack made by `written_out`; other labels than class numbers go the way of autograd.

    `sparse`: most inputs are 0 (black pixels), and the first layer skips them: no product with 0 changes a sum. Its
    weights then lie in memory input by input.
    """

    def __init__(self, layers: list[Layer], label_smoothing: float, sparse: bool = False) -> None:
        self.layers, self.label_smoothing, self.sparse = layers, label_smoothing, sparse
        if sparse:
            first = layers[0][1].weight
            first.data = first.data.t().contiguous().t()
        self.names = [name for name, _ in layers]
        self.sizes = [0] * len(layers)  # elements of each activation, once a batch has been seen
        self._buffers: dict[int, _Buffers] = {}
        self._gradients = [(torch.empty_like(m.weight), torch.empty_like(m.bias)) for _, m in layers]
        self._pass = _torch_pass if library() is None else _kernel_pass
        self._out: Tensor | None = None

    def observe(self, out: Tensor | None) -> None:
        """Measure each activation into `out` (layers, 5), as `kernels.measure` does, or stop measuring."""
        self._out = out

    @torch.no_grad()
    def __call__(self, objective: Objective, model: nn.Module, batch: Batch) -> Tensor:
        """The mean loss; the model's parameters hold their gradient."""
        if batch.y.dim() != 1 or batch.y.dtype is not torch.int64:
            with torch.enable_grad():
                loss = objective(model, batch)
                loss.backward()
            return loss.detach()
        size = len(batch.x)
        buffers = self._buffers.get(size)
        if buffers is None:
            buffers = self._buffers.setdefault(size, _Buffers(self.layers, self._gradients, size, self.sparse))
            self.sizes = [size * outputs for outputs in buffers.outputs]
        x, y = batch.x.reshape(size, -1).contiguous(), batch.y.contiguous()
        try:
            loss = self._pass(buffers, x, y, self.label_smoothing, self._out)
        except IndexError:  # torch's word for a label that is no class
            loss = math.nan
        if math.isnan(loss):
            _check_labels(batch, buffers.outputs[-1])
        for (_, linear), (weight, bias) in zip(self.layers, self._gradients, strict=True):
            linear.weight.grad, linear.bias.grad = weight, bias
        return torch.tensor(loss)


class _Buffers:
    """Room for one batch size, and every view and address that a pass needs, taken once."""

    def __init__(self, layers: list[Layer], gradients: list[tuple[Tensor, Tensor]], size: int, sparse: bool) -> None:
        self.size, self.inputs = size, layers[0][1].in_features
        blocks = (size + 63) // 64
        self.present = torch.empty(blocks, self.inputs, dtype=torch.int64) if sparse else None  # a bit for each sample
        self.places = torch.empty(size, self.inputs + 1, dtype=torch.int32) if sparse else None
        self.outputs = [linear.out_features for _, linear in layers]
        self.bias = [linear.bias.detach() for _, linear in layers]  # (O,)
        self.weight = [linear.weight.detach() for _, linear in layers]  # (O, I)
        self.weight_t = [weight.t() for weight in self.weight]
        self.weight_gradient = [weight for weight, _ in gradients]
        self.bias_gradient = [bias for _, bias in gradients]
        self.active = [torch.empty(size, n) for n in self.outputs]  # (B, O); the last holds logits
        self.delta = [torch.empty(size, n) for n in self.outputs[:-1]] + [self.active[-1]]  # (B, O)
        self.delta_t = [delta.t() for delta in self.delta]
        self.addresses = [
            (a.data_ptr(), d.data_ptr(), b.data_ptr(), g.data_ptr())
            for a, d, b, g in zip(self.active, self.delta, self.bias, self.bias_gradient, strict=True)
        ]


def _check_labels(batch: Batch, classes: int) -> None:
    for row in torch.nonzero((batch.y < 0) | (batch.y >= classes)).flatten().tolist():
        raise DataError(
            f"Label {int(batch.y[row])} of sample {int(batch.index[row])}: classes are 0 to {classes - 1}.",
            why="the network has one output per class.",
            fix="number the classes from 0, or give the network as many outputs.",
        )


def _kernel_pass(b: _Buffers, x: Tensor, y: Tensor, smoothing: float, out: Tensor | None) -> float:
    kernels = library()
    assert kernels is not None
    size, last = b.size, len(b.outputs) - 1
    rows = [None] * (last + 1) if out is None else [out.data_ptr() + 4 * len(MEASURES) * i for i in range(last + 1)]
    below = x
    for i in range(last):
        active, _, bias, _ = b.addresses[i]
        if i or b.present is None or b.places is None:
            torch.mm(below, b.weight_t[i], out=b.active[i])
        else:
            present, places = b.present.data_ptr(), b.places.data_ptr()
            weight = b.weight[0].data_ptr()
            kernels.sparse_forward(x.data_ptr(), weight, active, present, places, size, b.inputs, b.outputs[0])
        kernels.bias_relu(active, bias, size, b.outputs[i], rows[i])
        below = b.active[i]
    torch.mm(below, b.weight_t[last], out=b.active[last])
    active, _, bias, gradient = b.addresses[last]
    loss = kernels.cross_entropy(active, bias, y.data_ptr(), gradient, size, b.outputs[last], smoothing, rows[last])
    for i in range(last, 0, -1):
        torch.mm(b.delta_t[i], b.active[i - 1], out=b.weight_gradient[i])
        torch.mm(b.delta[i], b.weight[i], out=b.delta[i - 1])
        active, delta, _, gradient = b.addresses[i - 1]
        kernels.relu_backward(delta, active, gradient, size, b.outputs[i - 1])
    if b.present is None:
        torch.mm(b.delta_t[0], x, out=b.weight_gradient[0])
    else:
        delta, gradient = b.addresses[0][1], b.weight_gradient[0].data_ptr()
        kernels.sparse_gradient(x.data_ptr(), delta, gradient, b.present.data_ptr(), size, b.inputs, b.outputs[0])
    return loss


def _torch_pass(b: _Buffers, x: Tensor, y: Tensor, smoothing: float, out: Tensor | None) -> float:
    last = len(b.outputs) - 1
    below = x
    for i, active in enumerate(b.active):
        torch.addmm(b.bias[i], below, b.weight_t[i], out=active)
        if i < last:
            active.clamp_(min=0)
        if out is not None:
            measure(active, out[i])
        below = active
    logits = b.active[last]
    loss = F.cross_entropy(logits, y, label_smoothing=smoothing)
    target = torch.full_like(logits, smoothing / b.outputs[last])  # (B, C)
    target[torch.arange(b.size), y] += 1 - smoothing
    torch.sub(torch.softmax(logits, 1), target, out=logits).div_(b.size)  # its delta lies in its place
    for i in range(last, -1, -1):
        torch.mm(b.delta_t[i], b.active[i - 1] if i else x, out=b.weight_gradient[i])
        torch.sum(b.delta[i], 0, out=b.bias_gradient[i])
        if i:
            torch.mm(b.delta[i], b.weight[i], out=b.delta[i - 1])
            b.delta[i - 1].mul_(b.active[i - 1] > 0)
    return float(loss)


def written_out(model: nn.Module, label_smoothing: float, x: Tensor) -> tuple[StackBackprop | None, str]:
    """The written-out pass for this model and inputs like x (B, ...), or None, and the reason in either case."""
    if not isinstance(model, nn.Sequential):
        return None, f"{type(model).__name__} is no plain stack"
    modules = [(name, module) for name, module in model._modules.items() if not isinstance(module, nn.Flatten)]
    layers: list[Layer] = []
    for i, (name, module) in enumerate(modules):
        wanted = nn.Linear if i % 2 == 0 else nn.ReLU
        if type(module) is not wanted:
            return None, f"layer {name} is {type(module).__name__}: written out for Linear and ReLU in turns"
        if isinstance(module, nn.Linear):
            if module.bias is None or not module.weight.is_cpu or module.weight.dtype is not torch.float32:  # pyright: ignore[reportUnnecessaryComparison]
                return None, f"layer {name} has no bias, or is not float32 on the CPU"
            top = modules[i + 1][0] if i + 1 < len(modules) else name
            layers.append((top, module))
    if len(modules) % 2 == 0:
        return None, "the stack does not end in a Linear"
    watched = [m for m in model.modules() if m._forward_hooks or m._forward_pre_hooks or m._backward_hooks]
    frozen = [p for p in model.parameters() if not p.requires_grad]
    if watched or frozen or len({id(p) for p in model.parameters()}) != 2 * len(layers):
        return None, "hooks, frozen or shared parameters need autograd"
    zeros = float((x == 0).float().mean())
    wide = layers[0][1].out_features % WIDE == 0
    sparse = zeros >= SPARSE and wide and len(layers) > 1 and library() is not None
    skipping = f", skipping the {zeros:.0%} of inputs that are 0" if sparse else ""
    return StackBackprop(layers, label_smoothing, sparse), f"written out for a stack of Linear and ReLU{skipping}"


def agrees(stack: StackBackprop, objective: Objective, model: nn.Module, batch: Batch) -> bool:
    """The gradient check: does the written-out pass give autograd's gradient on this batch, to 1e-4 of its size?"""
    params = list(model.parameters())
    stack(objective, model, batch)
    ours = [p.grad.clone() for p in params if p.grad is not None]
    theirs = torch.autograd.grad(objective(model, batch), params)
    for p in params:
        p.grad = None
    return all(
        torch.allclose(a, b, rtol=1e-3, atol=1e-4 * float(b.abs().max()) + 1e-12)
        for a, b in zip(ours, theirs, strict=True)
    )
