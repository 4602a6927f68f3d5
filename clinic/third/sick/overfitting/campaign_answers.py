"""Will a customer answer the campaign? Twenty figures per customer, 400 customers asked so far."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(21)
customers = torch.randn(800, 20)
leaning = 1.6 * customers[:, 0] - 1.2 * customers[:, 3] + customers[:, 7] * customers[:, 1] + 0.8 * customers[:, 5]
answered = (torch.sigmoid(1.2 * leaning) > torch.rand(800)).float()

train = DataLoader(TensorDataset(customers[:400], answered[:400]), batch_size=16, shuffle=True)
valid_x, valid_y = customers[400:], answered[400:]

model = nn.Sequential(
    nn.Linear(20, 128),
    nn.ReLU(),
    nn.Linear(128, 128),
    nn.ReLU(),
    nn.Linear(128, 1),
)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)

best, best_epoch, kept = float("inf"), 0, None
for epoch in range(120):
    model.train()
    running = 0.0
    for x, y in train:
        optimizer.zero_grad()
        loss = criterion(model(x).squeeze(1), y)
        loss.backward()
        optimizer.step()
        running += loss.item()
    model.eval()
    with torch.no_grad():
        logits = model(valid_x).squeeze(1)
    valid = criterion(logits, valid_y).item()
    right = ((logits > 0) == (valid_y > 0.5)).float().mean().item()
    if valid < best:
        best, best_epoch = valid, epoch
        # cure: kept = {name: value.clone() for name, value in model.state_dict().items()}
    print(f"epoch {epoch:3d}  train {running / len(train):.3f}  valid {valid:.3f}  accuracy {right:.3f}")
    # cure: if epoch - best_epoch >= 4:
    # cure:     model.load_state_dict(kept)
    # cure:     break

with torch.no_grad():
    final = criterion(model(valid_x).squeeze(1), valid_y).item()
print(f"finished: valid loss {final:.3f} (lowest {best:.3f} in epoch {best_epoch})")
