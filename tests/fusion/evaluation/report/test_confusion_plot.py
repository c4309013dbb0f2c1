from io import BytesIO

import numpy as np
from PIL import Image

from triad.fusion.evaluation.report.confusion_plot import plot_confusion_matrix, select_confused


def test_equal_matrices_give_equal_bytes():
    matrix = np.array([[3, 1], [0, 4]])
    png = plot_confusion_matrix(matrix, ("a", "b"))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png == plot_confusion_matrix(matrix, ("a", "b"))


def test_row_without_samples_is_drawn():
    assert plot_confusion_matrix(np.array([[0, 0], [0, 4]]), ("a", "b")).startswith(b"\x89PNG")


def test_many_classes_keep_the_size_bounded():
    matrix = np.diag(np.arange(1, 151))
    with Image.open(BytesIO(plot_confusion_matrix(matrix, [f"class {index}" for index in range(150)]))) as picture:
        assert picture.size == (4000, 4000)


def test_confused_classes_are_selected():
    matrix = np.array([[5, 1, 0, 0], [0, 9, 0, 0], [2, 2, 0, 0], [0, 0, 1, 7]])
    assert select_confused(matrix, 2).tolist() == [0, 2]
    assert select_confused(matrix, 9).tolist() == [0, 1, 2, 3]


def test_selected_classes_keep_their_percentages():
    matrix = np.array([[1, 0, 1], [0, 4, 0], [0, 0, 2]])
    alone = np.array([[1, 1], [0, 2]])
    selected = plot_confusion_matrix(matrix, ("a", "b", "c"), np.array([0, 2]))
    assert selected == plot_confusion_matrix(alone, ("a", "c"))
