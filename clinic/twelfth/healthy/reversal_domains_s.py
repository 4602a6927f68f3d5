"""Domain-adversarial training: a labelled source and a shifted unlabelled target, with a gradient reversal layer."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad):
        return -ctx.strength * grad, None


class DANN(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 48), nn.ReLU(), nn.Linear(48, 16), nn.ReLU())
        self.label = nn.Linear(16, 3)
        self.domain = nn.Sequential(nn.Linear(16, 24), nn.ReLU(), nn.Linear(24, 1))

    def forward(self, x, strength):
        h = self.body(x)
        return self.label(h), self.domain(Reverse.apply(h, strength)).squeeze(1)


def draw(n, target):
    y = torch.randint(0, 3, (n,))
    means = torch.tensor([[2.0, 0, 0, 0], [0, 2.0, 0, 0], [0, 0, 2.0, 0]])
    signal = means[y] + 0.7 * torch.randn(n, 4)
    # the recording conditions: strongly tied to the label in the source, to nothing in the target
    nuisance = torch.randn(n, 4)
    if target:
        nuisance = nuisance + torch.tensor([2.0, -2.0, 0.0, 1.0])
    else:
        nuisance[:, 0] = nuisance[:, 0] * 0.5 + y.float() - 1
    return torch.cat([signal, nuisance], 1), y


def main():
    torch.manual_seed(9)
    xs, ys = draw(2000, False)
    xt, _ = draw(2000, True)
    test_x, test_y = draw(800, True)
    centre, scale = torch.cat([xs, xt]).mean(0), torch.cat([xs, xt]).std(0)
    xs, xt, test_x = ((v - centre) / scale for v in (xs, xt, test_x))
    net = DANN()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
    epochs = 25
    for epoch in range(epochs):
        strength = min(0.5, epoch / 20)
        label_sum = domain_sum = 0.0
        for i, j in zip(torch.randperm(2000).split(50), torch.randperm(2000).split(50)):
            label_s, dom_s = net(xs[i], strength)
            _, dom_t = net(xt[j], strength)
            label_loss = F.cross_entropy(label_s, ys[i])
            domain_loss = F.binary_cross_entropy_with_logits(
                torch.cat([dom_s, dom_t]), torch.cat([torch.ones(50), torch.zeros(50)]))
            opt.zero_grad()
            (label_loss + domain_loss).backward()
            opt.step()
            label_sum, domain_sum = label_sum + label_loss.item() / 40, domain_sum + domain_loss.item() / 40
        if epoch % 3 == 0:
            with torch.no_grad():
                acc = (net(test_x, 0)[0].argmax(1) == test_y).float().mean().item()
            print(f"epoch {epoch + 1}: label loss {label_sum:.4f} domain loss {domain_sum:.4f} target accuracy {acc:.3f}")


main()
