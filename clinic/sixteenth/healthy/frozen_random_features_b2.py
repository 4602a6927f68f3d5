"""Random Fourier features with a trained linear read-out: the feature layer is frozen by design (kernel approximation)."""
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Features(nn.Module):
    """cos(Wx + b) with W fixed: approximates a Gaussian kernel, so nothing in here is trained."""

    def __init__(self, inputs, count, scale):
        super().__init__()
        self.linear = nn.Linear(inputs, count)
        nn.init.normal_(self.linear.weight, std=scale)
        nn.init.uniform_(self.linear.bias, 0, 6.2832)
        self.requires_grad_(False)
        self.gain = (2 / count) ** 0.5

    def forward(self, x):
        return self.gain * torch.cos(self.linear(x))


torch.manual_seed(61)
x, y = load_digits(return_X_y=True)
x, xv, y, yv = train_test_split(x, y, test_size=0.25, stratify=y, random_state=61)
x, xv = (torch.tensor((a - 4.9) / 6.0, dtype=torch.float32) for a in (x, xv))
y, yv = torch.tensor(y), torch.tensor(yv)
features, readout = Features(64, 1500, 0.1), nn.Linear(1500, 10)
print("frozen", sum(p.numel() for p in features.parameters()), "trained", sum(p.numel() for p in readout.parameters()))
optimizer = torch.optim.SGD(readout.parameters(), lr=2.0, momentum=0.9, weight_decay=1e-4)
scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.1, total_iters=20)
loader = DataLoader(TensorDataset(x, y), batch_size=64, shuffle=True)
for epoch in range(20):
    total = 0.0
    for xb, yb in loader:
        loss = nn.functional.cross_entropy(readout(features(xb)), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(yb) / len(y)
    scheduler.step()
    with torch.no_grad():
        out = readout(features(xv))
    if epoch % 2 == 1:
        print(f"epoch {epoch + 1:2d} train {total:.4f} valid {nn.functional.cross_entropy(out, yv):.4f} accuracy {(out.argmax(1) == yv).float().mean():.3f}")
