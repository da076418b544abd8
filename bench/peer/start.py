"""From nothing to the end of a first training step: the MLP of the benchmark, on TOCHA_DEVICE."""
import os

import torch
import torch.nn as nn

device = os.environ.get("TOCHA_DEVICE", "cpu")

net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(),
                    nn.Linear(512, 10)).to(device)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x, y = torch.randn(64, 784, device=device), torch.randint(0, 10, (64,), device=device)
optimizer.zero_grad()
loss = nn.CrossEntropyLoss()(net(x), y)
loss.backward()
optimizer.step()
print(loss.item())
