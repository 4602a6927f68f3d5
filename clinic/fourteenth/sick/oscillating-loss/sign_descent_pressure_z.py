"""Calibrate a pressure sensor: fit a cubic response with temperature terms by sign descent on the mean absolute error."""
import torch


class SignDescent(torch.optim.Optimizer):
    """Every weight moves by a fixed amount against the sign of its gradient."""

    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad.sign()


def design(raw, temp):
    return torch.stack([torch.ones_like(raw), raw, raw ** 2 - 1, temp, raw * temp], 1)


def main():
    torch.manual_seed(4)
    raw, temp = torch.randn(3000), torch.randn(3000)
    truth = torch.tensor([0.31, 1.87, -0.22, 0.47, 0.135])
    pressure = design(raw, temp) @ truth + 0.01 * torch.randn(3000)
    x = design(raw, temp)
    weights = torch.zeros(5, requires_grad=True)
    optimizer = SignDescent([weights], lr=0.13)
    # cure: scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    for epoch in range(60):
        losses = []
        for idx in torch.randperm(2400).split(100):
            loss = (x[idx] @ weights - pressure[idx]).abs().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        # cure: scheduler.step()
        with torch.no_grad():
            valid = (x[2400:] @ weights - pressure[2400:]).abs().mean()
        print(f"epoch {epoch:2d}  train {sum(losses) / 24:.4f} ({min(losses):.4f} to {max(losses):.4f})  valid {valid:.4f}")
    print("weights", [round(w, 3) for w in weights.tolist()])


main()
