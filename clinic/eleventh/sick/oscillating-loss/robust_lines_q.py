"""Least-absolute-deviations regression of disease progression (diabetes data) by plain subgradient descent."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
data = load_diabetes()
X = torch.tensor(StandardScaler().fit_transform(data.data)).float()
y = torch.tensor((data.target - data.target.mean()) / data.target.std()).float()
order = torch.randperm(len(X))
X, y = X[order], y[order]
Xtr, ytr, Xte, yte = X[:340], y[:340], X[340:], y[340:]

model = torch.nn.Linear(10, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.5)
EPOCHS = 600
# cure: decay = torch.optim.lr_scheduler.LambdaLR(opt, lambda e: 1 / (1 + 0.1 * e))
window = []
for epoch in range(1, EPOCHS + 1):
    residual = model(Xtr).squeeze(1) - ytr
    loss = residual.abs().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    # cure: decay.step()
    window.append(loss.item())
    if epoch % 60 == 0:
        with torch.no_grad():
            mae = (model(Xte).squeeze(1) - yte).abs().mean().item()
        print(f"epoch {epoch:4d}  train mae mean {sum(window) / 60:.4f} range {max(window) - min(window):.4f}  test mae {mae:.4f}")
        window = []
