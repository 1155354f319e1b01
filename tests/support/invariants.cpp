// The library's own rules, on a connection of the test's own.
#include "support/invariants.hpp"

#include "app/check.hpp"
#include "db/database.hpp"

namespace resys::test {

std::vector<std::string> broken_invariants(const std::string& file) {
  const auto database = db::open_sqlite("sqlite:" + file, stderr_log()).value();
  const CheckReport report = app::check(*database, {}).value();
  std::vector<std::string> broken;
  for (const Difference& each : report.differences) {
    broken.push_back(each.what + ": not so for " + each.id + " of " + each.store + ": expected " +
                     each.expected + ", found " + each.found);
  }
  return broken;
}

}  // namespace resys::test
