// The fields of what a check has found.
#include "api/check_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Difference>() {
  static const Schema schema = make_schema<Difference>(
      "Difference", field("what", &Difference::what, "The rule that is broken, as a sentence"),
      field("store", &Difference::store,
            "Tenant that it was found in; empty if it concerns the file itself"),
      field("id", &Difference::id,
            "Id of the record that breaks the rule, or a table's name and a row's key"),
      field("expected", &Difference::expected, "What should be there"),
      field("found", &Difference::found, "What is there"));
  return schema;
}

template <>
const Schema& schema_of<CheckedCounts>() {
  static const Schema schema = make_schema<CheckedCounts>(
      "CheckedCounts", field("tables", &CheckedCounts::tables, "Number of tables in the file"),
      field("stores", &CheckedCounts::stores, "Number of tenants that were checked"),
      field("variants", &CheckedCounts::variants,
            "Number of variants with stock that were checked"),
      field("reservations", &CheckedCounts::reservations,
            "Number of stock reservations that were checked"),
      field("orders", &CheckedCounts::orders, "Number of orders that were checked, carts included"),
      field("payments", &CheckedCounts::payments, "Number of payments that were checked"));
  return schema;
}

template <>
const Schema& schema_of<CheckReport>() {
  static const Schema schema = make_schema<CheckReport>(
      "CheckReport", field("checked", &CheckReport::checked, "How much was checked"),
      field("differences", &CheckReport::differences,
            "Violations that were found, at most 1,000; empty if the database is sound"),
      field("leftOut", &CheckReport::left_out, "Number of further violations that are not listed"));
  return schema;
}

}  // namespace resys::fields
