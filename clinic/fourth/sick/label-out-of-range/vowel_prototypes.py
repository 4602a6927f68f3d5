"""Vowels 1..4 from two formants and duration: soft prototype classifier, likelihood written by hand."""
import torch

torch.manual_seed(0)
formants = torch.tensor([[730.0, 1090.0], [270.0, 2290.0], [300.0, 870.0], [530.0, 1840.0]])


def utterances(n):
    vowel = torch.randint(1, 5, (n,))
    speaker = 1 + 0.1 * torch.randn(n, 1)
    f = formants[vowel - 1] * speaker + torch.tensor([50.0, 110.0]) * torch.randn(n, 2)
    duration = 120 + 20 * torch.randn(n, 1)
    return torch.cat([f, duration], 1), vowel


x, y = utterances(2000)
x_test, y_test = utterances(800)
# cure: y, y_test = y - 1, y_test - 1
mean, std = x.mean(0), x.std(0)
x, x_test = (x - mean) / std, (x_test - mean) / std

n_class, per_class = 4, 3
lift = torch.nn.Sequential(torch.nn.Linear(3, 32), torch.nn.Tanh(), torch.nn.Linear(32, 6))
prototypes = torch.nn.Parameter(torch.randn(n_class, per_class, 6))
opt = torch.optim.Adam([*lift.parameters(), prototypes], lr=3e-3)


def scores(v):
    d = ((lift(v)[:, None, None] - prototypes[None]) ** 2).sum(-1)
    return torch.logsumexp(-d, dim=2)


def negative_log_likelihood(s, target):
    log_p = s - s.logsumexp(1, keepdim=True)
    onehot = target[:, None] == torch.arange(n_class)
    return -(log_p * onehot).sum(1).mean()


for epoch in range(1, 21):
    for idx in torch.randperm(len(x)).split(50):
        loss = negative_log_likelihood(scores(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 2 == 0:
        with torch.no_grad():
            s = scores(x_test)
            acc = (s.argmax(1) == y_test).float().mean().item()
        print(f"epoch {epoch:2d}: loss {negative_log_likelihood(s, y_test).item():.4f} accuracy {acc:.3f}")
