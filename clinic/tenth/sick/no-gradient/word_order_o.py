"""Is the sentence in its usual order or scrambled? Bigram-sensitive GRU encoder with a linear judge on top."""
import random
import torch
from torch import nn

random.seed(0)
torch.manual_seed(0)
SUBJ = "anna the-cat my-uncle a-farmer the-judge nobody".split()
VERB = "sees paints eats buys forgets admires".split()
OBJ = "apples bread stones letters music horses".split()
ADV = "slowly often today gladly".split()
words = SUBJ + VERB + OBJ + ADV
index = {w: i for i, w in enumerate(words)}


def sentence():
    s = [random.choice(SUBJ), random.choice(VERB), random.choice(OBJ), random.choice(ADV)]
    usual = random.random() < 0.5
    if not usual:
        keep = list(s)
        while s == keep:
            random.shuffle(s)
    return [index[w] for w in s], float(usual)


def dataset(n):
    xs, ys = zip(*(sentence() for _ in range(n)))
    return torch.tensor(xs), torch.tensor(ys)


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(words), 8)
        self.gru = nn.GRU(8, 12, batch_first=True)
        self.score = nn.Linear(12, 1)

    @torch.no_grad()  # cure: delete
    def summary(self, tokens):
        _, h = self.gru(self.embed(tokens))
        return h[0]

    def forward(self, tokens):
        return self.score(self.summary(tokens)).squeeze(-1)


x_train, y_train = dataset(1500)
x_test, y_test = dataset(400)
judge = Judge()
optim = torch.optim.Adam(judge.parameters(), lr=0.01)
bce = nn.BCEWithLogitsLoss()
for epoch in range(1, 13):
    for chunk in torch.randperm(len(x_train)).split(50):
        loss = bce(judge(x_train[chunk]), y_train[chunk])
        optim.zero_grad()
        loss.backward()
        optim.step()
    with torch.no_grad():
        out = judge(x_test)
        acc = ((out > 0) == (y_test > 0.5)).float().mean().item()
    print(f"epoch {epoch:2d} loss={loss.item():.3f} test_loss={bce(out, y_test).item():.3f} test_acc={acc:.3f}")
