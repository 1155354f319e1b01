// The fields of a backup.
#pragma once

#include "fields/fields.hpp"
#include "resys/backup.hpp"

namespace resys::fields {

template <>
struct Table<Backup> {
  static constexpr std::string_view type = "Backup";
  static constexpr auto rows =
      std::tuple{field("path", &Backup::path, "where the copy is, as it was asked for"),
                 field("bytes", &Backup::bytes, "its size"),
                 field("pages", &Backup::pages, "of the database"),
                 field("schemaVersion", &Backup::schema_version, "of the tables in it"),
                 field("createdAt", &Backup::created_at, "what was confirmed before is in it")};
};

}  // namespace resys::fields
