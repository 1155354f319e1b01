// The fields of a backup.
#include "fields/backup.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Backup>() {
  static const Schema schema = make_schema<Backup>(
      "Backup", field("path", &Backup::path, "where the copy is, as it was asked for"),
      field("bytes", &Backup::bytes, "its size"), field("pages", &Backup::pages, "of the database"),
      field("schemaVersion", &Backup::schema_version, "of the tables in it"),
      field("createdAt", &Backup::created_at, "what was confirmed before is in it"));
  return schema;
}

}  // namespace resys::fields
