// The fields of what a shop says of its database engine.
#pragma once

#include "fields/fields.hpp"
#include "resys/engine.hpp"

namespace resys::fields {

template <>
struct Table<EngineInfo> {
  static constexpr std::string_view type = "EngineInfo";
  static constexpr auto rows =
      std::tuple{field("name", &EngineInfo::name, "\"SQLite\""),
                 field("version", &EngineInfo::version, "such as \"3.40.1\""),
                 field("hasWalResetBug", &EngineInfo::has_wal_reset_bug,
                       "other programs must not write to the file, nor checkpoint it")};
};

}  // namespace resys::fields
