"""Training of optical-flow networks on frame pairs with exact flow, and their errors against ground truth."""
