// Declares the schemas of a backup.
#pragma once

#include "base/fields.hpp"
#include "resys/backup.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Backup>();

}  // namespace resys::fields
