"""Types of options of extract that are checked before anything is read."""

from __future__ import annotations

from typing import Any

import click

from triad.modalities.checks import InputError
from triad.modalities.extraction import Shard
from triad.modalities.flow.estimators import check_estimator_name


class ShardType(click.ParamType):
    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        try:
            return value if isinstance(value, Shard) else Shard.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class FlowType(click.ParamType):
    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return check_estimator_name(value)
        except InputError as error:
            self.fail(str(error), param, ctx)


class LengthType(click.ParamType):
    name = "SECONDS|16f"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from triad.fusion.inference.feature_extraction import WindowLength

        try:
            return value if isinstance(value, WindowLength) else WindowLength.parse(value)
        except InputError as error:
            self.fail(str(error), param, ctx)
