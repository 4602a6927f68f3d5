"""Hand-written LSTM cell. A short tone at the very start of a noisy recording says which of 4 commands was given;
the network answers after the last sample."""
import torch

torch.manual_seed(3)
T, H, K, lr = 70, 32, 4, 3e-3


def recordings(n):
    y = torch.randint(K, (n,))
    x = 0.3 * torch.randn(n, T, 2)
    angle = y * 2 * torch.pi / K
    for t in range(4):
        x[:, t, 0] += 1.5 * torch.cos(angle)
        x[:, t, 1] += 1.5 * torch.sin(angle)
    return x, y


def weight(*shape):
    return (torch.randn(*shape) / shape[0] ** 0.5).requires_grad_()


Wx, Wh = weight(2, 4 * H), weight(H, 4 * H)
b = torch.zeros(4 * H)
# cure: b[H:2 * H] = 4.0
b.requires_grad_()
Wo, bo = weight(H, K), torch.zeros(K, requires_grad=True)
params = [Wx, Wh, b, Wo, bo]
opt = torch.optim.Adam(params, lr=lr)


def run(x):
    h = c = torch.zeros(len(x), H)
    for t in range(x.shape[1]):
        i, f, o, g = (x[:, t] @ Wx + h @ Wh + b).chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
    return h @ Wo + bo


xv, yv = recordings(500)
for step in range(241):
    x, y = recordings(64)
    s = run(x)
    loss = (s.logsumexp(1) - s[torch.arange(len(y)), y]).mean()
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(params, 1.0)
    opt.step()
    if step % 40 == 0:
        with torch.no_grad():
            acc = (run(xv).argmax(1) == yv).float().mean()
        print(f"step {step:4d}  loss {loss.item():.4f}  test accuracy {acc:.3f}")
