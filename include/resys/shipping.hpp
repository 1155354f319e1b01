// Shipping methods: what it costs to send a cart somewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/catalog.hpp"
#include "resys/state_machine.hpp"

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
  std::int64_t price_cents = 0;
  std::optional<std::int64_t> free_over_cents{};  // nothing unless it was given
  Currency currency{};
  std::vector<std::string> countries{};  // ISO 3166-1 alpha-2; empty: every country
  bool active = true;
  std::int64_t position = 0;
};

struct ListShippingMethods {};

struct CreateShippingMethod {
  std::string name{};
  ShippingKind kind = ShippingKind::flat;
  std::int64_t price_cents = 0;
  std::optional<std::int64_t> free_over_cents{};  // needed for free_over
  Currency currency{};
  std::vector<std::string> countries{};
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
  std::optional<bool> active{};
  std::optional<std::int64_t> position{};
};

// Staff.
class ShippingMethods {
 public:
  explicit ShippingMethods(Context& context) : context_(context) {}

  // All of them, by position.
  Result<Page<ShippingMethod>> list(const Caller& caller, const ListShippingMethods& request);
  Result<ShippingMethod> create(const Caller& caller, const CreateShippingMethod& request);
  Result<ShippingMethod> update(const Caller& caller, const UpdateShippingMethod& request);

 private:
  Context& context_;
};

}  // namespace resys
