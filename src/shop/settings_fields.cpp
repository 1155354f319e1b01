// The fields of a store's settings.
#include "shop/settings_fields.hpp"

#include <forward_list>

#include "base/make_schema.hpp"

namespace resys::fields {

namespace {

// The fields of the settings or of their update: each member of one is a member of the other. The
// description of each field ends with `ending`.
template <class Settings>
const Schema& settings_schema(std::string_view name, std::string_view ending) {
  static std::forward_list<std::string> docs;  // the schema refers to them
  const auto doc = [&](std::string_view text) -> std::string_view {
    return docs.emplace_front(text).append(ending);
  };
  static const Schema schema = make_schema<Settings>(
      std::string(name),
      field("guestCheckout", &Settings::guest_checkout,
            doc("Whether guests may check out, with an email address and inline addresses")),
      field("reservationMinutes", &Settings::reservation_minutes,
            doc("Minutes for which a placed, unpaid order holds its stock, 1 to 1,440"),
            kReservationMinutes),
      field("releaseOnDecline", &Settings::release_on_decline,
            doc("Whether the first declined attempt ends the payment and releases the stock")),
      field("paymentDueDays", &Settings::payment_due_days,
            doc("Days for which an offline payment, or a missing amount, is awaited, 1 to 365"),
            kPaymentDueDays),
      field("maxUnpaidUnits", &Settings::max_unpaid_units,
            doc("Maximum units that one customer may hold in orders awaiting an offline payment, "
                "1 to 1,000,000"),
            kUnpaidUnits),
      field("maxPlacements", &Settings::max_placements,
            doc("Maximum number of times that one order is placed or paid, 1 to 100"), kPlacements),
      field("idempotencyDays", &Settings::idempotency_days,
            doc("Days for which idempotency keys are kept, 1 to 365"), kIdempotencyDays),
      field("abandonedCartDays", &Settings::abandoned_cart_days,
            doc("Days after which an untouched guest cart is deleted, 1 to 3,650"),
            kAbandonedCartDays),
      field(
          "webhookDays", &Settings::webhook_days,
          doc("Days for which webhooks are kept, 7 to 3,650, so that repeated ones are recognized"),
          kWebhookDays),
      field("eventDays", &Settings::event_days,
            doc("Days for which the events of an order that has ended are kept, 1 to 3,650; 0: "
                "forever"),
            kEventDays),
      field("noteDays", &Settings::note_days,
            doc("Days for which a processor's notes about an ended payment are kept, 7 to 3,650"),
            kNoteDays),
      field("timeZone", &Settings::time_zone,
            doc("IANA name of the time zone by whose clocks promotions go, as Europe/Berlin"),
            kTimeZone));
  return schema;
}

}  // namespace

template <>
const Schema& schema_of<CheckoutSettings>() {
  return settings_schema<CheckoutSettings>("CheckoutSettings", "");
}

template <>
const Schema& schema_of<GetCheckoutSettings>() {
  static const Schema schema = make_schema<GetCheckoutSettings>("GetCheckoutSettings");
  return schema;
}

template <>
const Schema& schema_of<UpdateCheckoutSettings>() {
  return settings_schema<UpdateCheckoutSettings>("UpdateCheckoutSettings", "; unchanged if absent");
}

}  // namespace resys::fields
