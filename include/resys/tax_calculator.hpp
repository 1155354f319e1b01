// A port for hosts that let a tax service calculate the taxes of their orders.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "resys/customer.hpp"
#include "resys/tax.hpp"

namespace resys {

// A line of an order, or its shipment.
struct TaxableItem {
  std::string reference{};        // of a line its id; of the shipment "shipping"
  std::string sku{};              // empty for the shipment
  std::string tax_category{};     // of TaxSettings::categories
  std::int64_t quantity = 1;      // units
  std::int64_t amount_cents = 0;  // of all units, less discounts; with tax if prices include it
  bool operator==(const TaxableItem&) const = default;
};

struct CalculateTaxes {
  std::string store{};
  OrderId order_id{};
  Currency currency{};
  bool prices_include_tax = false;
  Address address{};  // where it is sent
  std::string tax_id{};
  bool tax_exempt = false;
  std::vector<TaxableItem> items{};
  std::int64_t timeout_ms = 5'000;  // the call takes no longer
};

// A tax of an item: a part of its amount if prices include tax, else beside it.
struct CalculatedTax {
  std::string name{};
  std::string rate{};  // percent: "8.875"
  std::string country{};
  std::int64_t taxable_cents = 0;  // net
  std::int64_t tax_cents = 0;
  TaxReason reason = TaxReason::rate;
};

struct ItemTaxes {
  std::string reference{};  // of an item of the request
  std::vector<CalculatedTax> taxes{};
};

struct CalculatedTaxes {
  std::vector<ItemTaxes> items{};  // one for each item of the request, in any order
  std::string external_id{};       // of the calculation: Order::tax_calculation_id
};

// Called for orders that have an address, in stores whose TaxSettings::source says so, with no
// transaction open. What it returns is kept with the order, and asked for again only when something
// that taxes depend on has changed. TaxSettings::fallback says what happens where it fails: where
// it returns an error or throws, or its taxes are not those of the items, have no name, are
// negative, or are more than their item's amount.
// Thread rule: any number of calls at once, from any thread.
class TaxCalculator {
 public:
  virtual ~TaxCalculator() = default;
  virtual Result<CalculatedTaxes> calculate(const CalculateTaxes& request) = 0;
};

}  // namespace resys
