"""Training and evaluation of networks that estimate: optical flow, and 3D joints from 2D poses."""
