// The fields of a store's settings.
#include "shop/settings_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<CheckoutSettings>() {
  static const Schema schema = make_schema<CheckoutSettings>(
      "CheckoutSettings",
      field("guestCheckout", &CheckoutSettings::guest_checkout,
            "Whether guests may check out, with an email address and inline addresses"),
      field("reservationMinutes", &CheckoutSettings::reservation_minutes,
            "Minutes for which a placed, unpaid order holds its stock, 1 to 1,440",
            kReservationMinutes),
      field("releaseOnDecline", &CheckoutSettings::release_on_decline,
            "Whether the first declined attempt ends the payment and releases the stock"),
      field("paymentDueDays", &CheckoutSettings::payment_due_days,
            "Days for which an offline payment, or a missing amount, is awaited, 1 to 365",
            kPaymentDueDays),
      field("maxUnpaidUnits", &CheckoutSettings::max_unpaid_units,
            "Maximum units that one customer may hold in orders awaiting an offline payment, 1 to "
            "1,000,000",
            kUnpaidUnits),
      field("maxPlacements", &CheckoutSettings::max_placements,
            "Maximum number of times that one order is placed or paid, 1 to 100", kPlacements),
      field("idempotencyDays", &CheckoutSettings::idempotency_days,
            "Days for which idempotency keys are kept, 1 to 365", kIdempotencyDays),
      field("abandonedCartDays", &CheckoutSettings::abandoned_cart_days,
            "Days after which an untouched guest cart is deleted, 1 to 3,650", kAbandonedCartDays),
      field("webhookDays", &CheckoutSettings::webhook_days,
            "Days for which webhooks are kept, 7 to 3,650, so that repeated ones are recognized",
            kWebhookDays),
      field("eventDays", &CheckoutSettings::event_days,
            "Days for which the events of an order that has ended are kept, 1 to 3,650; 0: forever",
            kEventDays),
      field("noteDays", &CheckoutSettings::note_days,
            "Days for which a processor's notes about an ended payment are kept, 7 to 3,650",
            kNoteDays));
  return schema;
}

template <>
const Schema& schema_of<GetCheckoutSettings>() {
  static const Schema schema = make_schema<GetCheckoutSettings>("GetCheckoutSettings");
  return schema;
}

template <>
const Schema& schema_of<UpdateCheckoutSettings>() {
  static const Schema schema = make_schema<UpdateCheckoutSettings>(
      "UpdateCheckoutSettings",
      field("guestCheckout", &UpdateCheckoutSettings::guest_checkout,
            "Whether guests may check out, with an email address and inline addresses; unchanged "
            "if absent"),
      field("reservationMinutes", &UpdateCheckoutSettings::reservation_minutes,
            "Minutes for which a placed, unpaid order holds its stock, 1 to 1,440; unchanged if "
            "absent",
            kReservationMinutes),
      field("releaseOnDecline", &UpdateCheckoutSettings::release_on_decline,
            "Whether the first declined attempt ends the payment and releases the stock; unchanged "
            "if absent"),
      field("paymentDueDays", &UpdateCheckoutSettings::payment_due_days,
            "Days for which an offline payment, or a missing amount, is awaited, 1 to 365; "
            "unchanged if absent",
            kPaymentDueDays),
      field("maxUnpaidUnits", &UpdateCheckoutSettings::max_unpaid_units,
            "Maximum units that one customer may hold in orders awaiting an offline payment, 1 to "
            "1,000,000; unchanged if absent",
            kUnpaidUnits),
      field(
          "maxPlacements", &UpdateCheckoutSettings::max_placements,
          "Maximum number of times that one order is placed or paid, 1 to 100; unchanged if absent",
          kPlacements),
      field("idempotencyDays", &UpdateCheckoutSettings::idempotency_days,
            "Days for which idempotency keys are kept, 1 to 365; unchanged if absent",
            kIdempotencyDays),
      field("abandonedCartDays", &UpdateCheckoutSettings::abandoned_cart_days,
            "Days after which an untouched guest cart is deleted, 1 to 3,650; unchanged if absent",
            kAbandonedCartDays),
      field("webhookDays", &UpdateCheckoutSettings::webhook_days,
            "Days for which webhooks are kept, 7 to 3,650, so that repeated ones are recognized; "
            "unchanged if absent",
            kWebhookDays),
      field("eventDays", &UpdateCheckoutSettings::event_days,
            "Days for which the events of an order that has ended are kept, 1 to 3,650; 0: "
            "forever; unchanged if absent",
            kEventDays),
      field("noteDays", &UpdateCheckoutSettings::note_days,
            "Days for which a processor's notes about an ended payment are kept, 7 to 3,650; "
            "unchanged if absent",
            kNoteDays));
  return schema;
}

}  // namespace resys::fields
