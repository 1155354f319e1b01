// Declares the schemas of a key rotation's result.
#pragma once

#include "base/fields.hpp"
#include "resys/keys.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<KeyUse>();
template <>
const Schema& schema_of<KeyRotation>();

}  // namespace resys::fields
