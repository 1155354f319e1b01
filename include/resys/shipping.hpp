// Shipping methods: what it costs to send a cart somewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"
#include "resys/tax.hpp"

namespace resys {

// flat: `price_cents` an order. per_item: `price_cents` a unit. by_weight and by_total: the price
// of the last of `tiers` that the weight of the goods, or their total, reaches, and `price_cents`
// below the first one.
enum class ShippingKind { flat, per_item, by_weight, by_total };
template <>
struct EnumNames<ShippingKind> {
  static constexpr std::string_view type = "ShippingKind";
  static constexpr std::array<std::string_view, 4> names{"flat", "perItem", "byWeight", "byTotal"};
};

struct ShippingTier {
  // Of by_weight. Units of unknown weight weigh nothing, and neither do gifts.
  std::optional<std::int64_t> min_weight_grams{};
  std::optional<std::int64_t> min_total_cents{};  // of by_total
  std::int64_t price_cents = 0;                   // of an order
  Currency currency{};                            // the method's
  bool operator==(const ShippingTier&) const = default;
};

struct NewShippingTier {
  std::optional<std::int64_t> min_weight_grams{};
  std::optional<std::int64_t> min_total_cents{};
  std::int64_t price_cents = 0;
  std::optional<Currency> currency{};  // of these amounts, if said: the method's
};

struct ShippingMethod {
  ShippingMethodId id{};
  std::string name{};
  ShippingKind kind = ShippingKind::flat;
  std::int64_t price_cents = 0;       // minor units of `currency`
  std::vector<ShippingTier> tiers{};  // of by_weight and by_total; they ascend
  // The total of the goods from which on shipping is free. What counts is said by PriceSettings.
  std::optional<std::int64_t> free_over_cents{};
  Currency currency{};                   // of the carts that it serves
  std::vector<std::string> countries{};  // ISO 3166-1 alpha-2; empty: every country
  // Parts of the only country; empty: all of it. An address is in one of the regions, and its
  // postal code begins with one of the prefixes, blanks and hyphens aside.
  std::vector<std::string> regions{};
  std::vector<std::string> postal_prefixes{};
  std::string tax_category{};  // see TaxSettings::shipping_tax
  bool active = true;
  std::int64_t position = 0;  // lowest first in lists
};

struct ListShippingMethods {};

struct CreateShippingMethod {
  std::string name{};
  ShippingKind kind = ShippingKind::flat;
  std::int64_t price_cents = 0;
  std::vector<NewShippingTier> tiers{};
  std::optional<std::int64_t> free_over_cents{};
  Currency currency{};
  std::vector<std::string> countries{};
  std::vector<std::string> regions{};  // by code or name where the country has codes
  std::vector<std::string> postal_prefixes{};
  std::string tax_category{kStandardTaxCategory};  // of TaxSettings::categories
  bool active = true;
  std::int64_t position = 0;
};

struct UpdateShippingMethod {
  ShippingMethodId shipping_method_id{};
  std::optional<std::string> name{};
  std::optional<ShippingKind> kind{};
  std::optional<std::int64_t> price_cents{};
  std::optional<std::vector<NewShippingTier>> tiers{};
  Change<std::int64_t> free_over_cents{};
  std::optional<Currency> currency{};  // of these amounts, if said: the method's
  std::optional<std::vector<std::string>> countries{};
  std::optional<std::vector<std::string>> regions{};
  std::optional<std::vector<std::string>> postal_prefixes{};
  std::optional<std::string> tax_category{};
  std::optional<bool> active{};
  std::optional<std::int64_t> position{};
};

// Staff. A change is seen at once by carts that have chosen the method (Cart::problems); orders
// that are placed keep their price. An error leaves a method as it was.
class AdminShippingMethods {
 public:
  explicit AdminShippingMethods(Context& context) : context_(context) {}

  // Lists all of them, by position.
  // Errors: none of its own.
  Result<Page<ShippingMethod>> list(const Caller& caller, const ListShippingMethods& request = {});
  // invalid_request also for tiers that do not ascend or that its kind does not have, and for
  // regions or postal prefixes without exactly one country. A tier in another currency is
  // unsupported_currency.
  // Errors: unsupported_currency.
  Result<ShippingMethod> create(const Caller& caller, const CreateShippingMethod& request);
  // The currency stays: another one in the request is unsupported_currency.
  // Errors: not_found, unsupported_currency.
  Result<ShippingMethod> update(const Caller& caller, const UpdateShippingMethod& request);

 private:
  Context& context_;
};

}  // namespace resys
