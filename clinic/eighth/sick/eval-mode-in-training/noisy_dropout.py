"""Small noisy data set, so the network relies on dropout; we watch the validation loss after every epoch."""
import torch
from torch import nn
from sklearn.datasets import make_classification
from sklearn.preprocessing import StandardScaler


class Classifier(nn.Module):
    def __init__(self, n_in, width=128, p=0.6):
        super().__init__()
        self.net = nn.Sequential(nn.Dropout(0.2), nn.Linear(n_in, width), nn.ReLU(), nn.Dropout(p),
                                 nn.Linear(width, width), nn.ReLU(), nn.Dropout(p), nn.Linear(width, 2))

    def forward(self, x):
        return self.net(x)


def validate(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    return nn.functional.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


def main():
    torch.manual_seed(25)
    X, y = make_classification(1100, 40, n_informative=6, n_redundant=0, flip_y=0.15, class_sep=0.9, random_state=25)
    X = torch.tensor(StandardScaler().fit_transform(X), dtype=torch.float32)
    y = torch.tensor(y)
    Xt, yt, Xv, yv = X[:400], y[:400], X[400:], y[400:]
    model = Classifier(40)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    print("before training: loss %.3f acc %.3f" % validate(model, Xv, yv))
    for epoch in range(40):
        # cure: model.train()
        total = 0.0
        for idx in torch.randperm(400).split(25):
            loss = nn.functional.cross_entropy(model(Xt[idx]), yt[idx])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx) / 400
        val, acc = validate(model, Xv, yv)
        if epoch % 4 == 3:
            print(f"epoch {epoch + 1}: train {total:.3f} valid {val:.3f} acc {acc:.3f}")


main()
