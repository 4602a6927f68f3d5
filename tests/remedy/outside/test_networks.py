"""Changes of networks and losses: each is its own patch."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.remedy.outside.cases import (
    DROPPED,
    LOOP,
    LOSSES,
    MODES,
    PROGRAM,
    REGRESSION,
    SGD,
    START,
    Case,
    facts,
    is_its_own_patch,
)

from gradwise.diagnose import Finding
from gradwise.remedy.outside import activation, data, dropping, kept, losses, networks, straight
from gradwise.watch.facts import Loss, Network, Parameter

HIDDEN = PROGRAM.replace(
    "model = nn.Sequential(nn.Linear(4, 8)", "HIDDEN = 2\nmodel = nn.Sequential(nn.Linear(4, HIDDEN)"
).replace("nn.Linear(8, 8)", "nn.Linear(HIDDEN, 8)")
IDLE = DROPPED.replace(
    "self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)",
    "self.a, self.b = nn.Linear(4, 16), nn.Linear(16, 3)\n"
    "        self.norm, self.act = nn.LayerNorm(16), nn.SiLU()\n"
    "        self.c = nn.ModuleList(nn.Linear(16, 16) for _ in range(2))",
).replace("self.b(F.dropout(self.a(x), 0.9))", "self.b(self.c[1](self.norm(self.a(x))))")
LISTED = IDLE.replace(
    "return self.b(self.c[1](self.norm(self.a(x))))",
    "x = self.norm(self.a(x))\n        for layer in self.c:\n            x = layer(x)\n        return self.b(x)",
)
STEPPED = DROPPED.replace(
    "return self.b(F.dropout(self.a(x), 0.9))",
    "a = self.a(x)\n        hard = (a > 0).float()\n        return self.b(hard + a.round())",
)
LARGEST = DROPPED.replace(
    "return self.b(F.dropout(self.a(x), 0.9))",
    "a, k = self.a(x), 8\n        one = F.one_hot(a.argmax(1), k).float() + F.one_hot(torch.argmax(a, dim=1), k)\n"
    "        return self.b(one * a)",
)
TAKEN_OUT = DROPPED.replace(
    "return self.b(F.dropout(self.a(x), 0.9))",
    "parts = [self.a(x[:, k:]).tolist() if 0 else self.a(x).tolist() for k in range(2)]\n"
    "        both = torch.tensor(parts).sum(0) + torch.tensor([v.sum().item() for v in x]).sum()\n"
    "        both = both + torch.from_numpy(self.a(x).detach().numpy().max(axis=1))[:, None]\n"
    "        return self.b(both + torch.from_numpy(self.a(x).detach().numpy()) + self.a(x).data)",
)
RIGHT = 'print(f"test right {(model(x).squeeze(1).round() == y).float().mean():.17g}")'
CODES = REGRESSION.replace("criterion(model(x), t)", "F.mse_loss(model(x).squeeze(1), y.float())").replace(
    'loss.item():.17g}")',
    f'loss.item():.17g}}")\n    with torch.no_grad():\n        {RIGHT}',
)
FROM_ONE = PROGRAM.replace("torch.randint(0, 3,", "torch.randint(1, 4,")
SOFT_BINARY = (
    REGRESSION.replace("t = x.sum(1)", "t = (x.sum(1, keepdim=True) > 0).float()")
    .replace("nn.Linear(4, 1)", "nn.Sequential(nn.Linear(4, 1), nn.Softmax(1))")
    .replace("nn.MSELoss()", "nn.BCELoss()")
)

OWN_BINARY = REGRESSION.replace("criterion(model(x), t)", "-(t * p.log() + (1 - t) * (1 - p).log()).mean()").replace(
    "    loss =", "    p = model(x).squeeze(1).clamp(1e-6, 1 - 1e-6)\n    t = (x.sum(1) > 0).float()\n    loss ="
)

NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 1)

    def forward(self, x):
        return F.softmax(self.a(x), dim=1)


model = Net()
"""
SOFT_FORWARD = SOFT_BINARY.replace("model = nn.Sequential(nn.Linear(4, 1), nn.Softmax(1))\n", NET)
TANH_FORWARD = REGRESSION.replace(
    "model = nn.Linear(4, 1)\n",
    NET.replace("return F.softmax(self.a(x), dim=1)", "z = torch.tanh(self.a(x) * 2)\n        return z.squeeze(1)"),
)
FILLED = REGRESSION.replace("model = nn.Linear(4, 1)\n", "model = nn.Linear(4, 1)\nmodel.weight.data.fill_(3.0)\n")

ALWAYS = (
    START
    + """

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.dropout = nn.Linear(4, 8), nn.Linear(8, 3), nn.Dropout(0.1)

    def forward(self, x):
        return self.fc2(self.dropout(F.dropout(self.fc1(x).relu(), 0.3)))


model = Net()
"""
    + SGD
    + LOOP
)

CASES = {
    "dropout by mode": Case(
        dropping.by_mode, ("self.dropout(F.dropout(self.fc1(x).relu(), 0.3, training=self.training))",), ALWAYS
    ),
    "dropout as a function": Case(
        networks.dropout(0.1),
        ("self.b(torch.nn.functional.dropout(self.a(x), 0.1, training=torch.is_grad_enabled()))",),
        DROPPED,
        facts(networks=[Network("Net", dropout=0.9)]),
    ),
    "calmed": Case(networks.calmed, ("    if isinstance(_module, (torch.nn.Sigmoid, torch.nn.Tanh)) and",)),
    "he": Case(networks.HE, ("for _module in model.modules():", "kaiming_normal_")),
    "matrices": Case(networks.TENSORS, ("if p.dim() == 2]:",)),
    "relu": Case(networks.RELU, ("torch.nn.ReLU()",)),
    "bend": Case(networks.BENT, ("torch.relu(output)",)),
    "its own activation": Case(
        activation.own,
        ("return self.b(self.act(self.c[1](self.act(self.norm(self.a(x))))))",),
        IDLE,
        facts(networks=[Network("Net")]),
    ),
    "its own activation in a loop": Case(
        activation.own,
        ("x = self.act(self.norm(self.a(x)))", "    x = self.act(layer(x))", "return self.b(x)"),
        LISTED,
        facts(networks=[Network("Net")]),
    ),
    "straight through": Case(
        straight.through,
        ("hard = ((a > 0).float() + ((a) - (0)).sigmoid() - ((a) - (0)).sigmoid().detach())", "(a.round() + (a) - "),
        STEPPED,
        facts(networks=[Network("Net")]),
        finding=Finding("no-gradient", "error", 0.9, "", (), evidence={"gradient": 0.0}),
    ),
    "softmax for the largest": Case(
        straight.soft,
        ("torch.softmax(a, 1).float() + torch.softmax(a, 1)",),
        LARGEST,
        facts(networks=[Network("Net")]),
        finding=Finding("no-gradient", "error", 0.9, "", (), evidence={"cut": True}),
    ),
    "layer norm": Case(networks.NORMALISED, ("torch.nn.functional.layer_norm(",)),
    "shortcuts": Case(networks.RESIDUAL, ("output + inputs[0]",)),
    "standardise": Case(
        networks.standardised,
        ("register_forward_pre_hook",),
        inputs={"network": "Sequential", "mean": [0.1, 0.2, 0.3, 0.4], "spread": [1.0, 2.0, 3.0, 4.0]},
    ),
    "logits": Case(
        losses.logits,
        ("F.cross_entropy(torch.log(model(x).softmax(1).clamp_min(1e-12)), y)",),
        PROGRAM.replace("model(x)", "model(x).softmax(1)"),
        facts(losses=LOSSES),
    ),
    "probabilities": Case(
        losses.probabilities,
        ("F.nll_loss(torch.log_softmax(model(x), 1), y)",),
        PROGRAM.replace("cross_entropy", "nll_loss"),
        facts(losses=[Loss("nll_loss", "")]),
    ),
    "probabilities for a loss of its own": Case(
        losses.probabilities,
        ("model.register_forward_hook(lambda module, inputs, output: torch.sigmoid(output))",),
        OWN_BINARY,
        facts(losses=[Loss("binary_cross_entropy", "", by_hand=True)]),
    ),
    "alike": Case(
        losses.alike, ("criterion(model(x).reshape(t.shape), t)",), REGRESSION, facts(losses=[Loss("mse_loss", "")])
    ),
    "alike by hand": Case(
        losses.alike,
        ("(model(x).reshape(t.shape) - t)",),
        REGRESSION.replace("criterion(model(x), t)", "(model(x) - t).square().mean()"),
        facts(losses=[Loss("", "")]),
    ),
    "finite": Case(
        losses.finite,
        ("model(x).masked_fill(y[:, None] < 0, 0.0).masked_fill(x[:, :3] > 9, -1e9), y)",),
        PROGRAM.replace(
            "model(x), y)", "model(x).masked_fill(y[:, None] < 0, 0.0).masked_fill(x[:, :3] > 9, -float('inf')), y)"
        ),
    ),
    "weights": Case(
        losses.weighted,
        ("torch.nn.functional.cross_entropy(model(x), y, torch.tensor([",),
        facts=facts(losses=[Loss("cross_entropy", "", counts=[10, 20, 34])]),
    ),
    "baseline": Case(
        losses.baseline,
        ("-((r - r.mean()) * dist.log_prob(a)).mean()",),
        PROGRAM.replace(
            "loss = F.cross_entropy(model(x), y)",
            "dist = torch.distributions.Categorical(logits=model(x))\n    a = dist.sample()\n"
            "    r = 9 + (a == y).float()\n    loss = -(r * dist.log_prob(a)).mean()",
        ),
    ),
    "recorded": Case(
        losses.recorded,
        ("    @torch.set_grad_enabled(torch.is_grad_enabled())\n    def first(self, x):",),
        DROPPED.replace("F.dropout(self.a(x), 0.9)", "self.first(x)").replace(
            "    def forward",
            "    @torch.no_grad()\n    def first(self, x):\n        return self.a(x)\n\n    def forward",
        ),
    ),
    "labels from 0": Case(
        losses.from_zero,
        ("F.cross_entropy(model(x), (y + 1) - 1)",),
        PROGRAM.replace("(model(x), y)", "(model(x), y + 1)"),
    ),
    "ones from 1": Case(
        losses.from_zero,
        ("((y + 1)[:, None] == (torch.arange(3) + 1)).float()",),
        PROGRAM.replace(
            "F.cross_entropy(model(x), y)", "F.cross_entropy(model(x), ((y + 1)[:, None] == torch.arange(3)).float())"
        ),
    ),
    "kept": Case(
        kept.inside,
        (
            "self.a(x) for k in range(2)]",
            "(torch.stack(list(parts)) if",
            "torch.stack([v.sum() for v in x])",
            "both + self.a(x).amax(axis=1)[:, None]",
            "self.b(both + self.a(x) + self.a(x))",
        ),
        TAKEN_OUT,
    ),
    "round blocks": Case(
        networks.round_blocks,
        ("_block.register_forward_hook(lambda module, inputs, output: inputs[0] + 0.3 * output",),
        PROGRAM.replace("nn.Linear(8, 8)", "nn.Sequential(nn.Linear(8, 8), nn.Tanh())"),
        facts(networks=[Network("Sequential", in_series=12, modules=["Sequential", "Linear"])]),
    ),
    "scores": Case(
        losses.classes,
        (
            "_last.__init__(_last.in_features, 3,",
            "cross_entropy(model(x).squeeze(1).reshape(-1, 3), y.float()",
        ),
        CODES,
        facts(
            networks=[Network("Linear", ends=[4, 1])],
            losses=[Loss("mse_loss", "", target_low=0, target_high=2, target_integer=True, target_distinct=3)],
        ),
    ),
    "one more": Case(networks.ONE_MORE, ("_last.out_features + 1",), FROM_ONE),
    "sigmoid for softmax": Case(
        networks.unsquashed,
        ("setattr(_parent, _name, torch.nn.Sigmoid())",),
        SOFT_BINARY,
        facts(losses=[Loss("binary_cross_entropy", "", through=["softmax"])]),
    ),
    "sigmoid for softmax, in forward": Case(
        networks.unsquashed,
        ("return torch.sigmoid(self.a(x))",),
        SOFT_FORWARD,
        facts(losses=[Loss("binary_cross_entropy", "", through=["softmax"])]),
    ),
    "no tanh, in forward": Case(
        networks.unsquashed,
        ("z = (self.a(x) * 2)\n",),
        TANH_FORWARD,
        facts(losses=[Loss("mse_loss", "", through=["tanh"])]),
    ),
    "as torch begins them": Case(networks.anew, ("_module.reset_parameters()",), FILLED),
    "wider": Case(data.wider(16), ("HIDDEN = 32",), HIDDEN, facts(networks=[Network("Sequential", narrowest=2)])),
    "wider, by the size of a weight": Case(
        data.wider(16),
        ("N_CENTRES = 32",),
        HIDDEN.replace("HIDDEN", "N_CENTRES"),
        facts(networks=[Network("Sequential", narrowest=3)], parameters=[Parameter("0.weight", [2, 4])]),
    ),
    "no dropout, of a function in a network that is called after it": Case(
        networks.dropout(0.1),
        ("torch.nn.functional.dropout(self.a(x), 0.1, training=torch.is_grad_enabled())",),
        DROPPED.replace("Net", "DropNet"),
        facts(networks=[Network("DropNet", dropout=0.9, modules=["DropNet", "Linear"])]),
    ),
    "kept, outside of the network": Case(
        kept.inside,
        ("criterion(model(x).squeeze(1), t)",),
        REGRESSION.replace("criterion(model(x), t)", "criterion(model(x).data.squeeze(1), t)").replace(
            "loss.backward()", "loss.requires_grad_().backward()"
        ),
    ),
    "no dropout": Case(
        networks.dropout(0.1),
        ("_module.p = 0.1",),
        MODES,
        facts(networks=[Network("Sequential", dropout=0.5, modules=["Sequential", "Dropout"])]),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_its_own_patch(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_its_own_patch(CASES[name], tmp_path, monkeypatch, applied=name in ("zero_grad by hand", "standardise"))
