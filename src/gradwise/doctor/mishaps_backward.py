"""As `mishaps` says, for what goes wrong on the way back, in the update, in memory and between devices."""

from __future__ import annotations

import re

from torch import Tensor, nn

from gradwise.doctor.mishaps import Match, Meaning
from gradwise.doctor.scene import Scene, shape

MEMORY = "A smaller batch (and gradient accumulation to make up for it), or mixed precision."


def no_gradient(match: Match, scene: Scene) -> Meaning:
    """backward of something that no weight leads to."""
    says = f"`{scene.text}`: no weight leads to this loss, so there is nothing to differentiate."
    layers = _frozen(scene)
    if layers:
        fix = f"{layers} has requires_grad=False throughout: leave the layers that are to learn trainable."
        return Meaning("no-gradient", says, fix)
    fix = "Look between the network and the loss for torch.no_grad(), .detach(), .item(), .numpy(), argmax or"
    return Meaning("no-gradient", says, f"{fix} torch.tensor(...), and take it out; train inside no torch.no_grad().")


def number_instead_of_loss(match: Match, scene: Scene) -> Meaning:
    """loss.item().backward()."""
    says = f"`{scene.text}`: the loss is a plain number, which does not know where it came from."
    return Meaning("no-gradient", says, "Call backward() on the tensor, and .item() only for printing.")


def second_backward(match: Match, scene: Scene) -> Meaning:
    """A loss that reaches into an earlier step."""
    says = "backward() reached operations of an earlier step, whose values are gone: something is carried over from it,"
    says += " such as a hidden state, a running sum of losses, or a tensor computed before the loop."
    fix = "hidden = hidden.detach() between steps; total += loss.item(); compute in the loop what depends on weights."
    return Meaning("graph-leak", says, fix)


def not_scalar(match: Match, scene: Scene) -> Meaning:
    """backward of a tensor."""
    loss = scene.within("backward", "self")
    what = f" of shape {shape(loss)}" if isinstance(loss, Tensor) else ""
    return Meaning("", f"backward() starts from one number, and this loss is a tensor{what}.", "loss.mean().backward()")


def in_place(match: Match, scene: Scene) -> Meaning:
    """A value that backward needs was overwritten."""
    operation = re.sub(r"Backward\d*$", "", match[1] or "").lower()
    if not operation or operation in ("t", "asstrided", "transpose"):
        says = "A weight was changed between the forward pass and backward(), which needs its old values: mostly an"
        says += " optimizer.step() between two backward() of the same forward pass."
        return Meaning(
            "", says, "All backward() first, then the steps; or compute the second loss after the first step."
        )
    says = f"The result of {operation} was overwritten in place after it, and backward() needs it."
    fix = (
        "x = x + ... instead of x += ...; F.relu(x) instead of F.relu_(x) or inplace=True; clone() before x[...] = ..."
    )
    return Meaning("", says, fix)


def leaf_in_place(match: Match, scene: Scene) -> Meaning:
    """An update by hand that autograd is told of."""
    says = f"`{scene.text}` changes a weight in place while gradients are recorded."
    return Meaning("", says, "with torch.no_grad(): round the update of the weights.")


def out_of_memory(match: Match, scene: Scene) -> Meaning:
    """Memory."""
    return Meaning("", f"The memory is used up, at `{scene.text}`.", MEMORY)


def devices(match: Match, scene: Scene) -> Meaning:
    """Data on the one, weights on the other."""
    name, layer = scene.layer()
    x = scene.variable("input", "x")
    weight = next(layer.parameters(), None) if layer is not None else None
    says = "Tensors on different devices meet."
    if isinstance(x, Tensor) and weight is not None and x.device != weight.device:
        says = f"{name} lies on {weight.device}, and was given a tensor on {x.device}."
    return Meaning(
        "", says, "x, y = x.to(device), y.to(device) in the loop, and model.to(device) before the optimizer."
    )


def no_parameters(match: Match, scene: Scene) -> Meaning:
    """Layers in a list."""
    says = "The optimizer was given no parameters: a generator that was used up, or layers in a plain list or dict,"
    fix = "nn.ModuleList([...]) or nn.ModuleDict({...}) for them; parameters() anew for every optimizer."
    return Meaning("not-optimised", f"{says} which a module does not see.", fix)


def not_a_leaf(match: Match, scene: Scene) -> Meaning:
    """A weight that is the result of a computation."""
    says = "The optimizer was given the result of a computation, such as torch.randn(..., requires_grad=True) * 0.1."
    return Meaning("not-optimised", says, "w = (0.1 * torch.randn(...)).requires_grad_(), or nn.Parameter(...).")


def numpy_of_gradient(match: Match, scene: Scene) -> Meaning:
    """numpy() of a tensor with a graph."""
    return Meaning("", f"`{scene.text}`: NumPy knows no gradients.", "tensor.detach().cpu().numpy()")


def not_finite(match: Match, scene: Scene) -> Meaning:
    """A library that refuses NaN."""
    says = f"A value is NaN or infinite where `{scene.text}` stands; it began earlier."
    return Meaning("non-finite", says, "Find where it begins: the finding non-finite names the step and the operation.")


def _frozen(scene: Scene) -> str:
    for frame, _, _ in reversed(scene.own):
        for name, value in list(frame.f_locals.items()):
            if isinstance(value, nn.Module) and next(value.parameters(), None) is not None and name != "self":
                return name if not any(p.requires_grad for p in value.parameters()) else ""
    return ""
