"""Wine cultivars with a ten-layer ReLU network; trainer class with validation after each epoch."""
import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class Trainer:
    def __init__(self, model, lr, batch_size=16):
        self.model, self.batch_size = model, batch_size
        self.optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-3)
        self.criterion = nn.CrossEntropyLoss()

    def train_epoch(self, x, y):
        self.model.train()
        total = 0.0
        for idx in torch.randperm(len(x)).split(self.batch_size):
            loss = self.criterion(self.model(x[idx]), y[idx])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(idx)
        return total / len(x)

    @torch.no_grad()
    def validate(self, x, y):
        self.model.eval()
        out = self.model(x)
        return self.criterion(out, y).item(), (out.argmax(1) == y).float().mean().item()


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.trunc_normal_(m.weight, std=0.02)  # cure: nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)


def build(width=32, depth=8):
    layers = [nn.Linear(13, width), nn.ReLU()]
    for _ in range(depth):
        layers += [nn.Linear(width, width), nn.ReLU()]
    net = nn.Sequential(*layers, nn.Linear(width, 3))
    return net.apply(init_weights)


torch.manual_seed(42)
X, y = load_wine(return_X_y=True)
Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.3, stratify=y, random_state=42)
sc = StandardScaler().fit(Xtr)
Xtr, Xva = (torch.tensor(sc.transform(a)).float() for a in (Xtr, Xva))
ytr, yva = torch.tensor(ytr), torch.tensor(yva)
trainer = Trainer(build(), lr=0.005)
for epoch in range(1, 31):
    tl = trainer.train_epoch(Xtr, ytr)
    vl, va = trainer.validate(Xva, yva)
    if epoch % 5 == 0:
        print(f"epoch {epoch:02d} train_loss {tl:.4f} val_loss {vl:.4f} val_acc {va:.3f}")
