// The database makes the copy. This file adds what the copy holds.
#include "shop/backup.hpp"

#include "base/migrations.hpp"

namespace resys::app {

Result<Backup> backup(Context& context, const std::string& path, const ProgressFunction& progress) {
  const Timestamp now = context.clock->now();  // before the snapshot: nothing older is missing
  RESYS_TRY(version, context.database->read([](db::Transaction& tx) -> Result<std::int64_t> {
    return rows::schema_version(tx);
  }));
  const auto step = [&](std::string_view name) {
    return [&progress, name](std::int64_t done, std::int64_t total) -> Result<void> {
      return progress ? progress({name, done, total}) : success();
    };
  };
  RESYS_TRY(copy, context.database->copy_to(path, step("copy"), step("check")));
  return Backup{path, copy.bytes, copy.pages, version, now};
}

}  // namespace resys::app
