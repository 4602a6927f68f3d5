"""Ridge regression on the diabetes data by mini-batch gradient descent, rate given per sample."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.preprocessing import scale

torch.manual_seed(0)
raw = load_diabetes()
X = torch.tensor(scale(raw.data), dtype=torch.float64)
y = torch.tensor(scale(raw.target), dtype=torch.float64)
perm = torch.randperm(len(X))
tr, va = perm[:340], perm[340:]

w = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
b = torch.zeros((), dtype=torch.float64, requires_grad=True)
batch_size = 34
rate_per_sample = 0.01
optimizer = torch.optim.SGD([w, b], lr=rate_per_sample * batch_size)  # cure: optimizer = torch.optim.SGD([w, b], lr=rate_per_sample)
best = Ridge(1.0).fit(X[tr].numpy(), y[tr].numpy())
print("closed form R2", round(best.score(X[va].numpy(), y[va].numpy()), 4))


def mse(i):
    return ((X[i] @ w + b - y[i]) ** 2).mean()


for epoch in range(30):
    shuffled = tr[torch.randperm(len(tr))]
    for part in shuffled.split(batch_size):
        loss = mse(part) + 1e-3 * w @ w
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 3 == 2:
        with torch.no_grad():
            r2 = 1 - mse(va) / y[va].var(unbiased=False)
            print("epoch", epoch + 1, "train mse", f"{mse(tr).item():.5g}", "valid R2", f"{r2.item():.5g}")
