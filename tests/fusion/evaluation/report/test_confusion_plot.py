import numpy as np

from triad.fusion.evaluation.report.confusion_plot import plot_confusion_matrix


def test_equal_matrices_give_equal_bytes():
    matrix = np.array([[3, 1], [0, 4]])
    png = plot_confusion_matrix(matrix, ("a", "b"))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png == plot_confusion_matrix(matrix, ("a", "b"))


def test_row_without_samples_is_drawn():
    assert plot_confusion_matrix(np.array([[0, 0], [0, 4]]), ("a", "b")).startswith(b"\x89PNG")
