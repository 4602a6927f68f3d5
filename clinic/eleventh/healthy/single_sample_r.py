"""Online learning: one flower at a time, layer normalisation, a decaying rate as in Robbins and Monro."""
import torch
from sklearn.datasets import load_iris
from torch import nn

torch.manual_seed(5)
iris = load_iris()
x = torch.tensor(iris.data, dtype=torch.float32)
y = torch.tensor(iris.target)
order = torch.randperm(150)
train, test = order[:110], order[110:]
x = (x - x[train].mean(0)) / x[train].std(0)

net = nn.Sequential(nn.Linear(4, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.02, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda t: 1 / (1 + t / 1500))

smooth = 1.1
seen = 0
for sweep in range(30):
    for i in train[torch.randperm(len(train))].tolist():
        loss = nn.functional.cross_entropy(net(x[i:i + 1]), y[i:i + 1])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        smooth = 0.99 * smooth + 0.01 * loss.item()
        seen += 1
    if sweep % 5 == 4:
        with torch.no_grad():
            acc = (net(x[test]).argmax(1) == y[test]).float().mean().item()
        print(f"{seen:5d} flowers seen, smoothed loss {smooth:.4f}, test accuracy {acc:.3f}")
