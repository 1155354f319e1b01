"""What the package has of the API: choices, errors, records and services. They are made when it is
imported, of what the library says about itself; their types stand in _api.pyi."""

from datetime import datetime
from typing import Dict, Mapping, Optional, Sequence, Tuple, Type

from ._description import camel
from ._library import DESCRIPTION
from ._make import Maker
from ._description.shape import Shape
from ._values import (
    Caller,
    Error,
    Money,
    list_json,
    moment_json,
    put_money,
    record_json,
    record_list_json,
)

_shape = Shape(DESCRIPTION)
_maker = Maker(_shape, globals())

_made = {name: _maker.choice(name, values) for name, values in DESCRIPTION.choices.items()}
_made.update({camel(error.name): _maker.error(error) for error in DESCRIPTION.errors})
ERRORS: Dict[int, Type[Error]] = {
    error.code: _made[camel(error.name)] for error in DESCRIPTION.errors
}
globals().update(_made)
for _name in _shape.records:
    globals()[_name] = _made[_name] = _maker.record(_name)
__all__ = sorted(_made)

Services = _maker.services(False)
AsyncServices = _maker.services(True)
