// Whether a shop's database is sound: the file, its references, and the rules that stock, orders
// and money obey.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace resys {

// Something that is not as it must be.
struct Difference {
  std::string what{};   // the rule that is broken, as a sentence
  std::string store{};  // the tenant; empty: the file itself
  std::string id{};     // of what breaks it: "order_01h4...", or a table's name and a row's key
  std::string expected{};
  std::string found{};
};

// What was looked at.
struct CheckedCounts {
  std::int64_t tables = 0;  // of the file
  std::int64_t stores = 0;
  std::int64_t variants = 0;  // that have stock
  std::int64_t reservations = 0;
  std::int64_t orders = 0;  // carts, too
  std::int64_t payments = 0;
};

struct CheckReport {
  static constexpr std::size_t kMostDifferences = 1'000;

  CheckedCounts checked{};
  std::vector<Difference> differences{};  // at most kMostDifferences; empty: all is well
  std::int64_t left_out = 0;              // differences beyond those
};

}  // namespace resys
