"""Eight numbers side by side, one a level above `hold`, for compiled code.

What is computed of every level alike takes an eighth of the instructions, or as few as the
processor allows: the compiler does not find that by itself, since it unrolls so short a loop
before it looks for what could stand side by side. Only compiled code has such numbers; arithmetic
and :func:`offramp.elementary.exp` take them as they take one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import types
from numba.core.errors import TypingError
from numba.extending import (
    intrinsic,
    lower_builtin,
    models,
    register_model,
    type_callable,
)

from offramp.compiling import lean_inlined
from offramp.ladder import LEVEL_COUNT

FloatArray = npt.NDArray[np.float64]
LANES = LEVEL_COUNT - 1
_DOUBLE, _INTEGER = ir.DoubleType(), ir.IntType(64)
_DOUBLES, _INTEGERS = ir.VectorType(_DOUBLE, LANES), ir.VectorType(_INTEGER, LANES)
_ABOVE_HOLD = ir.Constant(_INTEGER, 1)


class Lanes:
    """What a type checker knows of eight numbers side by side."""

    def __add__(self, other: Lanes | float) -> Lanes:
        """Return sums."""
        raise NotImplementedError

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __add__


class LanesType(types.Type):
    """Their type in compiled code."""

    def __init__(self) -> None:
        """Name it."""
        super().__init__(name="Lanes")


_LANES = LanesType()


@register_model(LanesType)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _DOUBLES)  # type: ignore[no-untyped-call]


def _side_by_side(builder: Any, value: Any) -> Any:
    """Return a number, or a constant of one, in every lane; lanes as they are."""
    if value.type == _DOUBLES:
        return value
    first = builder.insert_element(
        ir.Constant(_DOUBLES, ir.Undefined), value, ir.Constant(ir.IntType(32), 0)
    )
    places = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(_DOUBLES, ir.Undefined), places)


def _takes(operation: Callable[..., Any], emit: Callable[[Any, Any, Any], Any]) -> None:
    """Let compiled code apply an operation of two to lanes, and to lanes and a number."""

    @type_callable(operation)
    def typed(context: Any) -> Any:
        def of(first: Any, second: Any) -> Any:
            either = (first, second)
            if _LANES in either and all(one in (_LANES, types.float64) for one in either):
                return _LANES
            return None

        return of

    def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return emit(builder, *(_side_by_side(builder, value) for value in values))

    for pair in ((_LANES, _LANES), (_LANES, types.float64), (types.float64, _LANES)):
        lower_builtin(operation, *pair)(lowered)  # type: ignore[no-untyped-call]


_takes(operator.add, lambda builder, a, b: builder.fadd(a, b))
_takes(operator.sub, lambda builder, a, b: builder.fsub(a, b))
_takes(operator.mul, lambda builder, a, b: builder.fmul(a, b))
_takes(operator.truediv, lambda builder, a, b: builder.fdiv(a, b))
_takes(min, lambda builder, a, b: builder.select(builder.fcmp_ordered("<", b, a), b, a))
_takes(max, lambda builder, a, b: builder.select(builder.fcmp_ordered(">", b, a), b, a))


def _emitted(function: Callable[..., Any]) -> Any:
    """Return a function of compiled code, given what types it and emits its instructions."""
    return intrinsic(function)


def _check(array: Any) -> None:
    """Refuse to compile what would read numbers that do not stand side by side."""
    if (array.dtype, array.ndim, array.layout) != (types.float64, 1, "C"):
        raise TypingError(f"lanes stand in contiguous arrays of floats, not in {array}")


def _place(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    """Return where an array, (9,), holds the numbers of the levels above hold."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [_ABOVE_HOLD]), _DOUBLES.as_pointer())


@_emitted
def _load(typing: Any, array: Any) -> Any:
    _check(array)

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.load(_place(context, builder, array, *values), align=8)

    return _LANES(array), emit


@_emitted
def _store(typing: Any, value: Any, array: Any) -> Any:
    _check(array)

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        builder.store(values[0], _place(context, builder, array, values[1]), align=8)
        return context.get_dummy_value()

    return types.void(_LANES, array), emit


@_emitted
def _spread(typing: Any, number: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _side_by_side(builder, *values)

    return _LANES(types.float64), emit


@_emitted
def _lane(typing: Any, value: Any, place: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.extract_element(*values)

    return types.float64(_LANES, types.int64), emit


@_emitted
def power_of_two(typing: Any, bits: Any) -> Any:
    """Return 2 to the whole number that stands in the lowest bits of a number, or of each."""

    def emit(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        (value,) = values
        kind, several = (_INTEGERS, True) if value.type == _DOUBLES else (_INTEGER, False)
        shift, one = (ir.Constant(kind, [n] * LANES if several else n) for n in (52, 1023 << 52))
        moved = builder.shl(builder.bitcast(value, kind), shift)
        return builder.bitcast(builder.add(moved, one), value.type)

    return bits(bits), emit


@lean_inlined
def lanes_of(numbers: FloatArray) -> Lanes:
    """Return what an array, (9,), holds of the levels above hold."""
    found: Lanes = _load(numbers)
    return found


@lean_inlined
def alike(number: float) -> Lanes:
    """Return the same number for every level above hold."""
    found: Lanes = _spread(number)
    return found


@lean_inlined
def put(value: Lanes, numbers: FloatArray) -> None:
    """Write lanes into an array, (9,); what it holds of `hold` stays."""
    _store(value, numbers)


@lean_inlined
def lane(value: Lanes, level: int) -> float:
    """Return the number of one level above hold."""
    found: float = _lane(value, level - 1)
    return found
