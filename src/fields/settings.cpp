// The fields of a store's settings.
#include "fields/settings.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<CheckoutSettings>() {
  static const Schema schema = make_schema<CheckoutSettings>(
      "CheckoutSettings",
      field("guestCheckout", &CheckoutSettings::guest_checkout,
            "guests may check out with an e-mail and inline addresses"),
      field("reservationMinutes", &CheckoutSettings::reservation_minutes,
            "how long a placed, unpaid order holds its stock", kReservationMinutes),
      field("releaseOnDecline", &CheckoutSettings::release_on_decline,
            "the first declined card closes the payment"),
      field("paymentDueDays", &CheckoutSettings::payment_due_days,
            "how long an offline payment is awaited", kPaymentDueDays),
      field("maxUnpaidUnits", &CheckoutSettings::max_unpaid_units,
            "how many units one customer may hold in orders that await an offline "
            "payment",
            kUnpaidUnits),
      field("maxPlacements", &CheckoutSettings::max_placements,
            "how often one order may be placed or paid", kPlacements),
      field("idempotencyDays", &CheckoutSettings::idempotency_days,
            "how long idempotency keys are kept", kIdempotencyDays),
      field("abandonedCartDays", &CheckoutSettings::abandoned_cart_days,
            "when a guest's untouched cart is cleared", kAbandonedCartDays),
      field("webhookDays", &CheckoutSettings::webhook_days, "how long received webhooks are kept",
            kWebhookDays),
      field("eventDays", &CheckoutSettings::event_days,
            "how long the events of an order that has ended are kept; 0: for ever", kEventDays),
      field("noteDays", &CheckoutSettings::note_days,
            "how long a processor's notes about a payment that is over are kept", kNoteDays));
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
            "guests may check out with an e-mail and inline addresses"),
      field("reservationMinutes", &UpdateCheckoutSettings::reservation_minutes,
            "how long a placed, unpaid order holds its stock", kReservationMinutes),
      field("releaseOnDecline", &UpdateCheckoutSettings::release_on_decline,
            "the first declined card closes the payment"),
      field("paymentDueDays", &UpdateCheckoutSettings::payment_due_days,
            "how long an offline payment is awaited", kPaymentDueDays),
      field("maxUnpaidUnits", &UpdateCheckoutSettings::max_unpaid_units,
            "how many units one customer may hold in orders that await an offline "
            "payment",
            kUnpaidUnits),
      field("maxPlacements", &UpdateCheckoutSettings::max_placements,
            "how often one order may be placed or paid", kPlacements),
      field("idempotencyDays", &UpdateCheckoutSettings::idempotency_days,
            "how long idempotency keys are kept", kIdempotencyDays),
      field("abandonedCartDays", &UpdateCheckoutSettings::abandoned_cart_days,
            "when a guest's untouched cart is cleared", kAbandonedCartDays),
      field("webhookDays", &UpdateCheckoutSettings::webhook_days,
            "how long received webhooks are kept", kWebhookDays),
      field("eventDays", &UpdateCheckoutSettings::event_days,
            "how long the events of an order that has ended are kept; 0: for ever", kEventDays),
      field("noteDays", &UpdateCheckoutSettings::note_days,
            "how long a processor's notes about a payment that is over are kept", kNoteDays));
  return schema;
}

}  // namespace resys::fields
