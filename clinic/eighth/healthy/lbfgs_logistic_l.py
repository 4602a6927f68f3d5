"""Multinomial logistic regression on wine with full-batch L-BFGS."""
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_wine(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, stratify=y, random_state=56)
sc = StandardScaler().fit(Xa)
Xa, Xb = (torch.tensor(sc.transform(a), dtype=torch.float64) for a in (Xa, Xb))
ya, yb = torch.tensor(ya), torch.tensor(yb)
W = torch.zeros(13, 3, dtype=torch.float64, requires_grad=True)
b = torch.zeros(3, dtype=torch.float64, requires_grad=True)
opt = torch.optim.LBFGS([W, b], lr=1.0, max_iter=3, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = torch.nn.functional.cross_entropy(Xa @ W + b, ya) + 0.02 * W.square().sum()
    loss.backward()
    return loss


for it in range(6):
    loss = opt.step(closure)
    with torch.no_grad():
        acc = ((Xb @ W + b).argmax(1) == yb).double().mean()
    print(f"round {it}: objective {loss.item():.5f} test acc {acc:.3f}")
