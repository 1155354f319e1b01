// Declares the schema of what a shop reports about its database engine.
#pragma once

#include "base/fields.hpp"
#include "resys/engine.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<EngineInfo>();

}  // namespace resys::fields
