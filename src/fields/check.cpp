// The fields of what a check has found.
#include "fields/check.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Difference>() {
  static const Schema schema = make_schema<Difference>(
      "Difference", field("what", &Difference::what, "the rule that is broken, as a sentence"),
      field("store", &Difference::store, "the tenant; empty: the file itself"),
      field("id", &Difference::id, "of what breaks it"),
      field("expected", &Difference::expected, "what should be there"),
      field("found", &Difference::found, "what is there"));
  return schema;
}

template <>
const Schema& schema_of<CheckedCounts>() {
  static const Schema schema = make_schema<CheckedCounts>(
      "CheckedCounts", field("tables", &CheckedCounts::tables, "of the file"),
      field("stores", &CheckedCounts::stores, "tenants"),
      field("variants", &CheckedCounts::variants, "that have stock"),
      field("reservations", &CheckedCounts::reservations, "of stock"),
      field("orders", &CheckedCounts::orders, "carts among them"),
      field("payments", &CheckedCounts::payments, "of orders"));
  return schema;
}

template <>
const Schema& schema_of<CheckReport>() {
  static const Schema schema = make_schema<CheckReport>(
      "CheckReport", field("checked", &CheckReport::checked, "how much was looked at"),
      field("differences", &CheckReport::differences, "empty: all is well"),
      field("leftOut", &CheckReport::left_out, "differences that are not listed"));
  return schema;
}

}  // namespace resys::fields
