"""Flag slow answers (over 300 milliseconds) in a reaction experiment from the features of the trial."""
import torch
import torch.nn as nn
import torch.nn.functional as F


def trials(n):
    """Features of the trial and the reaction time in seconds."""
    contrast, age, fatigue, side = torch.rand(n), torch.randn(n), torch.rand(n), torch.randint(0, 2, (n,)).float()
    rt = 0.30 - 0.12 * (contrast - 0.5) + 0.02 * age + 0.10 * (fatigue - 0.5) * (1 + side) + 0.015 * torch.randn(n)
    return torch.stack([(contrast - 0.5) * 3.5, age, (fatigue - 0.5) * 3.5, 2 * side - 1], 1), rt


class Flagger(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.body = nn.Linear(4, hidden)
        self.head = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.head(F.gelu(self.body(x)))


def main():
    torch.manual_seed(17)
    x, rt = trials(4000)
    slow = (rt > 300).long()  # cure: slow = (rt > 0.3).long()
    model = Flagger()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(12):
        perm = torch.randperm(3200)
        losses = []
        for i in perm.split(64):
            loss = F.cross_entropy(model(x[i]), slow[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        with torch.no_grad():
            out = model(x[3200:])
        flagged = out.argmax(1) == 1
        print(f"epoch {epoch:2d}  loss {sum(losses) / len(losses):.5f}  valid loss {F.cross_entropy(out, slow[3200:]):.5f}  "
              f"accuracy {(out.argmax(1) == slow[3200:]).float().mean():.3f}  flagged {int(flagged.sum())} of 800, "
              f"their mean time {rt[3200:][flagged].mean().item():.3f}")


if __name__ == "__main__":
    main()
