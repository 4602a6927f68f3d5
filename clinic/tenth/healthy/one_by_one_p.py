"""Online learning: a stream of tumour records, one at a time, no minibatches; layer norm and a decaying rate."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(106)
data = load_breast_cancer()
perm = torch.randperm(len(data.target))
x, y = torch.tensor(data.data)[perm], torch.tensor(data.target)[perm].float()
n = 400
sc = StandardScaler().fit(x[:n])
x = torch.tensor(sc.transform(x)).float()
net = nn.Sequential(nn.Linear(30, 12), nn.LayerNorm(12), nn.ReLU(), nn.Linear(12, 1), nn.Flatten(0))
opt = torch.optim.SGD(net.parameters(), lr=0.01, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda t: 1 / (1 + t / 500))
bce = nn.BCEWithLogitsLoss()
for sweep in range(5):
    seen = 0.0
    for i in torch.randperm(n):
        loss = bce(net(x[i:i + 1]), y[i:i + 1])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        seen += loss.item()
    with torch.no_grad():
        z = net(x[n:])
    print(f"sweep {sweep}: online loss {seen / n:.4f}, held-out {bce(z, y[n:]):.4f}, acc {((z > 0) == (y[n:] > 0)).float().mean():.3f}")
