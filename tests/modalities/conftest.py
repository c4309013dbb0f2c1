from types import SimpleNamespace

import onnxruntime
import pytest


@pytest.fixture
def fake_gpu(monkeypatch):
    """Return a function that lets onnxruntime pretend to have a GPU.

    What it returns lists the requested providers of each session, and the number of images of each run.
    """

    def install(*, installed, works):
        real_session = onnxruntime.InferenceSession
        gpu = SimpleNamespace(requested=[], batch_sizes=[])

        class Session(real_session):
            def __init__(self, path, options, providers, enable_fallback):
                gpu.requested.append(providers)
                super().__init__(path, options, providers=["CPUExecutionProvider"])

            def get_providers(self):
                return [gpu.requested[-1][0][0]] if works else ["CPUExecutionProvider"]

            def run(self, outputs, inputs, *options):
                gpu.batch_sizes += [len(batch) for batch in inputs.values()]
                return super().run(outputs, inputs, *options)

        providers = ["CUDAExecutionProvider", "CPUExecutionProvider"]
        if installed:
            monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: providers)
        monkeypatch.setattr(onnxruntime, "InferenceSession", Session)
        return gpu

    return install
