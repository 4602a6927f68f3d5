"""Text-topic classifier ported from an old TensorFlow script: bag of words, three hidden layers, dropout."""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

# hyperparameters of the original script
HIDDEN = 160
KEEP_PROB = 0.9
LEARNING_RATE = 1e-3
EPOCHS = 12

rng = np.random.default_rng(44)
torch.manual_seed(44)


def corpus(n, topics=12, words=200, length=40):
    """Documents drawn from topic-dependent word distributions that overlap a good deal."""
    dist = rng.dirichlet(np.full(words, 0.35), size=topics)
    common = rng.dirichlet(np.full(words, 1.0))
    y = rng.integers(topics, size=n)
    X = np.stack([rng.multinomial(length, 0.6 * dist[k] + 0.4 * common) for k in y])
    return np.log1p(X).astype("float32"), y


class TopicNet(nn.Module):
    def __init__(self, n_words, n_topics):
        super().__init__()
        self.fc1 = nn.Linear(n_words, HIDDEN)
        self.fc2 = nn.Linear(HIDDEN, HIDDEN)
        self.fc3 = nn.Linear(HIDDEN, HIDDEN)
        self.out = nn.Linear(HIDDEN, n_topics)
        self.drop = nn.Dropout(KEEP_PROB)  # cure: self.drop = nn.Dropout(1 - KEEP_PROB)

    def forward(self, x):
        x = self.drop(F.relu(self.fc1(x)))
        x = self.drop(F.relu(self.fc2(x)))
        x = self.drop(F.relu(self.fc3(x)))
        return self.out(x)


X, y = corpus(7000)
X = (X - X[:6000].mean(0)) / (X[:6000].std(0) + 0.1)
X, y = torch.from_numpy(X), torch.from_numpy(y)
model = TopicNet(200, 12)
optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, weight_decay=1e-4)

for epoch in range(EPOCHS):
    model.train()
    total = 0.0
    for idx in torch.randperm(6000).split(100):
        loss = F.cross_entropy(model(X[idx]), y[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() / 60
    model.eval()
    with torch.no_grad():
        out = model(X[6000:])
        print("epoch %2d  train loss %.4f  val loss %.4f  val acc %.4f" % (
            epoch + 1, total, F.cross_entropy(out, y[6000:]), (out.argmax(1) == y[6000:]).float().mean()))
