// What the clock has made due, store by store. Work is leased by a conditional UPDATE, so any
// number of threads and processes may do it at once; what a crash leaves undone is due again when
// the lease ends.
#include "app/due_work.hpp"

#include <algorithm>

#include "app/advance.hpp"
#include "app/event.hpp"
#include "app/payment.hpp"
#include "app/reservation.hpp"
#include "app/settlement.hpp"
#include "store/idempotency.hpp"
#include "store/order.hpp"
#include "store/settings.hpp"

namespace resys::app {
namespace {

constexpr std::int64_t kLease = kMicrosPerMinute;
constexpr std::int64_t kBatch = 50;  // pieces leased, or deleted, in one transaction

// Whatever the clock ends: an unpaid placing's stock, an offline payment's due date.
Result<void> close_if_expired(Context& context, const std::string& store, const PaymentId& id) {
  const Timestamp now = context.clock->now();
  return context.database->write([&](db::Transaction& tx) -> Result<void> {
    const auto payment = store::load_payment(tx, store, id);
    const bool is_expired =
        payment && !is_final(payment->state) && payment->expires_at && *payment->expires_at <= now;
    if (!is_expired || payment->closing) return success();
    const bool is_awaited = payment->state == PaymentState::authorized;
    RESYS_TRY(settlement, Settlement::lock(tx, context, store, id, now));
    if (is_awaited && store::find_shipment(tx, store, payment->order_id)) {
      settlement.payment().expires_at.reset();  // the goods are out: awaited without end
    } else {
      settlement.close(is_awaited ? store::Closing::due : store::Closing::expired);
    }
    settlement.save();
    return success();
  });
}

Result<void> check_payment(Context& context, const std::string& store, const PaymentId& id) {
  RESYS_TRYV(close_if_expired(context, store, id));
  return advance(context, store, id, Ask::anyway);
}

// Runs `work` on each piece. Its failures are logged: the piece is due again later.
template <class Piece, class Work>
Result<std::int64_t> run_each(Context& context, const char* what, const std::vector<Piece>& pieces,
                              const Work& work) {
  for (const Piece& piece : pieces) {
    const Result<void> done = work(piece);
    if (done.has_error()) {
      context.log->write(LogLevel::warning, std::string(what) + ": " + done.error().message());
    }
  }
  return static_cast<std::int64_t>(pieces.size());
}

Result<std::int64_t> check_payments(Context& context, const std::string& store,
                                    std::int64_t limit) {
  const Timestamp now = context.clock->now();
  RESYS_TRY(
      due, context.database->write([&](db::Transaction& tx) -> Result<std::vector<PaymentId>> {
        return store::lease_due_payments(tx, store, now, now.plus(kLease), std::min(limit, kBatch));
      }));
  return run_each(context, "a payment that was due", due,
                  [&](const PaymentId& id) { return check_payment(context, store, id); });
}

Result<std::int64_t> retry_webhooks(Context& context, const std::string& store,
                                    std::int64_t limit) {
  const Timestamp now = context.clock->now();
  RESYS_TRY(due, context.database->write(
                     [&](db::Transaction& tx) -> Result<std::vector<store::WebhookRow>> {
                       return store::lease_parked_webhooks(tx, store, now, now.plus(kLease),
                                                           std::min(limit, kBatch));
                     }));
  return run_each(context, "a webhook that was parked", due, [&](const store::WebhookRow& row) {
    return retry_webhook(context, store, row, now);
  });
}

Result<std::int64_t> release_reservations(Context& context, const std::string& store,
                                          std::int64_t limit) {
  return expire_reservations(context, store, context.clock->now(), std::min(limit, kBatch));
}

Result<std::int64_t> clear_carts(Context& context, const std::string& store, std::int64_t limit) {
  const Timestamp now = context.clock->now();
  return context.database->write([&](db::Transaction& tx) -> Result<std::int64_t> {
    const auto days = store::load_checkout_settings(tx, store).abandoned_cart_days;
    const Timestamp before = now.plus(-days * kMicrosPerDay);
    const auto carts = store::list_abandoned_carts(tx, store, before, std::min(limit, kBatch));
    for (const OrderId& id : carts) store::delete_abandoned_cart(tx, store, id, before);
    return static_cast<std::int64_t>(carts.size());
  });
}

Result<std::int64_t> forget_keys(Context& context, const std::string& store, std::int64_t limit) {
  const Timestamp now = context.clock->now();
  return context.database->write([&](db::Transaction& tx) -> Result<std::int64_t> {
    const auto days = store::load_checkout_settings(tx, store).idempotency_days;
    return store::forget_idempotency_keys(tx, store, now.plus(-days * kMicrosPerDay),
                                          std::min(limit, kBatch));
  });
}

// Answers how many pieces it has done, at most `limit`.
using Chore = Result<std::int64_t> (*)(Context&, const std::string& store, std::int64_t limit);

constexpr Chore kChores[] = {check_payments,       retry_webhooks, deliver_events,
                             release_reservations, clear_carts,    forget_keys};

}  // namespace

Result<DueWork> run_due_work(Context& context, std::int64_t limit) {
  if (limit < 1) {
    return Error(Errc::invalid_request, "a limit of at least 1 is accepted").at("limit");
  }
  RESYS_TRY(stores,
            context.database->read([](db::Transaction& tx) -> Result<std::vector<std::string>> {
              return store::list_stores(tx);
            }));
  DueWork work;
  for (const std::string& store : stores) {
    for (const Chore chore : kChores) {
      for (std::int64_t done = 1; done > 0 && work.done < limit; work.done += done) {
        RESYS_TRY(more, chore(context, store, limit - work.done));
        done = more;
      }
    }
  }
  work.more = work.done >= limit;
  return work;
}

}  // namespace resys::app
