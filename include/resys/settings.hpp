// A store's settings. Every store has them; until staff write them they are the defaults here.
#pragma once

#include <cstdint>
#include <optional>

#include "resys/catalog.hpp"

namespace resys {

struct CheckoutSettings {
  bool guest_checkout = false;  // guests may check out with an e-mail and inline addresses
  // 1..1440: how long a placed, unpaid order holds its stock.
  std::int64_t reservation_minutes = 15;
  bool release_on_decline = false;        // the first declined card closes the payment
  std::int64_t payment_due_days = 14;     // 1..365: how long an offline payment is awaited
  std::int64_t max_placements = 10;       // 1..100: how often one order may be placed
  std::int64_t idempotency_days = 30;     // 1..365: how long idempotency keys are kept
  std::int64_t abandoned_cart_days = 60;  // 1..3650: when a guest's untouched cart is cleared
};

struct GetCheckoutSettings {};

struct UpdateCheckoutSettings {
  std::optional<bool> guest_checkout{};
  std::optional<std::int64_t> reservation_minutes{};
  std::optional<bool> release_on_decline{};
  std::optional<std::int64_t> payment_due_days{};
  std::optional<std::int64_t> max_placements{};
  std::optional<std::int64_t> idempotency_days{};
  std::optional<std::int64_t> abandoned_cart_days{};
};

// Staff.
class Settings {
 public:
  explicit Settings(Context& context) : context_(context) {}

  Result<CheckoutSettings> get_checkout(const Caller& caller, const GetCheckoutSettings& request);
  Result<CheckoutSettings> update_checkout(const Caller& caller,
                                           const UpdateCheckoutSettings& request);

 private:
  Context& context_;
};

}  // namespace resys
