// The fields of a store's settings.
#pragma once

#include "fields/fields.hpp"
#include "resys/settings.hpp"

namespace resys::fields {

template <>
struct Table<CheckoutSettings> {
  static constexpr std::string_view type = "CheckoutSettings";
  static constexpr auto rows =
      std::tuple{field("guestCheckout", &CheckoutSettings::guest_checkout,
                       "guests may check out with an e-mail and inline addresses"),
                 field("reservationMinutes", &CheckoutSettings::reservation_minutes,
                       "how long a placed, unpaid order holds its stock", kReservationMinutes),
                 field("releaseOnDecline", &CheckoutSettings::release_on_decline,
                       "the first declined card closes the payment"),
                 field("paymentDueDays", &CheckoutSettings::payment_due_days,
                       "how long an offline payment is awaited", kPaymentDueDays),
                 field("maxPlacements", &CheckoutSettings::max_placements,
                       "how often one order may be placed", kPlacements),
                 field("idempotencyDays", &CheckoutSettings::idempotency_days,
                       "how long idempotency keys are kept", kIdempotencyDays),
                 field("abandonedCartDays", &CheckoutSettings::abandoned_cart_days,
                       "when a guest's untouched cart is cleared", kAbandonedCartDays)};
};

template <>
struct Table<GetCheckoutSettings> {
  static constexpr std::string_view type = "GetCheckoutSettings";
  static constexpr auto rows = std::tuple<>{};
};

template <>
struct Table<UpdateCheckoutSettings> {
  static constexpr std::string_view type = "UpdateCheckoutSettings";
  static constexpr auto rows =
      std::tuple{field("guestCheckout", &UpdateCheckoutSettings::guest_checkout,
                       "guests may check out with an e-mail and inline addresses"),
                 field("reservationMinutes", &UpdateCheckoutSettings::reservation_minutes,
                       "how long a placed, unpaid order holds its stock", kReservationMinutes),
                 field("releaseOnDecline", &UpdateCheckoutSettings::release_on_decline,
                       "the first declined card closes the payment"),
                 field("paymentDueDays", &UpdateCheckoutSettings::payment_due_days,
                       "how long an offline payment is awaited", kPaymentDueDays),
                 field("maxPlacements", &UpdateCheckoutSettings::max_placements,
                       "how often one order may be placed", kPlacements),
                 field("idempotencyDays", &UpdateCheckoutSettings::idempotency_days,
                       "how long idempotency keys are kept", kIdempotencyDays),
                 field("abandonedCartDays", &UpdateCheckoutSettings::abandoned_cart_days,
                       "when a guest's untouched cart is cleared", kAbandonedCartDays)};
};

}  // namespace resys::fields
