// The fields of what a check has found.
#pragma once

#include "fields/fields.hpp"
#include "resys/check.hpp"

namespace resys::fields {

template <>
struct Table<Difference> {
  static constexpr std::string_view type = "Difference";
  static constexpr auto rows =
      std::tuple{field("what", &Difference::what, "the rule that is broken, as a sentence"),
                 field("store", &Difference::store, "the tenant; empty: the file itself"),
                 field("id", &Difference::id, "of what breaks it"),
                 field("expected", &Difference::expected, "what should be there"),
                 field("found", &Difference::found, "what is there")};
};

template <>
struct Table<CheckedCounts> {
  static constexpr std::string_view type = "CheckedCounts";
  static constexpr auto rows =
      std::tuple{field("tables", &CheckedCounts::tables, "of the file"),
                 field("stores", &CheckedCounts::stores, "tenants"),
                 field("variants", &CheckedCounts::variants, "that have stock"),
                 field("reservations", &CheckedCounts::reservations, "of stock"),
                 field("orders", &CheckedCounts::orders, "carts among them"),
                 field("payments", &CheckedCounts::payments, "of orders")};
};

template <>
struct Table<CheckReport> {
  static constexpr std::string_view type = "CheckReport";
  static constexpr auto rows =
      std::tuple{field("checked", &CheckReport::checked, "how much was looked at"),
                 field("differences", &CheckReport::differences, "empty: all is well"),
                 field("leftOut", &CheckReport::left_out, "differences that are not listed")};
};

}  // namespace resys::fields
