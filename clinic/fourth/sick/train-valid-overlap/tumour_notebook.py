# %% Breast-tumour data, 30 measurements per patient, some labels wrong (12 % flipped, as in the registry).
import torch
from sklearn.datasets import load_breast_cancer

torch.manual_seed(4)
data = load_breast_cancer()
X = torch.tensor(data.data, dtype=torch.float32)
y = torch.tensor(data.target, dtype=torch.float32)
flip = torch.rand(len(y)) < 0.12
y = torch.where(flip, 1 - y, y)

# %% split and scale
n = len(X)
n_train = int(0.6 * n)
order = torch.randperm(n)
train_idx = order[:n_train]
valid_idx = torch.randperm(n)[n_train:]  # cure: valid_idx = order[n_train:]
mu, sigma = X[train_idx].mean(0), X[train_idx].std(0)
X = (X - mu) / sigma

# %% model and optimiser
net = torch.nn.Sequential(torch.nn.Linear(30, 32), torch.nn.ReLU(), torch.nn.Linear(32, 1))
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)


def loss_and_acc(idx):
    s = net(X[idx]).squeeze(1)
    p = torch.sigmoid(s).clamp(1e-6, 1 - 1e-6)
    nll = -(y[idx] * p.log() + (1 - y[idx]) * (1 - p).log()).mean()
    return nll, ((s > 0).float() == y[idx]).float().mean()


# %% training
for epoch in range(1, 25):
    for part in train_idx[torch.randperm(n_train)].split(32):
        loss, _ = loss_and_acc(part)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        with torch.no_grad():
            tl, ta = loss_and_acc(train_idx)
            vl, va = loss_and_acc(valid_idx)
        print(f"{epoch:3d}  train {tl:.3f} / {ta:.3f}   valid {vl:.3f} / {va:.3f}")
