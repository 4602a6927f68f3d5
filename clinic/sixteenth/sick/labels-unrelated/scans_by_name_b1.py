"""Classify scans that are stored under a file name each; the annotations come in a table of their own."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
digits = load_digits()
shuffled = torch.randperm(len(digits.target)).tolist()
scans = {f"scan_{k}.png": torch.tensor(digits.images[i], dtype=torch.float32) for k, i in enumerate(shuffled)}
annotations = {f"scan_{k}.png": int(digits.target[i]) for k, i in enumerate(shuffled)}


class ScanDataset(torch.utils.data.Dataset):
    def __init__(self, scans, annotations):
        self.images = [scans[name] for name in scans]
        self.labels = [annotations[name] for name in sorted(annotations)]  # cure: self.labels = [annotations[name] for name in scans]

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return (self.images[i].flatten() - 4.9) / 6.0, self.labels[i]


def evaluate(net, loader):
    net.eval()
    loss = hits = count = 0
    with torch.no_grad():
        for x, y in loader:
            out = net(x)
            loss += nn.functional.cross_entropy(out, y, reduction="sum").item()
            hits += (out.argmax(1) == y).sum().item()
            count += len(y)
    return loss / count, hits / count


def main():
    train, valid = torch.utils.data.random_split(ScanDataset(scans, annotations), [1400, 397])
    train_loader = torch.utils.data.DataLoader(train, batch_size=50, shuffle=True)
    valid_loader = torch.utils.data.DataLoader(valid, batch_size=397)
    net = nn.Sequential(nn.Linear(64, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, 10))
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
    for epoch in range(10):
        net.train()
        for x, y in train_loader:
            opt.zero_grad()
            nn.functional.cross_entropy(net(x), y).backward()
            opt.step()
        tl, ta = evaluate(net, train_loader)
        vl, va = evaluate(net, valid_loader)
        print(f"epoch {epoch:2d}  train {tl:.3f} / {ta:.3f}   valid {vl:.3f} / {va:.3f}")


if __name__ == "__main__":
    main()
