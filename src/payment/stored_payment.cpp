// Stored payments as notes. A note's key is the external id; its value is lines of a name, a blank
// and a value, in which empty values are left out:
//
//   state captured
//   currency EUR
//   amount 1580
//   authorized 0
//   captured 1580
//   clientSecret test_..._secret_...
//   declineCode card_declined
//   declineMessage Your card was declined
//   paymentId payment_01h4...
//   capturedAt 1800000005000000          (microseconds)
//   refund test_..._r1 entry_01h4... 500   (external id, our id, amount; one line each, succeeded)
#include "payment/stored_payment.hpp"

#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace resys::payments {
namespace {

// Each conflict means that another call got through, so this many in a row do not happen.
constexpr int kWriteAttempts = 100;

void append(std::string& text, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  text.append(name).append(" ").append(value).append("\n");
}

std::string to_text(const StoredPayment& payment) {
  const PaymentSnapshot& snapshot = payment.snapshot;
  std::string text;
  append(text, "state", name_of(snapshot.state));
  append(text, "currency", snapshot.currency.code());
  append(text, "amount", std::to_string(snapshot.amount_cents));
  append(text, "authorized", std::to_string(snapshot.authorized_cents));
  append(text, "captured", std::to_string(snapshot.captured_cents));
  append(text, "clientSecret", snapshot.client_secret);
  append(text, "declineCode", snapshot.decline_code);
  append(text, "declineMessage", snapshot.decline_message);
  append(text, "paymentId", snapshot.payment_id);
  if (payment.captured_at) append(text, "capturedAt", std::to_string(payment.captured_at->micros));
  for (const RefundSnapshot& refund : snapshot.refunds) {
    append(text, "refund",
           refund.external_id + " " + refund.refund_id.text() + " " +
               std::to_string(refund.amount_cents));
  }
  return text;
}

Error unreadable() { return Error(Errc::internal, "a payment processor's note cannot be read"); }

Result<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return unreadable();
  return number;
}

Result<RefundSnapshot> to_refund(std::string_view text) {
  RefundSnapshot refund;
  refund.external_id = fields::next_part(text, ' ');
  RESYS_TRY(refund_id, PaymentEntryId::parse(fields::next_part(text, ' ')));
  RESYS_TRY(amount, to_number(text));
  refund.refund_id = refund_id;
  refund.amount_cents = amount;
  refund.state = RefundState::succeeded;
  return refund;
}

Result<void> read_line(StoredPayment& payment, std::string_view name, std::string_view value) {
  PaymentSnapshot& snapshot = payment.snapshot;
  if (name == "state") {
    const auto state = parse_name<PaymentState>(value);
    if (!state) return unreadable();
    snapshot.state = *state;
  } else if (name == "currency") {
    RESYS_TRY(currency, Currency::parse(value));
    snapshot.currency = currency;
  } else if (name == "refund") {
    RESYS_TRY(refund, to_refund(value));
    snapshot.refunds.push_back(std::move(refund));
  } else if (name == "clientSecret") {
    snapshot.client_secret = value;
  } else if (name == "declineCode") {
    snapshot.decline_code = value;
  } else if (name == "declineMessage") {
    snapshot.decline_message = value;
  } else if (name == "paymentId") {
    snapshot.payment_id = value;
  } else {
    RESYS_TRY(number, to_number(value));
    if (name == "amount") snapshot.amount_cents = number;
    if (name == "authorized") snapshot.authorized_cents = number;
    if (name == "captured") snapshot.captured_cents = number;
    if (name == "capturedAt") payment.captured_at = Timestamp{number};
  }
  return success();
}

Result<StoredPayment> from_text(const std::string& external_id, std::string_view text) {
  StoredPayment payment;
  payment.snapshot.external_id = external_id;
  payment.snapshot.refunds_known = true;
  while (!text.empty()) {
    std::string_view line = fields::next_part(text, '\n');
    const std::string_view name = fields::next_part(line, ' ');
    RESYS_TRYV(read_line(payment, name, line));
  }
  return payment;
}

// The error as the port defines it: a database that failed has stored nothing.
Error as_processor_error(const Error& error) {
  if (error.code() == Errc::outcome_unknown) return error;
  return Error(Errc::processor_unavailable, error.message());
}

struct KeptPayment {
  std::optional<StoredPayment> payment;
  std::int64_t version = 0;
};

Result<KeptPayment> read(const ProcessorContext& context, const std::string& external_id) {
  const auto note = context.notes.read(external_id);
  if (note.has_error()) return as_processor_error(note.error());
  KeptPayment kept{{}, note.value().version};
  if (kept.version == 0) return kept;
  RESYS_TRY(payment, from_text(external_id, note.value().value));
  const bool due = payment.captured_at && *payment.captured_at <= context.now;
  if (payment.snapshot.state == PaymentState::processing && due) capture_all(payment);
  kept.payment = std::move(payment);
  return kept;
}

enum class Written { yes, conflict };
Result<Written> write(const ProcessorContext& context, const StoredPayment& payment,
                      std::int64_t version) {
  const auto written = context.notes.write(payment.snapshot.external_id, to_text(payment), version);
  if (written.has_value()) return Written::yes;
  if (written.error().code() == Errc::conflict) return Written::conflict;
  return as_processor_error(written.error());
}

Error too_busy() {
  return Error(Errc::processor_unavailable, "too many calls change this payment at once");
}

std::int64_t refunded(const PaymentSnapshot& snapshot) {
  std::int64_t sum = 0;
  for (const RefundSnapshot& refund : snapshot.refunds) sum += refund.amount_cents;
  return sum;
}

// The requested amount must be in the payment's currency, and no more than there is.
Result<void> require_at_most(const PaymentSnapshot& snapshot, Money amount, std::int64_t most) {
  RESYS_TRYV(require_positive(amount));
  if (amount.currency() == snapshot.currency && amount.minor() <= most) return success();
  return Error(Errc::invalid_request, "the amount is more than is left, or in another currency")
      .at("amountCents")
      .with("requested", amount.minor())
      .with("available", most)
      .with("currency", std::string(snapshot.currency.code()));
}

Result<void> add_refund(StoredPayment& payment, const RefundPayment& request) {
  PaymentSnapshot& snapshot = payment.snapshot;
  for (const RefundSnapshot& refund : snapshot.refunds) {
    if (refund.refund_id == request.refund_id) return success();
  }
  if (snapshot.state != PaymentState::captured) return wrong_state(payment, "refund");
  RESYS_TRYV(
      require_at_most(snapshot, request.amount, snapshot.captured_cents - refunded(snapshot)));
  const std::string number = std::to_string(snapshot.refunds.size() + 1);
  snapshot.refunds.push_back({snapshot.external_id + "_r" + number, request.refund_id,
                              RefundState::succeeded, request.amount.minor()});
  return success();
}

}  // namespace

Error no_such_payment() { return Error(Errc::invalid_request, "there is no such payment"); }

StoredPayment new_payment(std::string_view prefix, std::string_view name,
                          const CreatePayment& request) {
  StoredPayment payment;
  payment.snapshot.external_id = std::string(prefix).append(name);
  payment.snapshot.currency = request.amount.currency();
  payment.snapshot.amount_cents = request.amount.minor();
  payment.snapshot.payment_id = request.payment_id.text();
  payment.snapshot.refunds_known = true;
  return payment;
}

Result<PaymentSnapshot> store_payment(const ProcessorContext& context,
                                      const StoredPayment& payment) {
  const PaymentSnapshot& wanted = payment.snapshot;
  RESYS_TRYV(require_positive(Money(wanted.amount_cents, wanted.currency)));
  RESYS_TRY(written, write(context, payment, 0));
  if (written == Written::yes) return wanted;
  RESYS_TRY(kept, read(context, wanted.external_id));  // it exists from now on
  const PaymentSnapshot& snapshot = kept.payment.value().snapshot;
  if (snapshot.payment_id == wanted.payment_id && snapshot.currency == wanted.currency &&
      snapshot.amount_cents == wanted.amount_cents) {
    return snapshot;
  }
  return Error(Errc::invalid_request, "the idempotency key was already used for another payment");
}

Result<PaymentSnapshot> change_payment(const ProcessorContext& context,
                                       const std::string& external_id, const PaymentChange& change,
                                       const Error& unknown) {
  for (int attempt = 0; attempt < kWriteAttempts; ++attempt) {
    RESYS_TRY(kept, read(context, external_id));
    if (!kept.payment) return unknown;
    const std::string before = to_text(*kept.payment);
    RESYS_TRYV(change(*kept.payment));
    if (to_text(*kept.payment) == before) return kept.payment->snapshot;
    RESYS_TRY(written, write(context, *kept.payment, kept.version));
    if (written == Written::yes) return kept.payment->snapshot;
  }
  return too_busy();
}

Result<PaymentSnapshot> capture_payment(const ProcessorContext& context,
                                        const CapturePayment& request,
                                        std::optional<std::int64_t> most) {
  return change_payment(context, request.external_id, [&](StoredPayment& payment) -> Result<void> {
    PaymentSnapshot& snapshot = payment.snapshot;
    if (snapshot.state == PaymentState::captured) return success();
    if (snapshot.state != PaymentState::authorized) return wrong_state(payment, "capture");
    RESYS_TRYV(require_at_most(snapshot, request.amount, most.value_or(snapshot.authorized_cents)));
    snapshot.state = PaymentState::captured;
    snapshot.captured_cents = request.amount.minor();
    snapshot.authorized_cents = 0;
    return success();
  });
}

Result<PaymentSnapshot> cancel_payment(const ProcessorContext& context,
                                       const CancelPayment& request) {
  return change_payment(context, request.external_id, [](StoredPayment& payment) -> Result<void> {
    PaymentSnapshot& snapshot = payment.snapshot;
    const bool open = snapshot.state == PaymentState::created ||
                      snapshot.state == PaymentState::requires_action ||
                      snapshot.state == PaymentState::authorized;
    if (!open) return success();
    snapshot.state = PaymentState::voided;
    snapshot.authorized_cents = 0;
    return success();
  });
}

Result<RefundSnapshot> refund_payment(const ProcessorContext& context,
                                      const RefundPayment& request) {
  const auto change = [&](StoredPayment& payment) { return add_refund(payment, request); };
  RESYS_TRY(snapshot, change_payment(context, request.external_id, change));
  for (const RefundSnapshot& refund : snapshot.refunds) {
    if (refund.refund_id == request.refund_id) return refund;
  }
  return unreadable();
}

Result<PaymentSnapshot> fetch_payment(const ProcessorContext& context,
                                      const FetchPayment& request) {
  RESYS_TRY(kept, read(context, request.external_id));
  if (!kept.payment) return no_such_payment();
  return kept.payment->snapshot;
}

void capture_all(StoredPayment& payment) {
  PaymentSnapshot& snapshot = payment.snapshot;
  snapshot.state = PaymentState::captured;
  snapshot.captured_cents = snapshot.amount_cents;
  snapshot.authorized_cents = 0;
  snapshot.decline_code.clear();
  snapshot.decline_message.clear();
  payment.captured_at.reset();
}

Error wrong_state(const StoredPayment& payment, std::string_view event) {
  const std::string state(name_of(payment.snapshot.state));
  return Error(Errc::invalid_state, "the payment is " + state)
      .with("state", state)
      .with("event", std::string(event));
}

Result<void> require_positive(Money amount) {
  if (amount.minor() > 0 && !amount.currency().empty()) return success();
  return Error(Errc::unsupported_currency, "the amount is not greater than zero")
      .with("amountCents", amount.minor())
      .with("currency", std::string(amount.currency().code()));
}

}  // namespace resys::payments
