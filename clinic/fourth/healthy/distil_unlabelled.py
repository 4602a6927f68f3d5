"""A frozen teacher's softened outputs teach a much smaller student, on blended digit images and without any label."""
import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(0)
data = load_digits()
x = torch.tensor(data.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(data.target)
perm = torch.randperm(len(x))
train, test = perm[:1300], perm[1300:]
teacher = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10))
student = nn.Sequential(nn.Linear(64, 20), nn.Tanh(), nn.Linear(20, 10))


def accuracy(net):
    net.eval()
    with torch.no_grad():
        return (net(x[test]).argmax(1) == y[test]).float().mean().item()


opt = torch.optim.Adam(teacher.parameters(), lr=2e-3, weight_decay=1e-4)
for epoch in range(1, 13):
    teacher.train()
    for idx in train[torch.randperm(1300)].split(50):
        loss = nn.functional.cross_entropy(teacher(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 3 == 0:
        print(f"teacher epoch {epoch}: loss {loss.item():.4f} accuracy {accuracy(teacher):.3f}")

teacher.eval()
teacher.requires_grad_(False)
TEMPERATURE = 3.0
opt = torch.optim.Adam(student.parameters(), lr=4e-3)
for step in range(1, 1001):
    a, b = train[torch.randint(1300, (64,))], train[torch.randint(1300, (64,))]
    share = torch.rand(64, 1) * 0.4
    blend = (1 - share) * x[a] + share * x[b]
    soft = (teacher(blend) / TEMPERATURE).softmax(1)
    own = (student(blend) / TEMPERATURE).log_softmax(1)
    loss = TEMPERATURE ** 2 * (soft * (soft.clamp(min=1e-9).log() - own)).sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"student step {step}: divergence {loss.item():.4f} accuracy {accuracy(student):.3f}")
