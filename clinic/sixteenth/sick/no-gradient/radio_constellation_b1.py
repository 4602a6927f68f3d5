"""End-to-end radio link: an encoder maps 16 messages to points of the plane, a decoder reads them behind a noisy channel."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

MESSAGES, SIGMA = 16, 0.16


class Link(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Embedding(MESSAGES, 32), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 2))
        self.decoder = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, MESSAGES))

    def constellation(self):
        points = self.encoder(torch.arange(MESSAGES))
        points = points - points.mean(0)
        return points / points.square().sum(1).mean().sqrt()

    def channel(self, signal):
        noise = np.random.normal(0.0, SIGMA, signal.shape).astype(np.float32)
        return torch.from_numpy(signal.detach().numpy() + noise)  # cure: return signal + torch.from_numpy(noise)

    def forward(self, message):
        return self.decoder(self.channel(self.constellation()[message]))


def error_rate(link, n=8000):
    message = torch.randint(0, MESSAGES, (n,))
    with torch.no_grad():
        logits = link(message)
    return (logits.argmax(1) != message).float().mean().item(), F.cross_entropy(logits, message).item()


def main():
    np.random.seed(0)
    torch.manual_seed(0)
    link = Link()
    optimizer = torch.optim.Adam(link.parameters(), lr=2e-3)
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, 1500)
    for step in range(1, 1501):
        message = torch.randint(0, MESSAGES, (256,))
        loss = F.cross_entropy(link(message), message)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
        if step % 150 == 0:
            ser, fresh = error_rate(link)
            print(f"step {step:5d}  loss {loss.item():.4f}  fresh {fresh:.4f}  symbol error rate {ser:.4f}")


if __name__ == "__main__":
    main()
