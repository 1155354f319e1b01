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

// flat: `price_cents` an order; per_item: `price_cents` a unit; free_over: flat, and nothing once
// the items less discounts reach `free_over_cents`.
enum class ShippingKind { flat, per_item, free_over };
template <>
struct EnumNames<ShippingKind> {
  static constexpr std::string_view type = "ShippingKind";
  static constexpr std::array<std::string_view, 3> names{"flat", "perItem", "freeOver"};
};

struct ShippingMethod {
  ShippingMethodId id{};
  std::string name{};
  ShippingKind kind = ShippingKind::flat;
  std::int64_t price_cents = 0;                   // minor units of `currency`
  std::optional<std::int64_t> free_over_cents{};  // nothing unless it was given
  Currency currency{};                            // of the carts that it serves
  std::vector<std::string> countries{};           // ISO 3166-1 alpha-2; empty: every country
  std::string tax_category{};                     // see TaxSettings::shipping_tax
  bool active = true;
  std::int64_t position = 0;  // lowest first in lists
};

struct ListShippingMethods {};

struct CreateShippingMethod {
  std::string name{};
  ShippingKind kind = ShippingKind::flat;
  std::int64_t price_cents = 0;
  std::optional<std::int64_t> free_over_cents{};  // needed for free_over
  Currency currency{};
  std::vector<std::string> countries{};
  std::string tax_category{kStandardTaxCategory};  // of TaxSettings::categories
  bool active = true;
  std::int64_t position = 0;
};

struct UpdateShippingMethod {
  ShippingMethodId shipping_method_id{};
  std::optional<std::string> name{};
  std::optional<ShippingKind> kind{};
  std::optional<std::int64_t> price_cents{};
  std::optional<std::int64_t> free_over_cents{};
  std::optional<Currency> currency{};  // of these amounts, if said: the method's
  std::optional<std::vector<std::string>> countries{};
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
  // invalid_request also for free_over without `free_over_cents`.
  // Errors: none of its own.
  Result<ShippingMethod> create(const Caller& caller, const CreateShippingMethod& request);
  // The currency stays: another one in the request is unsupported_currency.
  // Errors: not_found, unsupported_currency.
  Result<ShippingMethod> update(const Caller& caller, const UpdateShippingMethod& request);

 private:
  Context& context_;
};

}  // namespace resys
