"""MiniHome untrimmed: a minute of one or two people in one room, whose actions follow and overlap.

``schedule`` draws who does what and when, ``tracks`` the bodies over time, ``home`` assembles the scene,
``video_files`` writes it, ``prepare`` the dataset.
"""
