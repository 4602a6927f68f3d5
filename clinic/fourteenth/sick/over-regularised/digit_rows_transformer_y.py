"""Read a digit as a sequence of eight rows with a small transformer encoder."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(38)
KEEP = 0.9


class RowTransformer(nn.Module):
    def __init__(self, d=32, heads=4, blocks=2):
        super().__init__()
        self.embed = nn.Linear(8, d)
        self.position = nn.Parameter(torch.randn(8, d) * 0.1)
        layer = nn.TransformerEncoderLayer(d, heads, 64, dropout=KEEP, batch_first=True, norm_first=True)  # cure: layer = nn.TransformerEncoderLayer(d, heads, 64, dropout=1 - KEEP, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, blocks, enable_nested_tensor=False)
        self.drop = nn.Dropout(KEEP)  # cure: self.drop = nn.Dropout(1 - KEEP)
        self.head = nn.Linear(d, 10)

    def forward(self, rows):
        h = self.encoder(self.embed(rows) + self.position)
        return self.head(self.drop(h.mean(1)))


X, y = load_digits(return_X_y=True)
X = X.reshape(-1, 8, 8)
X_train, X_valid, y_train, y_valid = train_test_split(X, y, test_size=0.25, stratify=y, random_state=38)
mu, sigma = X_train.mean(), X_train.std()
X_train = torch.tensor((X_train - mu) / sigma, dtype=torch.float32)
X_valid = torch.tensor((X_valid - mu) / sigma, dtype=torch.float32)
y_train, y_valid = torch.tensor(y_train), torch.tensor(y_valid)

model = RowTransformer()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(1, 13):
    model.train()
    total = 0.0
    for idx in torch.randperm(len(X_train)).split(32):
        optimizer.zero_grad()
        loss = loss_fn(model(X_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    model.eval()
    with torch.no_grad():
        logits = model(X_valid)
    print(f"epoch {epoch:2d} train loss {total / len(X_train):.4f} valid loss {loss_fn(logits, y_valid):.4f} "
          f"valid accuracy {(logits.argmax(1) == y_valid).float().mean():.4f}")
