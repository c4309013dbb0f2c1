"""Layers that skeleton encoders share: graph convolutions over joints, convolutions over time, normalisation."""
