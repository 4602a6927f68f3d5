# Compress thirty standardised measurements of tumours to four numbers.
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer

torch.manual_seed(0)
x = torch.tensor(load_breast_cancer().data, dtype=torch.float32).log1p()
order = torch.randperm(len(x))
train, valid = x[order[:420]], x[order[420:]]
mu, sd = train.mean(0), train.std(0)
train, valid = (train - mu) / sd, (valid - mu) / sd

encoder = nn.Sequential(nn.Linear(30, 24), nn.ELU(), nn.Linear(24, 4))
decoder = nn.Sequential(nn.Linear(4, 24), nn.ELU(), nn.Linear(24, 30))
params = [*encoder.parameters(), *decoder.parameters()]
optimizer = torch.optim.Adam(params, lr=3e-3, weight_decay=1e-5)


def reconstruction_loss(batch):
    out = decoder(encoder(batch))
    return F.binary_cross_entropy_with_logits(out, batch), out  # cure: return F.mse_loss(out, batch), out


for epoch in range(1, 81):
    running = 0.0
    for batch in torch.utils.data.DataLoader(train, batch_size=30, shuffle=True):
        loss, _ = reconstruction_loss(batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running += loss.item() * len(batch) / len(train)
    if epoch % 8 == 0:
        with torch.no_grad():
            v, out = reconstruction_loss(valid)
            kept = 1 - (out - valid).square().sum() / valid.square().sum()
        print(f"epoch {epoch:3d}  loss {running:10.4f}  valid {v.item():10.4f}  variance kept {kept.item():9.3f}")
