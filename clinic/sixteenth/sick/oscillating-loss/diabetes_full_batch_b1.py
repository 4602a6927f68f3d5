"""Progression of diabetes with a small network, trained on the full training set in every step."""
import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
x, y = load_diabetes(return_X_y=True)
x, xv, y, yv = train_test_split(x, y, test_size=0.3, random_state=5)
mx, sx, my, sy = x.mean(0), x.std(0), y.mean(), y.std()
f = lambda a: torch.tensor(a, dtype=torch.float32)
x, xv, y, yv = f((x - mx) / sx), f((xv - mx) / sx), f((y - my) / sy), f((yv - my) / sy)

net = torch.nn.Sequential(torch.nn.Linear(10, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.998, weight_decay=0.05)  # cure: opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=0.05)
history = []
for it in range(151):
    loss = ((net(x)[:, 0] - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    history.append(loss.item())
    if it % 5 == 0:
        with torch.no_grad():
            v = ((net(xv)[:, 0] - yv) ** 2).mean()
        print(f"it {it:4d}  train {loss.item():.4f}  valid {v.item():.4f}")
print("best", min(history), "last", history[-1])
