"""Training and evaluation of estimators: optical flow, 3D joints from 2D poses, and 2D poses against annotations."""
