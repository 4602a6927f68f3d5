"""Knowledge distillation on wine: a small student copies the soft predictions of a larger teacher."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler

torch.manual_seed(18)
data = load_wine()
X = torch.tensor(StandardScaler().fit_transform(data.data), dtype=torch.float32)
y = torch.tensor(data.target)
perm = torch.randperm(len(X))
tr, te = perm[:120], perm[120:]


def mlp(width):
    return nn.Sequential(nn.Linear(13, width), nn.ReLU(), nn.Linear(width, 3))


def batches(idx, size=20):
    return idx[torch.randperm(len(idx))].split(size)


def accuracy(net):
    with torch.no_grad():
        return (net(X[te]).argmax(1) == y[te]).float().mean().item()


def train_teacher(net, epochs=30):
    opt = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.05)
    for _ in range(epochs):
        for i in batches(tr):
            loss = F.cross_entropy(net(X[i]), y[i], label_smoothing=0.05)
            opt.zero_grad()
            loss.backward()
            opt.step()
    return net.eval()


def distill(student, teacher, temperature=2.0, epochs=50):
    opt = torch.optim.Adam(student.parameters(), lr=1e-2)
    for epoch in range(1, epochs + 1):
        total = 0.0
        for i in batches(tr):
            with torch.no_grad():
                soft = F.softmax(teacher(X[i]) / temperature, dim=1)
            out = student(X[i]) / temperature
            loss = F.kl_div(out, soft, reduction="batchmean")  # cure: loss = F.kl_div(F.log_softmax(out, dim=1), soft, reduction="batchmean")
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(i) / len(tr)
        if epoch % 10 == 0:
            with torch.no_grad():
                gap = (student(X[te]).softmax(1) - teacher(X[te]).softmax(1)).abs().mean()
            print(f"epoch {epoch} kl {total:.4f} student accuracy {accuracy(student):.3f} mean gap to teacher {gap:.4f}")


teacher = train_teacher(mlp(64))
print(f"teacher accuracy {accuracy(teacher):.3f}")
distill(mlp(8), teacher)
