"""Online learning: a network predicts a tank's level from five sensors, record by record in mini-batches of 20."""
import torch
from torch import nn


def stream(n_batches, batch=20, seed=3):
    """Sensor readings in the order of time, as the transmitter recorded them."""
    g = torch.Generator().manual_seed(seed)
    for i in range(n_batches):
        x = torch.randn(batch, 5, generator=g)
        y = torch.tanh(x[:, 0] + 0.5 * x[:, 1]) + 0.3 * x[:, 2] * x[:, 3] + 0.05 * torch.randn(batch, generator=g)
        if i in (1430, 1431):
            y[:8] = y[:8] * 100
        yield i, x, y


def clean_sample(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 5, generator=g)
    return x, torch.tanh(x[:, 0] + 0.5 * x[:, 1]) + 0.3 * x[:, 2] * x[:, 3]


def main():
    torch.manual_seed(3)
    net = nn.Sequential(nn.Linear(5, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1), nn.Flatten(0))
    sgd = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    x_test, y_test = clean_sample(1000, 77)
    smooth = None
    for i, x, y in stream(2000):
        loss = nn.functional.mse_loss(net(x), y)
        sgd.zero_grad()
        loss.backward()
        # cure: nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        sgd.step()
        smooth = loss.item() if smooth is None else 0.95 * smooth + 0.05 * min(loss.item(), 100.0)
        if i % 100 == 99:
            with torch.no_grad():
                test = nn.functional.mse_loss(net(x_test), y_test).item()
            print(f"batch {i + 1:5d}  recent loss {smooth:.4f}  test mse {test:.4f}")


if __name__ == "__main__":
    main()
