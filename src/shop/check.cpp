// Walks every store in pages. Each page is read on a snapshot of its own, so that the check of a
// large shop does not keep the database from reusing its log.
#include "shop/check.hpp"

#include <algorithm>
#include <utility>

#include "base/settings_rows.hpp"
#include "shop/check_rows.hpp"

namespace resys::app {
namespace {

constexpr std::int64_t kPage = 500;  // things that one transaction looks at

using Differences = std::vector<Difference>;

bool is_damage(const Error& error) {
  const auto& facts = error.facts();
  return std::any_of(facts.begin(), facts.end(),
                     [](const Fact& fact) { return fact.name == db::kDamagedFact; });
}

// The difference that a rule reports about rows that cannot be read.
Difference unreadable(std::string_view what, const std::string& store, const Error& error) {
  return {std::string(what), store, {}, "readable rows", error.message()};
}

class Check {
 public:
  Check(const Context& context, const ProgressFunction& progress)
      : context_(context), progress_(progress) {}

  Result<CheckReport> run() {
    RESYS_TRYV(check_file());
    std::vector<std::string> stores;
    const auto list = [&](const Scope& scope) { stores = rows::list_stores(scope.tx); };
    RESYS_TRYV(read("the list of stores", {}, list));
    RESYS_TRYV(count(stores));
    for (const std::string& store : stores) {
      for (const rows::RuleGroup& group : rows::rule_groups()) {
        RESYS_TRYV(check_group(store, group));
      }
      for (const rows::Rule& rule : rows::store_rules()) {
        RESYS_TRYV(tell());
        Differences found;
        RESYS_TRYV(read(rule.sentence, store,
                        [&](const Scope& scope) { found = rows::broken_in_store(scope, rule); }));
        add(std::move(found));
      }
      ++report_.checked.stores;
    }
    total_ = done_;
    RESYS_TRYV(tell());
    return std::move(report_);
  }

 private:
  Result<void> check_file() {
    RESYS_TRY(file, context_.database->check_file([&](std::int64_t done, std::int64_t total) {
      return progress_ ? progress_({"file", done, total}) : success();
    }));
    report_.checked.tables = file.tables;
    for (db::FileFault& fault : file.faults) {
      add({{.what = fault.is_reference ? "every reference leads somewhere" : "the file is sound",
            .store = {},
            .id = std::move(fault.id),
            .expected = std::move(fault.expected),
            .found = std::move(fault.found)}});
    }
    return success();
  }

  // Counts what is to be checked, for the progress.
  Result<void> count(const std::vector<std::string>& stores) {
    for (const std::string& store : stores) {
      for (const rows::RuleGroup& group : rows::rule_groups()) {
        RESYS_TRYV(tell());
        std::int64_t things = 0;
        RESYS_TRYV(read({}, store,
                        [&](const Scope& scope) { things = rows::count_things(scope, group); }));
        total_ += things;
      }
    }
    return success();
  }

  Result<void> check_group(const std::string& store, const rows::RuleGroup& group) {
    std::string after;
    for (;;) {
      RESYS_TRYV(tell());
      rows::ThingPage page;
      Differences found;
      const auto checked = context_.read(store, [&](const Scope& scope) -> Result<void> {
        found.clear();
        page = rows::next_things(scope, group, after, kPage);
        for (const rows::Rule& rule : group.rules) {
          std::ranges::move(rows::broken_in_page(scope, rule, after, page.last),
                            std::back_inserter(found));
        }
        return success();
      });
      if (checked.has_error()) {
        if (!is_damage(checked.error())) return checked.error();
        return check_damaged(store, group, after);
      }
      if (page.count == 0) return success();
      add(std::move(found));
      report_.checked.*group.count += page.count;
      done_ += page.count;
      after = page.last;
    }
  }

  // Some of the remaining rows cannot be read. Each rule reports by itself whether it could be
  // checked.
  Result<void> check_damaged(const std::string& store, const rows::RuleGroup& group,
                             const std::string& after) {
    constexpr std::string_view last = "~";  // after all ids
    for (const rows::Rule& rule : group.rules) {
      RESYS_TRYV(tell());
      Differences found;
      RESYS_TRYV(read(rule.sentence, store, [&](const Scope& scope) {
        found = rows::broken_in_page(scope, rule, after, last);
      }));
      add(std::move(found));
    }
    return success();
  }

  // A damaged file is a finding of the check, so it does not end the check.
  template <class Body>
  Result<void> read(std::string_view what, const std::string& store, const Body& body) {
    const Result<void> done = context_.read(store, [&](const Scope& scope) -> Result<void> {
      body(scope);
      return success();
    });
    if (!done.has_error()) return success();
    if (!is_damage(done.error())) return done.error();
    if (!what.empty()) add({unreadable(what, store, done.error())});
    return success();
  }

  Result<void> tell() {
    if (!progress_) return success();
    return progress_({"stores", done_, std::max(total_, done_)});
  }

  void add(Differences found) {
    for (Difference& each : found) {
      if (report_.differences.size() < CheckReport::kMostDifferences) {
        report_.differences.push_back(std::move(each));
      } else {
        ++report_.left_out;
      }
    }
  }

  const Context& context_;
  const ProgressFunction& progress_;
  CheckReport report_;
  std::int64_t done_ = 0;  // things of the stores
  std::int64_t total_ = 0;
};

}  // namespace

Result<CheckReport> check(const Context& context, const ProgressFunction& progress) {
  return Check(context, progress).run();
}

}  // namespace resys::app
