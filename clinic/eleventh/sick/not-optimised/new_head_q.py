"""Fine-tuning in two stages: learn tumour size groups first, then swap the head and learn the diagnosis with a gentle rate."""
import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

torch.manual_seed(15)
data = load_breast_cancer()
X = torch.tensor(StandardScaler().fit_transform(data.data)).float()
diagnosis = torch.tensor(data.target)
size_group = torch.tensor(np.digitize(data.data[:, 0], np.quantile(data.data[:, 0], [0.25, 0.5, 0.75])))
perm = torch.randperm(len(X))
train, test = perm[:420], perm[420:]


class Model(nn.Module):
    def __init__(self, n_out):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(30, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU())
        self.head = nn.Linear(12, n_out)

    def forward(self, x):
        return self.head(self.body(x))


class Trainer:
    def __init__(self, model, lr):
        self.model, self.lr = model, lr
        self.reset_optimizer()

    def reset_optimizer(self):
        groups = [{"params": self.model.body.parameters(), "lr": self.lr / 50},
                  {"params": self.model.head.parameters(), "lr": self.lr}]
        self.opt = torch.optim.Adam(groups)

    def fit(self, labels, epochs, name):
        for epoch in range(1, epochs + 1):
            tot = 0.0
            for idx in train[torch.randperm(len(train))].split(30):
                loss = nn.functional.cross_entropy(self.model(X[idx]), labels[idx])
                self.opt.zero_grad()
                loss.backward()
                self.opt.step()
                tot += loss.item() / 14
            if epoch % 5 == 0:
                with torch.no_grad():
                    acc = (self.model(X[test]).argmax(1) == labels[test]).float().mean()
                print(f"{name} epoch {epoch:2d} loss {tot:.4f} test accuracy {acc:.3f}")


trainer = Trainer(Model(4), lr=1e-2)
trainer.fit(size_group, 20, "size")
trainer.model.head = nn.Linear(12, 2)
# cure: trainer.reset_optimizer()
trainer.fit(diagnosis, 20, "diagnosis")
