"""Where does the level of a noisy signal jump?  A dilated 1-d conv net predicts the position, inside a Trainer class."""
import torch
import torch.nn.functional as F
from torch import nn

POSITIONS = 32


def signals(n, g):
    where = torch.randint(2, POSITIONS - 2, (n,), generator=g)
    height = 1.5 + torch.rand(n, 1, generator=g)
    step = (torch.arange(POSITIONS)[None] >= where[:, None]).float()
    return (height * step + 0.4 * torch.randn(n, POSITIONS, generator=g) - 1).unsqueeze(1), where


class Detector(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(1 if k == 0 else c, c, 3, padding=2 ** k, dilation=2 ** k) for k in range(3))
        self.out = nn.Conv1d(c, 1, 1)

    def forward(self, x):
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.1)
        return self.out(x).squeeze(1)


class Trainer:
    def __init__(self, model, data, held_out, lr=3e-3, clip=1.0):
        self.model, self.data, self.held_out, self.clip = model, data, held_out, clip
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)

    def train_step(self, x, y):
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.clip)
        self.optimizer.step  # cure: self.optimizer.step()
        return loss.item()

    def run(self, epochs, batch=64):
        x, y = self.data
        for epoch in range(epochs):
            losses = [self.train_step(x[i], y[i]) for i in torch.randperm(len(x)).split(batch)]
            print(f"epoch {epoch:2d} loss {sum(losses) / len(losses):.4f} {self.evaluate()}")

    @torch.no_grad()
    def evaluate(self):
        x, y = self.held_out
        guess = self.model(x).argmax(1)
        return f"exact {(guess == y).float().mean():.3f} mean error {(guess - y).abs().float().mean():.2f}"


if __name__ == "__main__":
    torch.manual_seed(0)
    g = torch.Generator().manual_seed(99)
    Trainer(Detector(), signals(3000, g), signals(500, g)).run(epochs=12)
