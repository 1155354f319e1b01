// A payment, and its captures and refunds, as the database has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/actor.hpp"
#include "resys/payment.hpp"
#include "resys/processor.hpp"

namespace resys::rows {

// Why a payment is to be ended. This is written before the processor is asked to cancel it.
// `replaced`: the order is to be paid by another payment.
enum class VoidReason {
  canceled,
  canceled_by_staff,
  reopened,
  expired,
  declined,
  due,
  stock_lost,
  replaced
};

struct PaymentRow {
  PaymentId id;
  OrderId order_id;
  PaymentMethodId payment_method_id;
  std::string processor;
  bool offline = false;  // by the processor's traits: the money comes, and goes back, by hand
  PaymentState state = PaymentState::created;
  Currency currency;
  std::int64_t amount_cents = 0;
  std::int64_t authorized_cents = 0;
  std::string external_id;  // empty until the processor has responded
  // Sealed. Empty if there is none, if it could not be sealed, or if the payment has ended.
  std::string client_secret;
  std::string return_url;
  std::string content_hash;  // of the lines and totals it was made for
  std::int64_t attempt = 1;  // part of idempotency keys; rises after a final refusal
  // Creates that were started and did not get the response "definitely not done". If there are none
  // and the processor has given no id, it certainly has no payment.
  std::int64_t open_creates = 0;
  std::optional<VoidReason> void_reason;
  ActorRef void_actor;  // who wants the payment to be ended
  std::string decline_code;
  std::string decline_message;
  std::string dispute_status;              // the last one reported; empty: none
  std::optional<Timestamp> expires_at;     // the stock's deadline, or the due date
  std::optional<Timestamp> next_check_at;  // none: no more news can come
  std::int64_t checks = 0;                 // leases since the last change
  Timestamp created_at;

  bool operator==(const PaymentRow&) const = default;
};

struct EntryRow {
  PaymentEntryId id;
  PaymentId payment_id;
  PaymentEntryKind kind = PaymentEntryKind::capture;
  RefundState state = RefundState::pending;  // captures have the same states
  std::int64_t amount_cents = 0;
  std::string external_id;
  std::int64_t tax_cents = 0;       // of a refund: the part of the amount that is tax
  std::vector<std::string> pieces;  // of a refund: see order/refund_pieces.hpp; empty: of none
  std::string reason;
  ActorRef actor{Actor::processor};  // who requested it

  bool operator==(const EntryRow&) const = default;
};

}  // namespace resys::rows

namespace resys {

template <>
struct EnumNames<rows::VoidReason> {
  static constexpr std::string_view type = "VoidReason";
  static constexpr std::array<std::string_view, 8> names{"canceled",  "canceledByStaff", "reopened",
                                                         "expired",   "declined",        "due",
                                                         "stockLost", "replaced"};
};

}  // namespace resys
