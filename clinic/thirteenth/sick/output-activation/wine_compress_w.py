"""Compress the standardised wine measurements to six numbers and rebuild them."""
import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.manual_seed(0)
X = torch.tensor(StandardScaler().fit_transform(load_wine().data), dtype=torch.float32)
X = X[torch.randperm(len(X))]
train, valid = X[:140], X[140:]

encoder = nn.Sequential(nn.Linear(13, 24), nn.Tanh(), nn.Linear(24, 6))
decoder = nn.Sequential(
    nn.Linear(6, 24),
    nn.Tanh(),
    nn.Linear(24, 13),
    nn.Tanh(),  # cure: delete
)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=3e-3, weight_decay=1e-3)
mse = nn.MSELoss()
for epoch in range(1, 151):
    for idx in torch.randperm(len(train)).split(20):
        batch = train[idx]
        loss = mse(decoder(encoder(batch)), batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 15 == 0:
        with torch.no_grad():
            a = mse(decoder(encoder(train)), train).item()
            b = mse(decoder(encoder(valid)), valid).item()
        print(f"epoch {epoch}: train {a:.4f}  valid {b:.4f}")
