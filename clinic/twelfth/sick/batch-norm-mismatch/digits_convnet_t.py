"""Small convolutional classifier for the 8x8 digits (ported from our Keras notebook)."""
import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

BN_MOMENTUM = 0.001  # cure: BN_MOMENTUM = 0.1
EPOCHS = 8
BATCH = 45


def conv_block(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False),
        nn.BatchNorm2d(cout, momentum=BN_MOMENTUM),
        nn.ReLU(),
    )


def make_model():
    return nn.Sequential(
        conv_block(1, 16),
        conv_block(16, 32),
        nn.MaxPool2d(2),
        conv_block(32, 48),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(48 * 4, 10),
    )


def load():
    d = load_digits()
    x = torch.tensor(d.images, dtype=torch.float32).unsqueeze(1)
    y = torch.tensor(d.target)
    tr, va = train_test_split(range(len(y)), test_size=0.25, random_state=3, stratify=d.target)
    mean, std = x[tr].mean(), x[tr].std()
    x = (x - mean) / std
    return x[tr], y[tr], x[va], y[va]


def train_epoch(model, opt, x, y):
    model.train()
    hits, total_loss = 0, 0.0
    for idx in torch.randperm(len(x)).split(BATCH):
        logits = model(x[idx])
        loss = F.cross_entropy(logits, y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        hits += (logits.argmax(1) == y[idx]).sum().item()
        total_loss += loss.item() * len(idx)
    return total_loss / len(x), hits / len(x)


@torch.no_grad()
def validate(model, x, y):
    model.eval()
    logits = model(x)
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


if __name__ == "__main__":
    torch.manual_seed(3)
    xt, yt, xv, yv = load()
    net = make_model()
    optim = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
    for e in range(EPOCHS):
        tl, ta = train_epoch(net, optim, xt, yt)
        vl, va = validate(net, xv, yv)
        print(f"epoch {e + 1}: train {tl:.3f} / {ta:.3f}   val {vl:.3f} / {va:.3f}")
