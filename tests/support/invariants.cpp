// The library's own rules, on a connection of the test's own.
#include "support/invariants.hpp"

#include "shop/check.hpp"
#include "support/bare_context.hpp"

namespace resys::test {

BareContext::BareContext(const std::string& file, std::shared_ptr<Clock> with_clock) {
  clock = std::move(with_clock);
  random = system_random();
  log = stderr_log();
  database = db::open_sqlite("sqlite:" + file, log).value();
  ids = std::make_unique<domain::IdSource>(*clock, *random);
}

std::vector<std::string> broken_invariants(const std::string& file) {
  const BareContext context(file, system_clock());
  const CheckReport report = app::check(context, {}).value();
  std::vector<std::string> broken;
  for (const Difference& each : report.differences) {
    broken.push_back(each.what + ": not so for " + each.id + " of " + each.store + ": expected " +
                     each.expected + ", found " + each.found);
  }
  return broken;
}

}  // namespace resys::test
