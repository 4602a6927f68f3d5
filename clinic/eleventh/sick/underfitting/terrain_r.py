"""Height map of a hilly terrain from scattered survey points: a coordinate network with learned radial features."""
import torch
from torch import nn

N_CENTRES = 4  # cure: N_CENTRES = 100


class RadialNet(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.centres = nn.Parameter(torch.rand(n, 2) * 2 - 1)
        self.log_width = nn.Parameter(torch.full((n,), -1.2))
        self.mix = nn.Linear(n, 1)

    def forward(self, p):
        d2 = (p.unsqueeze(1) - self.centres).pow(2).sum(-1)
        return self.mix(torch.exp(-d2 / (2 * (2 * self.log_width).exp()))).squeeze(1)


def height(p):
    x, y = p[:, 0], p[:, 1]
    return torch.sin(5 * x) * torch.cos(4 * y) + 0.6 * torch.sin(7 * y + 2 * x) + 0.3 * x


if __name__ == "__main__":
    torch.manual_seed(27)
    survey = torch.rand(2500, 2) * 2 - 1
    check = torch.rand(800, 2) * 2 - 1
    z, z_check = height(survey) + 0.03 * torch.randn(2500), height(check)
    net = RadialNet(N_CENTRES)
    opt = torch.optim.Adam(net.parameters(), lr=2e-2)
    sched = torch.optim.lr_scheduler.StepLR(opt, 15, 0.5)
    for epoch in range(40):
        sse = 0.0
        for b in torch.randperm(2500).split(100):
            loss = (net(survey[b]) - z[b]).square().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            sse += loss.item() * len(b)
        sched.step()
        if epoch % 5 == 4:
            with torch.no_grad():
                r2 = 1 - (net(check) - z_check).square().mean() / z_check.var()
            print(f"epoch {epoch + 1:2d} mse {sse / 2500:.4f} R2 on check points {r2.item():.4f}")
