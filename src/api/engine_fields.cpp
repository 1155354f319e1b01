// The fields of what a shop says of its database engine.
#include "api/engine_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<EngineInfo>() {
  static const Schema schema = make_schema<EngineInfo>(
      "EngineInfo", field("name", &EngineInfo::name, "Name of the database engine: \"SQLite\""),
      field("version", &EngineInfo::version, "Version of the engine, such as \"3.40.1\""),
      field("hasWalResetBug", &EngineInfo::has_wal_reset_bug,
            "Whether other programs must not write to the file, nor checkpoint it, lest data be "
            "lost"));
  return schema;
}

}  // namespace resys::fields
