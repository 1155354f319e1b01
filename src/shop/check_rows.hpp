// The rules that stock, orders and money obey in every store, as queries.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "resys/check.hpp"

namespace resys::rows {

// A rule that every object of one kind must obey.
struct Rule {
  std::string_view sentence;
  db::Sql sql;
};

// The rules for one kind of objects. The objects are checked in the order of their ids, a page at a
// time, so that no snapshot is held for long.
struct RuleGroup {
  std::int64_t CheckedCounts::*count;
  db::Sql size;
  db::Sql page;
  std::span<const Rule> rules;
};

std::span<const RuleGroup> rule_groups();
// Rules about sums that no index can find. Each checks a whole store in one statement.
std::span<const Rule> store_rules();

// How many objects of the kind there are.
std::int64_t count_things(const Scope& scope, const RuleGroup& group);

struct ThingPage {
  std::int64_t count = 0;  // 0: there are no more
  std::string last{};      // the last one's id
};
// The next `limit` objects after that id.
ThingPage next_things(const Scope& scope, const RuleGroup& group, std::string_view after,
                      std::int64_t limit);

// The objects after `after`, up to `last`, that break a rule of a group.
std::vector<Difference> broken_in_page(const Scope& scope, const Rule& rule, std::string_view after,
                                       std::string_view last);
// The differences from one of the store_rules().
std::vector<Difference> broken_in_store(const Scope& scope, const Rule& rule);

}  // namespace resys::rows
