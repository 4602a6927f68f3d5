"""Siamese embedding of digits: pairs of the same digit close together, others at least a margin apart."""
import torch
from sklearn.datasets import load_digits

torch.manual_seed(21)
images, labels = load_digits(return_X_y=True)
images = torch.tensor(images, dtype=torch.float32) / 16
labels = torch.tensor(labels)
train_x, train_y = images[:1300], labels[:1300]
test_x, test_y = images[1300:], labels[1300:]

encoder = torch.nn.Sequential(
    torch.nn.Linear(64, 96),
    torch.nn.ReLU(),
    torch.nn.Linear(96, 12),
)
optimizer = torch.optim.AdamW(encoder.parameters(), lr=2e-3)


def distance(a, b):
    return (a - b).pow(2).sum(1).sqrt()  # cure: return ((a - b).pow(2).sum(1) + 1e-8).sqrt()


def nearest_accuracy():
    with torch.no_grad():
        d = torch.cdist(encoder(test_x), encoder(train_x))
    return (train_y[d.argmin(1)] == test_y).float().mean().item()


def same_class_partner(i):
    partners = torch.empty_like(i)
    for c in range(10):
        where = (train_y[i] == c).nonzero().squeeze(1)
        pool = (train_y == c).nonzero().squeeze(1)
        partners[where] = pool[torch.randint(len(pool), (len(where),))]
    return partners


print(f"before training: nearest neighbour {nearest_accuracy():.3f}")
for step in range(1, 401):
    i = torch.randint(len(train_x), (64,))
    j = torch.cat([same_class_partner(i[:32]), torch.randint(len(train_x), (32,))])
    same = (train_y[i] == train_y[j]).float()
    d = distance(encoder(train_x[i]), encoder(train_x[j]))
    loss = (same * d.pow(2) + (1 - same) * torch.relu(2.0 - d).pow(2)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(f"step {step}: loss {loss.item():.4f}, nearest neighbour {nearest_accuracy():.3f}")
