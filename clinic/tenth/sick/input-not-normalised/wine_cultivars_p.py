"""Which cultivar is a wine from? Thirteen chemical measurements, one hidden layer, plain SGD."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(1)
x, y = load_wine(return_X_y=True)
x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.3, random_state=1, stratify=y)

scaler = StandardScaler().fit(x_train)
xs_train, xs_val = scaler.transform(x_train), scaler.transform(x_val)

x_fit, x_check = x_train, x_val  # cure: x_fit, x_check = xs_train, xs_val
train_set = TensorDataset(torch.tensor(x_fit).float(), torch.tensor(y_train))
val_x, val_y = torch.tensor(x_check).float(), torch.tensor(y_val)

model = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Linear(24, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.8, weight_decay=1e-3)
criterion = nn.CrossEntropyLoss()

for epoch in range(40):
    model.train()
    running, hits = 0.0, 0
    for xb, yb in DataLoader(train_set, batch_size=16, shuffle=True):
        optimizer.zero_grad()
        out = model(xb)
        loss = criterion(out, yb)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(yb)
        hits += (out.argmax(1) == yb).sum().item()
    if (epoch + 1) % 5 == 0:
        model.eval()
        with torch.no_grad():
            out = model(val_x)
        print(f"epoch {epoch + 1:2d} | loss {running / len(train_set):.4f} | acc {hits / len(train_set):.3f} | "
              f"val loss {criterion(out, val_y).item():.4f} | val acc {(out.argmax(1) == val_y).float().mean():.3f}")
