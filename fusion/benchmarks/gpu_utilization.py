"""Utilisation of the GPU while something runs, as NVIDIA's driver reports it."""

from __future__ import annotations

import os
import subprocess
from statistics import median
from threading import Thread
from types import TracebackType
from typing import IO

from triad.modalities.checks import fail

INTERVAL_MS = 200


class GpuUtilization:
    """Percentages of the time in which the GPU computed, every 200 ms: ``with GpuUtilization() as utilization: …``.

    They are those of ``nvidia-smi``, which comes with the driver.

    Attributes:
        percentages: one number for each interval so far.
        megabytes: memory of the device that was in use, one number for each interval.

    Raises:
        InputError: If there is no ``nvidia-smi``.
    """

    def __init__(self) -> None:
        self.percentages: list[int] = []
        self.megabytes: list[int] = []

    def __enter__(self) -> GpuUtilization:
        command = ["nvidia-smi", "--query-gpu=utilization.gpu,memory.used", "--format=csv,noheader,nounits"]
        first_gpu = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0] or "0"
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command
                [*command, f"--id={first_gpu}", f"--loop-ms={INTERVAL_MS}"], stdout=subprocess.PIPE, text=True
            )
        except FileNotFoundError:
            fail("utilisation of the GPU", "be read by nvidia-smi", "no such command", "install NVIDIA's driver")
        self._thread = Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join()

    def median_after(self, start: int) -> float:
        """Return the median percentage of the intervals from number ``start`` on.

        Raises:
            InputError: If there is none.
        """
        if len(self.percentages) <= start:
            fail("utilisation of the GPU", "be reported by nvidia-smi", "nothing", "run nvidia-smi to see why")
        return float(median(self.percentages[start:]))

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            numbers = line.split(",")
            if len(numbers) == 2 and all(number.strip().isdecimal() for number in numbers):
                self.percentages.append(int(numbers[0]))
                self.megabytes.append(int(numbers[1]))
