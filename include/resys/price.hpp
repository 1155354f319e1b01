// Prices: those of variants in several currencies and their history, price lists, and what a
// store's settings say about them.
//
// A price list changes the prices of variants in its currency, for some customers, some countries,
// some time, or from some quantity on. Of the lists that have a price for what is bought, the one
// with the lowest priority number counts; with equal numbers, the lowest price. Where none has one,
// the variant's own price counts. A variant that has no price in a currency is not sold in it,
// whatever the lists say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

// A variant's price in a currency that is not the variant's own.
struct VariantPrice {
  Currency currency{};
  std::int64_t price_cents = 0;                      // of one unit, in minor units of `currency`
  std::optional<std::int64_t> compare_at_cents{};    // as Variant::compare_at_cents
  std::optional<std::int64_t> lowest_price_cents{};  // as Variant::lowest_price_cents
  bool operator==(const VariantPrice&) const = default;
};

struct NewVariantPrice {
  Currency currency{};
  std::int64_t price_cents = 0;
  std::optional<std::int64_t> compare_at_cents{};  // above price_cents
};

// From when on a variant had a price. The history is only ever added to; of several changes at the
// same moment it has the last.
struct PriceChange {
  Timestamp changed_at{};
  Currency currency{};
  std::optional<PriceListId> price_list_id{};  // none: the variant's own price
  std::int64_t min_quantity = 1;               // of the price list's entry
  std::optional<std::int64_t> price_cents{};   // none: it had no price any more
};

// What free shipping (ShippingMethod::free_over_cents) and shipping by total (ShippingKind) count
// of the goods: what is left after discounts, or their prices before.
enum class GoodsTotal { after_discounts, before_discounts };
template <>
struct EnumNames<GoodsTotal> {
  static constexpr std::string_view type = "GoodsTotal";
  static constexpr std::array<std::string_view, 2> names{"afterDiscounts", "beforeDiscounts"};
};

// The same of their tax. as_priced: prices with tax count with it, others without. The tax is that
// of the store's own rates, also where a TaxCalculator says what is due.
enum class GoodsTax { as_priced, with_tax, without_tax };
template <>
struct EnumNames<GoodsTax> {
  static constexpr std::string_view type = "GoodsTax";
  static constexpr std::array<std::string_view, 3> names{"asPriced", "withTax", "withoutTax"};
};

struct PriceSettings {
  // Of new carts. Empty: any in which the goods have a price. A cart with lines keeps its own.
  std::vector<Currency> currencies{};
  GoodsTotal goods_total = GoodsTotal::after_discounts;
  GoodsTax goods_tax = GoodsTax::as_priced;
};

struct GetPriceSettings {};

// Absent fields keep their value.
struct UpdatePriceSettings {
  std::optional<std::vector<Currency>> currencies{};
  std::optional<GoodsTotal> goods_total{};
  std::optional<GoodsTax> goods_tax{};
};

struct PriceList {
  PriceListId id{};
  std::string name{};
  Currency currency{};        // of its prices, and of the carts that it applies to
  std::int64_t priority = 0;  // the lowest number counts first
  // Customers in one of these (Caller::groups, Customer::groups); empty: all.
  std::vector<std::string> customer_groups{};
  // Where the order goes: ISO 3166-1 alpha-2; without an address, the store's home country
  // (TaxSettings). Empty: everywhere.
  std::vector<std::string> countries{};
  std::optional<Timestamp> valid_from{};
  std::optional<Timestamp> valid_until{};  // the first moment at which it is not valid any more
  bool active = true;
};

// A price of a price list.
struct ListedPrice {
  std::string sku{};
  VariantId variant_id{};
  std::int64_t min_quantity = 1;  // units of the line from which on it counts
  std::int64_t price_cents = 0;   // of one unit, in minor units of `currency`
  Currency currency{};            // the list's
};

struct ListPriceLists {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct GetPriceList {
  PriceListId price_list_id{};
};

struct CreatePriceList {
  std::string name{};
  Currency currency{};
  std::int64_t priority = 0;
  std::vector<std::string> customer_groups{};
  std::vector<std::string> countries{};
  std::optional<Timestamp> valid_from{};
  std::optional<Timestamp> valid_until{};
  bool active = true;
};

struct UpdatePriceList {
  PriceListId price_list_id{};
  std::optional<std::string> name{};
  std::optional<std::int64_t> priority{};
  std::optional<std::vector<std::string>> customer_groups{};
  std::optional<std::vector<std::string>> countries{};
  Change<Timestamp> valid_from{};
  Change<Timestamp> valid_until{};
  std::optional<bool> active{};
};

struct RemovePriceList {
  PriceListId price_list_id{};
};

struct ListListedPrices {
  PriceListId price_list_id{};
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct NewListedPrice {
  std::string sku{};
  std::int64_t min_quantity = 1;
  std::optional<std::int64_t> price_cents{};  // absent: the SKU is only taken out of the list
  std::optional<Currency> currency{};         // of price_cents, if said: the list's
};

struct SetListedPrices {
  PriceListId price_list_id{};
  std::vector<NewListedPrice> prices{};  // of a SKU that is named here, all of its prices
};

// Staff. A change is seen at once by open carts (Cart::problems); orders that are placed keep their
// prices. An error leaves everything as it was.
class AdminPriceLists {
 public:
  explicit AdminPriceLists(Context& context) : context_(context) {}

  // Lists all of them, in the order in which they were made.
  // Errors: none of its own.
  Result<Page<PriceList>> list(const Caller& caller, const ListPriceLists& request = {});
  // Errors: not_found.
  Result<PriceList> get(const Caller& caller, const GetPriceList& request);
  // Makes a list without prices.
  // Errors: none of its own.
  Result<PriceList> create(const Caller& caller, const CreatePriceList& request);
  // Changes a list, not its prices. It keeps its currency.
  // Errors: not_found.
  Result<PriceList> update(const Caller& caller, const UpdatePriceList& request);
  // Removes a list with its prices.
  // Errors: not_found.
  Result<Removed> remove(const Caller& caller, const RemovePriceList& request);
  // Lists the prices, those of a variant together, by quantity.
  // Errors: not_found.
  Result<Page<ListedPrice>> list_prices(const Caller& caller, const ListListedPrices& request);
  // Sets the prices of the SKUs that the request names; others keep theirs. A SKU means the active
  // variant of that SKU, else the newest. unsupported_currency: a variant has no price in the
  // list's currency, or the request is in another one.
  // Errors: not_found, unsupported_currency.
  Result<PriceList> set_prices(const Caller& caller, const SetListedPrices& request);

 private:
  Context& context_;
};

}  // namespace resys
