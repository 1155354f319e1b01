// The fields of a backup.
#include "api/backup_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Backup>() {
  static const Schema schema = make_schema<Backup>(
      "Backup", field("path", &Backup::path, "Path of the copy, as requested"),
      field("bytes", &Backup::bytes, "Size of the copy, in bytes"),
      field("pages", &Backup::pages, "Number of database pages in the copy"),
      field("schemaVersion", &Backup::schema_version, "Version of the database schema in the copy"),
      field("createdAt", &Backup::created_at,
            "When it was begun, in UTC; the copy has everything that was committed before"));
  return schema;
}

}  // namespace resys::fields
