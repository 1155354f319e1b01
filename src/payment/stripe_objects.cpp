// Reads PaymentIntents, their latest charge and their refunds. Only fields that have kept their
// meaning over Stripe's versions are read: a webhook's object has the version of its endpoint.
#include "payment/stripe_objects.hpp"

#include <array>

#include "payment/stripe_amounts.hpp"

namespace resys::payments {
namespace {

constexpr std::array<std::pair<std::string_view, PaymentState>, 7> kStates{{
    {"requires_payment_method", PaymentState::created},
    {"requires_confirmation", PaymentState::created},
    {"requires_action", PaymentState::requires_action},
    {"processing", PaymentState::processing},
    {"requires_capture", PaymentState::authorized},
    {"canceled", PaymentState::voided},
    {"succeeded", PaymentState::captured},
}};

Result<PaymentState> state_of(const Json& intent) {
  const std::string status = text_of(intent, "status");
  for (const auto& [name, state] : kStates) {
    if (name == status) return state;
  }
  return unreadable();
}

Result<Currency> currency_of(const Json& object) {
  std::string code = text_of(object, "currency");
  for (char& letter : code) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  const auto currency = Currency::parse(code);
  if (currency.has_error()) return unreadable();
  return currency.value();
}

Result<std::int64_t> amount_of(const Json& object, const char* name, Currency currency) {
  const auto number = number_of(object, name);
  if (!number) return unreadable();
  const auto minor = from_stripe(*number, currency);
  if (minor.has_error()) return unreadable();
  return minor.value();
}

void read_decline(PaymentSnapshot& snapshot, const Json& error) {
  if (error.empty()) return;
  snapshot.decline_code = text_of(error, "decline_code");
  if (snapshot.decline_code.empty()) snapshot.decline_code = text_of(error, "code");
  if (snapshot.decline_code.empty()) snapshot.decline_code = "payment_failed";
  // Other errors' messages are for the merchant.
  constexpr std::string_view otherwise = "The payment did not succeed";
  snapshot.decline_message = text_of(error, "type") == "card_error"
                                 ? shopper_text(text_of(error, "message"), otherwise)
                                 : std::string(otherwise);
}

// The charge is an object if it was requested, else only its id.
void read_charge(PaymentSnapshot& snapshot, const Json& charge) {
  const Json& details = object_of(charge, "payment_method_details");
  for (const char* method : {"card", "card_present"}) {
    const auto before = number_of(object_of(details, method), "capture_before");
    if (before && snapshot.state == PaymentState::authorized) {
      snapshot.capture_before = Timestamp::from_seconds(*before);
    }
  }
}

RefundState refund_state_of(const Json& refund) {
  const std::string status = text_of(refund, "status");
  if (status == "succeeded") return RefundState::succeeded;
  if (status == "failed" || status == "canceled") return RefundState::failed;
  return RefundState::pending;
}

}  // namespace

Result<PaymentSnapshot> to_snapshot(const Json& intent) {
  PaymentSnapshot snapshot;
  snapshot.external_id = text_of(intent, "id");
  if (snapshot.external_id.empty()) return unreadable();
  RESYS_TRY(state, state_of(intent));
  RESYS_TRY(currency, currency_of(intent));
  RESYS_TRY(amount, amount_of(intent, "amount", currency));
  RESYS_TRY(capturable, amount_of(intent, "amount_capturable", currency));
  RESYS_TRY(received, amount_of(intent, "amount_received", currency));
  snapshot.state = state;
  snapshot.currency = currency;
  snapshot.amount_cents = amount;
  snapshot.authorized_cents = state == PaymentState::authorized ? capturable : 0;
  snapshot.captured_cents = received;
  snapshot.refunds_known = received == 0;
  snapshot.client_secret = text_of(intent, "client_secret");
  snapshot.payment_id = text_of(object_of(intent, "metadata"), "payment_id");
  read_decline(snapshot, object_of(intent, "last_payment_error"));
  read_charge(snapshot, object_of(intent, "latest_charge"));
  return snapshot;
}

Result<RefundSnapshot> to_refund(const Json& refund, Currency currency) {
  RefundSnapshot snapshot;
  snapshot.external_id = text_of(refund, "id");
  if (snapshot.external_id.empty()) return unreadable();
  RESYS_TRY(amount, amount_of(refund, "amount", currency));
  snapshot.amount_cents = amount;
  snapshot.currency = currency;
  snapshot.state = refund_state_of(refund);
  const auto refund_id = PaymentEntryId::parse(text_of(object_of(refund, "metadata"), "refund_id"));
  if (refund_id.has_value()) snapshot.refund_id = refund_id.value();
  return snapshot;
}

bool is_disputed(const Json& intent) {
  const Json& charge = object_of(intent, "latest_charge");
  const auto disputed = charge.find("disputed");
  return disputed != charge.end() && *disputed == Json(true);
}

bool is_released_remainder(const Json& refund, const PaymentSnapshot& payment) {
  const bool moved_money =
      refund.contains("balance_transaction") && !refund.at("balance_transaction").is_null();
  return payment.captured_cents < payment.amount_cents && !moved_money &&
         text_of(object_of(refund, "metadata"), "refund_id").empty();
}

}  // namespace resys::payments
