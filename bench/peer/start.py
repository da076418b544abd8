"""From nothing to the end of a first training step: the MLP of the benchmark."""
import torch
import torch.nn as nn

net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(),
                    nn.Linear(512, 10))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
optimizer.zero_grad()
loss = nn.CrossEntropyLoss()(net(x), y)
loss.backward()
optimizer.step()
print(loss.item())
