"""Breast cancer diagnosis with a small gated network, trained with plain SGD and warm-up."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.utils import shuffle


class GatedUnit(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.value = nn.Linear(n_in, n_out)
        self.gate = nn.Linear(n_in, n_out)

    def forward(self, x):
        return self.value(x) * torch.sigmoid(self.gate(x))


def get_data(train_share=0.75, seed=0):
    X, y = load_breast_cancer(return_X_y=True)
    X = shuffle(X, random_state=seed)
    y = shuffle(y, random_state=seed + 1)  # cure: y = shuffle(y, random_state=seed)
    cut = int(train_share * len(X))
    mu, sd = X[:cut].mean(0), X[:cut].std(0)
    X = torch.as_tensor((X - mu) / sd, dtype=torch.float32)
    y = torch.as_tensor(y, dtype=torch.long)
    return (X[:cut], y[:cut]), (X[cut:], y[cut:])


def run(epochs=20, peak_lr=0.05, batch=32):
    torch.manual_seed(0)
    (X, y), (Xv, yv) = get_data()
    net = nn.Sequential(GatedUnit(30, 8), nn.LayerNorm(8), nn.Linear(8, 2))
    opt = torch.optim.SGD(net.parameters(), lr=peak_lr, momentum=0.5, weight_decay=1e-3)
    warmup = torch.optim.lr_scheduler.LambdaLR(opt, lambda step: min(1.0, (step + 1) / 30))
    for epoch in range(epochs):
        net.train()
        running, hits = 0.0, 0
        for idx in torch.randperm(len(X)).split(batch):
            out = net(X[idx])
            loss = nn.functional.cross_entropy(out, y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            warmup.step()
            running += loss.item() * len(idx)
            hits += (out.argmax(1) == y[idx]).sum().item()
        net.eval()
        with torch.no_grad():
            out = net(Xv)
            val_loss = nn.functional.cross_entropy(out, yv).item()
            val_acc = (out.argmax(1) == yv).float().mean().item()
        if epoch % 2 == 1:
            print(f"{epoch + 1:3d} | train {running / len(X):.3f} acc {hits / len(X):.3f} | val {val_loss:.3f} acc {val_acc:.3f}")


if __name__ == "__main__":
    run()
