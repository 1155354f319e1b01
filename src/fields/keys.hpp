// Declares the schemas of what a rotation of keys has done.
#pragma once

#include "fields/fields.hpp"
#include "resys/keys.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<KeyUse>();
template <>
const Schema& schema_of<KeyRotation>();

}  // namespace resys::fields
