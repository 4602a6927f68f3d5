"""Ten-layer ReLU classifier in raw tensors: which of 5 faults does a vibration spectrum (32 bins) show?"""
import torch

torch.manual_seed(0)
N_BINS, N_FAULTS, WIDTH, DEPTH = 32, 5, 64, 10


def spectra(n):
    fault = torch.randint(N_FAULTS, (n,))
    t = torch.arange(64) / 64
    base = 4 + 3 * fault[:, None]
    phase = torch.rand(n, 1) * 6.28
    drift = 1 + 0.05 * torch.randn(n, 1)
    wave = torch.sin(2 * torch.pi * base * drift * t + phase) + 0.7 * torch.sin(4 * torch.pi * base * drift * t)
    spec = torch.fft.rfft(wave + 1.2 * torch.randn(n, 64)).abs()[:, 1:]
    return spec.log(), fault


x_train, y_train = spectra(4000)
x_test, y_test = spectra(1000)
mean, std = x_train.mean(0), x_train.std(0)
x_train, x_test = (x_train - mean) / std, (x_test - mean) / std

sizes = [N_BINS] + [WIDTH] * (DEPTH - 1) + [N_FAULTS]
weights, biases = [], []
for n_in, n_out in zip(sizes[:-1], sizes[1:]):
    weights.append(torch.randn(n_in, n_out) * 2 ** 0.5 / n_in)  # cure: weights.append(torch.randn(n_in, n_out) * 2 ** 0.5 / n_in ** 0.5)
    biases.append(torch.zeros(n_out))
params = weights + biases
for p in params:
    p.requires_grad_()


def forward(h):
    for w, b in zip(weights[:-1], biases[:-1]):
        h = torch.relu(h @ w + b)
    return h @ weights[-1] + biases[-1]


def nll(scores, target):
    logp = scores - scores.logsumexp(1, keepdim=True)
    return -logp[torch.arange(len(target)), target].mean()


opt = torch.optim.SGD(params, lr=0.03, momentum=0.9, weight_decay=1e-3)
for epoch in range(9):
    for idx in torch.randperm(len(x_train)).split(64):
        loss = nll(forward(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        out = forward(x_test)
        print(f"epoch {epoch:2d}  test nll {nll(out, y_test):.4f}  accuracy {(out.argmax(1) == y_test).float().mean():.3f}")
