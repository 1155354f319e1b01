// Declares the schemas of a check's result.
#pragma once

#include "base/fields.hpp"
#include "resys/check.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Difference>();
template <>
const Schema& schema_of<CheckedCounts>();
template <>
const Schema& schema_of<CheckReport>();

}  // namespace resys::fields
