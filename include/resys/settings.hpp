// A store's settings. Every store has them; until staff write them they are the defaults here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "resys/common.hpp"
#include "resys/price.hpp"
#include "resys/tax.hpp"

namespace resys {

struct CheckoutSettings {
  bool guest_checkout = false;  // guests may check out with an e-mail and inline addresses
  // 1..1440: how long a placed, unpaid order holds its stock.
  std::int64_t reservation_minutes = 15;
  bool release_on_decline = false;     // the first declined card closes the payment
  std::int64_t payment_due_days = 14;  // 1..365: how long an offline payment is awaited
  // 1..1000000: how many units one customer may hold in orders that await an offline payment. A
  // guest is known by the session and by the e-mail address.
  std::int64_t max_unpaid_units = 50;
  std::int64_t max_placements = 10;    // 1..100: how often one order may be placed or paid
  std::int64_t idempotency_days = 30;  // 1..365: how long idempotency keys are kept
  // 1..3650: when a guest's untouched cart is deleted. One that was placed, or an order that was
  // canceled before any money came, loses the guest's e-mail and addresses instead.
  std::int64_t abandoned_cart_days = 60;
  // 7..3650: how long a received webhook is kept, so that it has its effect once. Stripe sends one
  // again for three days.
  std::int64_t webhook_days = 30;
  // 0..3650, 0: for ever. The events of an order that has ended, and that nobody is still to be
  // told of, are deleted so long after the newest of them; what the books rest on stays.
  std::int64_t event_days = 0;
  // 7..3650: how long a processor's note about a payment stays (the test and the manual processor
  // keep their payments in notes) when the payment has ended and no money of it can go back.
  std::int64_t note_days = 90;
  // The IANA name of the zone whose clocks promotions go by: "Europe/Berlin". The system's time
  // zone database has it; UTC is always known.
  std::string time_zone = "UTC";
};

struct GetCheckoutSettings {};

struct UpdateCheckoutSettings {
  std::optional<bool> guest_checkout{};
  std::optional<std::int64_t> reservation_minutes{};
  std::optional<bool> release_on_decline{};
  std::optional<std::int64_t> payment_due_days{};
  std::optional<std::int64_t> max_unpaid_units{};
  std::optional<std::int64_t> max_placements{};
  std::optional<std::int64_t> idempotency_days{};
  std::optional<std::int64_t> abandoned_cart_days{};
  std::optional<std::int64_t> webhook_days{};
  std::optional<std::int64_t> event_days{};
  std::optional<std::int64_t> note_days{};
  std::optional<std::string> time_zone{};
};

// Staff. A change counts from the next call on; deadlines that run already stay.
class AdminSettings {
 public:
  explicit AdminSettings(Context& context) : context_(context) {}

  // Returns them, the defaults where staff have written none.
  // Errors: none of its own.
  Result<CheckoutSettings> get_checkout(const Caller& caller,
                                        const GetCheckoutSettings& request = {});
  // Returns all settings as they are then. invalid_request: the system does not know the time zone.
  // An error leaves them as they were.
  // Errors: none of its own.
  Result<CheckoutSettings> update_checkout(const Caller& caller,
                                           const UpdateCheckoutSettings& request);
  // Errors: none of its own.
  Result<TaxSettings> get_taxes(const Caller& caller, const GetTaxSettings& request = {});
  // Open carts are taxed by them at once (Cart::problems); orders that are placed stay as they are.
  // invalid_request: a category is missing that was there, or the seller's tax id is none.
  // Errors: none of its own.
  Result<TaxSettings> update_taxes(const Caller& caller, const UpdateTaxSettings& request);
  // Errors: none of its own.
  Result<PriceSettings> get_prices(const Caller& caller, const GetPriceSettings& request = {});
  // Open carts follow them at once (Cart::problems); orders that are placed stay as they are.
  // Errors: none of its own.
  Result<PriceSettings> update_prices(const Caller& caller, const UpdatePriceSettings& request);

 private:
  Context& context_;
};

}  // namespace resys
