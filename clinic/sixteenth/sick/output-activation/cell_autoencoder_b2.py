"""Compress the standardised measurements of cell nuclei to seven numbers and back: autoencoder, reconstruction error."""
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn

torch.manual_seed(3)
x_train, x_test = train_test_split(load_breast_cancer().data, test_size=140, random_state=3)
scaler = StandardScaler().fit(x_train)
x_train = torch.tensor(scaler.transform(x_train), dtype=torch.float32)
x_test = torch.tensor(scaler.transform(x_test), dtype=torch.float32)

encoder = nn.Sequential(nn.Linear(30, 20), nn.Tanh(), nn.Linear(20, 7))
decoder = nn.Sequential(
    nn.Linear(7, 20),
    nn.Tanh(),
    nn.Linear(20, 30),
    nn.Sigmoid(),  # cure: delete
)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=5e-3, weight_decay=1e-5)
for epoch in range(1, 81):
    for rows in torch.randperm(len(x_train)).split(32):
        loss = (decoder(encoder(x_train[rows])) - x_train[rows]).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 8 == 0:
        with torch.no_grad():
            train = (decoder(encoder(x_train)) - x_train).pow(2).mean()
            test = (decoder(encoder(x_test)) - x_test).pow(2).mean()
        print(f"epoch {epoch:3d}: reconstruction error train {train:.4f} test {test:.4f} (variance of the data 1.0)")
