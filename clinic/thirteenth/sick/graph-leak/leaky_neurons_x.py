"""Online regression on a stream with leaky integrator units: the state is carried from step to step."""
import time

import torch
from torch import nn


class Leaky(nn.Module):
    def __init__(self, n=64):
        super().__init__()
        self.enter = nn.Linear(4, n)
        self.register_buffer("decay", torch.linspace(0.5, 0.95, n))
        self.read = nn.Sequential(nn.Tanh(), nn.Linear(n, 1))

    def forward(self, x, state):
        state = self.decay * state + self.enter(x)
        return self.read((1 - self.decay) * state), state


def stream(steps, batch=32, seed=1):
    """Four noise channels; the target is a filtered, bent mixture of them."""
    g = torch.Generator().manual_seed(seed)
    slow = torch.zeros(batch, 4)
    for _ in range(steps):
        x = torch.randn(batch, 4, generator=g)
        slow = 0.8 * slow + x
        y = torch.tanh(0.7 * slow[:, 0] - 0.5 * slow[:, 1]) + 0.3 * torch.tanh(slow[:, 2])
        yield x, y.unsqueeze(1)


def main():
    torch.manual_seed(1)
    model = Leaky()
    opt = torch.optim.Adam(model.parameters(), lr=1e-2)
    state = torch.zeros(32, 64)
    losses, window, start = [], 0.0, time.time()
    for step, (x, y) in enumerate(stream(3000), 1):
        pred, state = model(x, state)
        loss = nn.functional.mse_loss(pred, y)
        window = window + loss
        losses.append(loss.item())
        if step % 15 == 0:
            opt.zero_grad()
            (window / 15).backward(retain_graph=True)  # cure: (window / 15).backward()
            opt.step()
            window = 0.0
            # cure: state = state.detach()
        if step % 300 == 0:
            print(f"step {step}: mean loss {sum(losses[-300:]) / 300:.4f}, {(time.time() - start) / 0.3:.2f} ms per step")
            start = time.time()


if __name__ == "__main__":
    main()
