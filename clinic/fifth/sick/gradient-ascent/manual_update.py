"""Iris with two hidden layers and an update rule written out by hand (the sign of a running mean of the gradient)."""
import torch
from sklearn.datasets import load_iris
from sklearn.model_selection import StratifiedShuffleSplit

torch.manual_seed(42)
X, y = load_iris(return_X_y=True)
tr, te = next(StratifiedShuffleSplit(1, test_size=45, random_state=2).split(X, y))
mu, sd = X[tr].mean(0), X[tr].std(0)
X, y = torch.tensor((X - mu) / sd, dtype=torch.float32), torch.tensor(y)

model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.ReLU(),
                            torch.nn.Linear(16, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
velocity = {name: torch.zeros_like(p) for name, p in model.named_parameters()}


@torch.no_grad()
def update(lr, momentum):
    for name, p in model.named_parameters():
        v = velocity[name]
        v.mul_(momentum).add_(p.grad, alpha=1 - momentum)
        p.add_(v.sign(), alpha=lr)  # cure: p.sub_(v.sign(), alpha=lr)
        p.grad = None


for epoch in range(1, 41):
    epoch_loss = 0.0
    for idx in torch.tensor(tr)[torch.randperm(len(tr))].split(15):
        loss = torch.nn.functional.cross_entropy(model(X[idx]), y[idx])
        loss.backward()
        update(lr=0.002, momentum=0.8)
        epoch_loss += loss.item() * len(idx)
    if epoch % 4 == 0:
        with torch.no_grad():
            acc = (model(X[te]).argmax(1) == y[te]).float().mean()
        print(f"epoch {epoch}: loss {epoch_loss / len(tr):.4f}, test accuracy {acc:.3f}")
