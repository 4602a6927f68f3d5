"""Which of three cultivars does a wine come from? MLP on the chemical analysis."""
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn, optim

torch.manual_seed(8)
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=8)

scaler = StandardScaler()
X_train_std = scaler.fit_transform(X_train)
X_test_std = scaler.transform(X_test)

train_x = torch.tensor(X_train, dtype=torch.float32)  # cure: train_x = torch.tensor(X_train_std, dtype=torch.float32)
test_x = torch.tensor(X_test, dtype=torch.float32)  # cure: test_x = torch.tensor(X_test_std, dtype=torch.float32)
train_y, test_y = torch.tensor(y_train), torch.tensor(y_test)

net = nn.Sequential(nn.Linear(13, 24), nn.ReLU(), nn.Dropout(0.2), nn.Linear(24, 3))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(net.parameters(), lr=2e-3, weight_decay=1e-3)

for epoch in range(1, 61):
    net.train()
    order = torch.randperm(len(train_x))
    losses = []
    for start in range(0, len(order), 16):
        b = order[start:start + 16]
        optimizer.zero_grad()
        loss = criterion(net(train_x[b]), train_y[b])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 5 == 0:
        net.eval()
        with torch.no_grad():
            logits = net(test_x)
            acc = (logits.argmax(1) == test_y).float().mean().item()
            print(f"epoch {epoch:3d}  train loss {sum(losses) / len(losses):.4f}  "
                  f"test loss {criterion(logits, test_y).item():.4f}  test acc {acc:.3f}")
