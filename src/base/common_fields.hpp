// Declares the schemas of what several nouns share.
#pragma once

#include "base/fields.hpp"
#include "resys/common.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Removed>();

}  // namespace resys::fields
