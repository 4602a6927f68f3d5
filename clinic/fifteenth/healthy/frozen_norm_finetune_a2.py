"""Pre-trains a convolutional network on clean digits and fine-tunes it gently on noisy ones, one sample at a time: the batch
normalisation keeps the statistics it has (evaluation mode), the first block is frozen, the rates are small."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(14)
digits = load_digits()
x = torch.tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 8 - 1
y = torch.tensor(digits.target)
order = torch.randperm(len(x))
x, y = x[order], y[order]
noisy = x + 0.6 * torch.randn_like(x)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.low = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2))
        self.high = nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.high(self.low(x)).flatten(1))


@torch.no_grad()
def report(net, data, tag):
    net.eval()
    logits = net(data[1400:])
    right = (logits.argmax(1) == y[1400:]).float().mean().item()
    print(f"{tag}  valid loss {F.cross_entropy(logits, y[1400:]).item():.4f}  accuracy {right:.4f}")


net = Net()
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=0.01)
for epoch in range(1, 6):
    net.train()
    for index in torch.randperm(1400).split(50):
        loss = F.cross_entropy(net(x[index]), y[index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    report(net, x, f"clean {epoch}  loss {loss.item():.4f}")
report(net, noisy, "noisy, before")

net.low.requires_grad_(False)
optimizer = torch.optim.AdamW([{"params": net.high.parameters(), "lr": 5e-5}, {"params": net.head.parameters(), "lr": 2e-4}])
for epoch in range(1, 6):
    net.eval()
    total = 0.0
    for count, i in enumerate(torch.randperm(1400).tolist(), start=1):
        loss = F.cross_entropy(net(noisy[i : i + 1]), y[i : i + 1])
        (loss / 4).backward()
        total += loss.item() / 1400
        if count % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
    report(net, noisy, f"noisy {epoch}  loss {total:.4f}")
