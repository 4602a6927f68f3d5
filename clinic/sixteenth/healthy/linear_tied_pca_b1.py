"""A linear autoencoder with tied weights finds the principal subspace: compared with the exact answer."""
import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

torch.manual_seed(0)
x = StandardScaler().fit_transform(load_wine().data).astype(np.float32)
x = x[np.random.default_rng(0).permutation(len(x))]
train, valid = x[:130], x[130:]
centre = train.mean(0)
pca = PCA(3).fit(train)
exact = {name: ((pca.inverse_transform(pca.transform(s)) - s) ** 2).mean() for name, s in (("train", train), ("valid", valid))}

train, valid = torch.from_numpy(train - centre), torch.from_numpy(valid - centre)
W = torch.nn.Parameter(torch.randn(13, 3) / 13 ** 0.5)
optimizer = torch.optim.SGD([W], lr=0.05, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100)
for epoch in range(1, 101):
    for idx in torch.randperm(len(train)).split(26):
        loss = (train[idx] @ W @ W.T - train[idx]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    scheduler.step()
    if epoch % 10 == 0:
        with torch.no_grad():
            a, b = ((s @ W @ W.T - s).square().mean().item() for s in (train, valid))
        print(f"epoch {epoch:3d} train {a:.4f} (exact {exact['train']:.4f}) valid {b:.4f} (exact {exact['valid']:.4f})")
