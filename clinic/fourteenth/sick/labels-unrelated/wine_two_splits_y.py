"""Cultivar of a wine from its chemistry, a small MLP, features and cultivars kept in separate arrays."""
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn, optim

SEED = 0
torch.manual_seed(SEED)
features, cultivar = load_wine(return_X_y=True)

x_train, x_test = train_test_split(features, test_size=0.3, random_state=SEED)
y_train, y_test = train_test_split(cultivar, test_size=0.3, random_state=SEED + 1)  # cure: y_train, y_test = train_test_split(cultivar, test_size=0.3, random_state=SEED)

scaler = StandardScaler()
x_train = torch.tensor(scaler.fit_transform(x_train), dtype=torch.float32)
x_test = torch.tensor(scaler.transform(x_test), dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)


class WineNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))

    def forward(self, x):
        return self.layers(x)


net = WineNet()
loss_fn = nn.CrossEntropyLoss()
optimizer = optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.1)


def step(batch):
    optimizer.zero_grad()
    loss = loss_fn(net(x_train[batch]), y_train[batch])
    loss.backward()
    optimizer.step()
    return loss.item()


for epoch in range(1, 25):
    net.train()
    batches = torch.randperm(len(x_train)).split(16)
    mean_loss = sum(step(b) for b in batches) / len(batches)
    net.eval()
    if epoch % 4 == 0:
        with torch.no_grad():
            train_acc = (net(x_train).argmax(1) == y_train).float().mean().item()
            test_out = net(x_test)
        print(f"epoch {epoch:2d}: loss {mean_loss:.3f} train acc {train_acc:.3f} "
              f"test loss {loss_fn(test_out, y_test):.3f} test acc {(test_out.argmax(1) == y_test).float().mean():.3f}")
