"""Malignant or benign? Breast cancer data, a network with layer norm and a probability output."""
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


class TumourNet(nn.Module):
    def __init__(self, n_features, hidden=32):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(n_features, hidden), nn.LayerNorm(hidden), nn.LeakyReLU())
        self.score = nn.Linear(hidden, 1)
        self.prob = nn.Softmax(dim=-1)  # cure: self.prob = nn.Sigmoid()

    def forward(self, x):
        return self.prob(self.score(self.features(x))).squeeze(-1)


def main():
    torch.manual_seed(2)
    X, y = load_breast_cancer(return_X_y=True)
    Xtr, Xva, ytr, yva = train_test_split(X, y, test_size=0.3, stratify=y, random_state=5)
    m, s = Xtr.mean(0), Xtr.std(0)
    Xtr, Xva = torch.tensor((Xtr - m) / s).float(), torch.tensor((Xva - m) / s).float()
    ytr = torch.tensor(ytr).float()
    net, bce = TumourNet(30), nn.BCELoss()
    opt = torch.optim.RMSprop(net.parameters(), lr=1e-3)
    for epoch in range(1, 21):
        net.train()
        losses = []
        for idx in torch.randperm(len(Xtr)).split(25):
            opt.zero_grad()
            loss = bce(net(Xtr[idx]), ytr[idx])
            loss.backward()
            opt.step()
            losses.append(loss.item())
        if epoch % 2 == 0:
            net.eval()
            with torch.no_grad():
                p = net(Xva).numpy()
            print(f"epoch {epoch:2d} | bce {sum(losses) / len(losses):.4f} | AUC {roc_auc_score(yva, p):.3f} "
                  f"| accuracy {((p > 0.5) == yva).mean():.3f}")


if __name__ == "__main__":
    main()
