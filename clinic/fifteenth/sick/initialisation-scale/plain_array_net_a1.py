"""A ReLU network written with plain tensors, for the digits set."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(0)
x, y = load_digits(return_X_y=True)
x = (x - x.mean()) / x.std()
x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, random_state=0, stratify=y)
x_tr, x_te = torch.tensor(x_tr, dtype=torch.float32), torch.tensor(x_te, dtype=torch.float32)
y_tr, y_te = torch.tensor(y_tr), torch.tensor(y_te)

sizes = [64, 48, 48, 48, 10]
weights, biases = [], []
for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
    w = torch.randn(fan_in, fan_out)  # cure: w = torch.randn(fan_in, fan_out) * (2 / fan_in) ** 0.5
    weights.append(w.requires_grad_())
    biases.append(torch.zeros(fan_out, requires_grad=True))


def net(a):
    for w, b in zip(weights[:-1], biases[:-1]):
        a = F.relu(a @ w + b)
    return a @ weights[-1] + biases[-1]


optimizer = torch.optim.Adam(weights + biases, lr=1e-3)
for epoch in range(15):
    running = 0.0
    order = torch.randperm(len(x_tr))
    for batch in order.split(32):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x_tr[batch]), y_tr[batch])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(batch)
    with torch.no_grad():
        logits = net(x_te)
    print(f"epoch {epoch + 1:2d} | train loss {running / len(x_tr):10.4f} | test loss {F.cross_entropy(logits, y_te):10.4f} "
          f"| test acc {(logits.argmax(1) == y_te).float().mean():.3f}")
