"""All-convolutional network with orthogonal initial weights on the 8x8 digits."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(8)


def ortho(layer, gain=5.0):  # cure: def ortho(layer, gain=2 ** 0.5):
    nn.init.orthogonal_(layer.weight, gain)
    nn.init.zeros_(layer.bias)
    return layer


model = nn.Sequential(
    ortho(nn.Conv2d(1, 16, 3, padding=1)), nn.ReLU(),
    ortho(nn.Conv2d(16, 16, 3, padding=1)), nn.ReLU(),
    ortho(nn.Conv2d(16, 24, 3, stride=2, padding=1)), nn.ReLU(),
    ortho(nn.Conv2d(24, 24, 3, padding=1)), nn.ReLU(),
    ortho(nn.Conv2d(24, 32, 3, stride=2, padding=1)), nn.ReLU(),
    nn.Flatten(), ortho(nn.Linear(128, 64)), nn.ReLU(), ortho(nn.Linear(64, 10), gain=1.0))

digits = load_digits()
img = torch.as_tensor(digits.images, dtype=torch.float32)[:, None]
img = (img - img.mean()) / img.std()
lab = torch.as_tensor(digits.target)
shuffle = torch.randperm(len(img))
train, valid = shuffle[:1300], shuffle[1300:]
optim = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(10):
    seen = loss_sum = 0
    for idx in train[torch.randperm(len(train))].split(50):
        loss = F.cross_entropy(model(img[idx]), lab[idx])
        optim.zero_grad()
        loss.backward()
        optim.step()
        loss_sum += loss.item() * len(idx)
        seen += len(idx)
    with torch.no_grad():
        out = model(img[valid])
    print(f"epoch {epoch}: loss {loss_sum / seen:.4f} valid loss {F.cross_entropy(out, lab[valid]):.4f} "
          f"valid acc {(out.argmax(1) == lab[valid]).float().mean():.3f}")
