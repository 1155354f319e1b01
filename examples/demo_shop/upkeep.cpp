// Another process than the running shop may do all of this: SQLite's locks are between processes.
#include "upkeep.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <system_error>

#include "key_file.hpp"
#include "resys/api.hpp"

namespace demo {

using resys::Errc;
using resys::Error;
using resys::Result;

Result<void> tend(const Options& options, const std::function<bool()>& is_to_stop) {
  // It would be made, and an empty shop has no faults.
  const std::string file = database_file(options.database);
  if (file.empty() || access(file.c_str(), F_OK) != 0) {
    return Error(Errc::not_found, "there is no database " + options.database);
  }
  RESYS_TRY(shop, resys::Shop::open({.database = "sqlite:" + file, .allow_missing_keys = true}));
  const auto go_on = [&](const resys::Progress&) -> Result<void> {
    if (is_to_stop()) return Error(Errc::invalid_state, "stopped");
    return resys::success();
  };
  if (!options.backup.empty()) {
    RESYS_TRY(backup, shop->backup(options.backup, go_on));
    std::cout << resys::to_json(backup) << std::endl;
  }
  if (!options.check) return resys::success();
  RESYS_TRY(report, shop->check(go_on));
  std::cout << resys::to_json(report) << std::endl;
  if (report.differences.empty()) return resys::success();
  return Error(Errc::storage, "the check found differences");
}

Result<resys::Backup> back_up_into(resys::Shop& shop, const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return Error(Errc::storage, "cannot make the folder " + folder + ": " +
                                    std::generic_category().message(errno));
  }
  std::string moment = shop.clock().now().text();  // 2026-11-29T09:30:00.000000Z
  std::replace(moment.begin(), moment.end(), ':', '-');
  return shop.backup(folder + "/shop-" + moment + ".db");
}

}  // namespace demo
