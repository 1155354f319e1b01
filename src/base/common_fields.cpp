// The fields of what several nouns share.
#include "base/common_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Removed>() {
  static const Schema schema =
      make_schema<Removed>("Removed", field("removed", &Removed::removed, "Always true"));
  return schema;
}

}  // namespace resys::fields
