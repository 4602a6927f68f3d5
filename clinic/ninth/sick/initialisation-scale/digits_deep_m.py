"""Eight-layer ReLU perceptron on the handwritten digits."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn

torch.manual_seed(40)


def init_weights(m):
    if isinstance(m, nn.Linear):
        m.weight.data.normal_(0.0, 0.02)  # cure: nn.init.kaiming_normal_(m.weight)
        m.bias.data.zero_()


digits = load_digits()
x = torch.tensor(digits.data, dtype=torch.float32)
x = (x - x.mean(0)) / (x.std(0) + 0.1)
y = torch.tensor(digits.target)
perm = torch.randperm(len(y))
tr, va = perm[:1500], perm[1500:]

blocks = []
width = 64
for _ in range(8):
    blocks += [nn.Linear(width, 72), nn.ReLU()]
    width = 72
mlp = nn.Sequential(*blocks, nn.Linear(width, 10))
mlp.apply(init_weights)

optimizer = torch.optim.SGD(mlp.parameters(), lr=0.02, momentum=0.9, nesterov=True)
for epoch in range(20):
    running = 0.0
    for batch in tr[torch.randperm(1500)].split(50):
        loss = F.cross_entropy(mlp(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item()
    if epoch % 2:
        with torch.no_grad():
            pred = mlp(x[va])
        print(f"epoch {epoch + 1:02d} train loss {running / 30:.4f} valid loss {F.cross_entropy(pred, y[va]):.4f} "
              f"valid acc {(pred.argmax(1) == y[va]).float().mean():.4f}")
