"""Tag posts: each has none, one or several of six tags, to be found from its bag of words."""
import torch
from torch import nn
from sklearn.datasets import make_multilabel_classification
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

SEED = 0


def data():
    x, y = make_multilabel_classification(n_samples=3000, n_features=40, n_classes=6, n_labels=2, length=80,
                                          allow_unlabeled=True, random_state=SEED)
    xt, xv, yt, yv = train_test_split(x, y, test_size=0.25, random_state=SEED)
    mean, std = xt.mean(0), xt.std(0)
    return [torch.tensor(a, dtype=torch.float32) for a in ((xt - mean) / std, (xv - mean) / std, yt, yv)]


class Tagger(nn.Module):
    def __init__(self, words=40, tags=6):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(words, 48), nn.ReLU(), nn.Dropout(0.3), nn.Linear(48, tags))

    def forward(self, x):
        return self.layers(x)


def fit(model, xt, yt, xv, yv, epochs=14):
    criterion = nn.CrossEntropyLoss()  # cure: criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-4)
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for idx in torch.randperm(len(xt)).split(64):
            optimizer.zero_grad()
            loss = criterion(model(xt[idx]), yt[idx])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx) / len(xt)
        model.eval()
        with torch.no_grad():
            out = model(xv)
        tags = (out > 0).float()
        print(f"epoch {epoch + 1:2d} train {total:.4f} valid {criterion(out, yv).item():.4f} "
              f"micro F1 {f1_score(yv, tags, average='micro'):.3f} exact {(tags == yv).all(1).float().mean():.3f}")


if __name__ == "__main__":
    torch.manual_seed(SEED)
    fit(Tagger(), *(lambda a, b, c, d: (a, c, b, d))(*data()))
