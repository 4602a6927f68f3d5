"""MAML on sine waves: the inner step keeps its graph on purpose, so that the outer step can see through it."""
import torch
import torch.nn.functional as F
from torch.func import functional_call

torch.manual_seed(9)
net = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh(),
                          torch.nn.Linear(40, 1))
meta = torch.optim.Adam(net.parameters(), lr=2e-3)
sched = torch.optim.lr_scheduler.CosineAnnealingLR(meta, 700)
INNER = 0.1


def task():
    amp, phase = 0.5 + 1.0 * torch.rand(1), 3.14 * torch.rand(1)

    def draw(n):
        x = 4 * torch.rand(n, 1) - 2
        return x, amp * torch.sin(1.5 * x + phase)
    return draw


def adapt(params, x, y, steps, create_graph):
    for _ in range(steps):
        loss = F.mse_loss(functional_call(net, params, (x,)), y)
        grads = torch.autograd.grad(loss, list(params.values()), create_graph=create_graph)
        params = {k: p - INNER * g for (k, p), g in zip(params.items(), grads)}
    return params


def meta_test(n=60, seed=99):
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    before = after = 0.0
    for _ in range(n):
        draw = task()
        x, y = draw(10)
        xq, yq = draw(100)
        params = {k: p.detach().requires_grad_() for k, p in net.named_parameters()}
        before += F.mse_loss(net(xq), yq).item() / n
        after += F.mse_loss(functional_call(net, adapt(params, x, y, 3, False), (xq,)), yq).item() / n
    torch.set_rng_state(state)
    return before, after


for it in range(701):
    outer = 0.0
    for _ in range(4):
        draw = task()
        x, y = draw(10)
        xq, yq = draw(10)
        fast = adapt(dict(net.named_parameters()), x, y, 1, True)
        outer = outer + F.mse_loss(functional_call(net, fast, (xq,)), yq) / 4
    meta.zero_grad()
    outer.backward()
    meta.step()
    sched.step()
    if it % 100 == 0:
        b, a = meta_test()
        print(f"iteration {it}: outer loss {outer.item():.4f}; new tasks: unadapted {b:.4f}, after three steps {a:.4f}")
