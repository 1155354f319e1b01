// Background work: carries out what the clock has made due, in all stores.
//
// Each kind of work has a rank. The ranks are deadlines, which wait for nobody; money, for which
// processors are called; deliveries to handlers; and cleaning up. Within a rank the stores take
// turns. Each kind gets a limited share of turns before the ranks begin again, so that no backlog
// starves another. About every second the ranks above are checked again. Work that calls a service
// that was slow (pace.hpp) comes last, one piece in a run.
//
// Looking for due work only reads. A piece that was found due is leased by a conditional UPDATE. So
// a shop in which nothing is due takes no lock, and any number of threads and processes may do the
// work at once. Work that a crash leaves undone is due again when its lease ends.
#include "shop/due_work.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/idempotency_rows.hpp"
#include "base/settings_rows.hpp"
#include "event/outbox.hpp"
#include "event/rows.hpp"
#include "inventory/reservation.hpp"
#include "inventory/rows.hpp"
#include "order/locked_payment.hpp"
#include "order/order_end.hpp"
#include "order/processor_calls.hpp"
#include "order/rows.hpp"
#include "order/webhook.hpp"
#include "payment/rows.hpp"

namespace resys::app {
namespace {

constexpr std::int64_t kLease = kMicrosPerMinute;
constexpr std::int64_t kBatch = 50;  // rows changed in one transaction
constexpr int kShare = 10;           // turns of one kind in one store before the ranks begin again
constexpr std::int64_t kLookAgain = kMicrosPerSecond;
constexpr std::int64_t kRunTime = 2 * kMicrosPerSecond;

// ---- the pieces of work: each returns how many it has done, at most `limit`; 0: nothing is due

// Ends a payment at its deadline: when the stock of an unpaid placing expires, or an offline
// payment is past its due date.
Result<void> end_if_expired(Context& context, const std::string& store, const PaymentId& id) {
  return context.write(store, [&](const Scope& scope) -> Result<void> {
    const auto payment = rows::load_payment(scope, id);
    const bool is_expired = payment && payment->expires_at && *payment->expires_at <= scope.now;
    if (!is_expired || payment->void_reason) return success();
    RESYS_TRY(update, lock_payment(scope, id));
    update.expire();
    save(scope, update);
    return success();
  });
}

// Logs a failure, because the piece is due again later.
std::int64_t log_failure(Context& context, const char* what, const Result<void>& done) {
  if (done.has_error()) {
    context.log->write(LogLevel::warning, std::string(what) + ": " + done.error().message());
  }
  return 1;
}

// Checks one payment at a time: a lease that waits for the calls of others would run out.
Result<std::int64_t> check_payment(Context& context, const std::string& store, std::int64_t) {
  RESYS_TRY(id, context.write(store, [&](const Scope& scope) -> Result<std::optional<PaymentId>> {
    return rows::lease_due_payment(scope, scope.now.plus(kLease));
  }));
  if (!id) return 0;
  Result<void> done = end_if_expired(context, store, *id);
  if (done.has_value()) done = run_calls(context, store, *id, Ask::anyway);
  return log_failure(context, "a payment that was due", done);
}

Result<std::int64_t> retry_parked_webhook(Context& context, const std::string& store,
                                          std::int64_t) {
  const Timestamp now = context.clock->now();
  RESYS_TRY(
      row, context.write(store, [&](const Scope& scope) -> Result<std::optional<rows::WebhookRow>> {
        return rows::lease_parked_webhook(scope, scope.now.plus(kLease));
      }));
  if (!row) return 0;
  return log_failure(context, "a webhook that was parked",
                     retry_webhook(context, store, std::move(*row), now));
}

Result<std::int64_t> release_reservations(Context& context, const std::string& store,
                                          std::int64_t limit) {
  return expire_reservations(context, store, std::min(limit, kBatch));
}

Result<std::int64_t> clear_carts(Context& context, const std::string& store, std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    const auto days = rows::load_checkout_settings(scope).abandoned_cart_days;
    const Timestamp before = scope.now.plus(-days * kMicrosPerDay);
    const auto carts = rows::list_abandoned_carts(scope, before, std::min(limit, kBatch));
    for (const OrderId& id : carts) rows::delete_abandoned_cart(scope, id, before);
    return static_cast<std::int64_t>(carts.size());
  });
}

// A guest's order that was placed and never paid keeps its root, lines and payments, because a late
// payment must still find them. The order ends, so that a late payment is refunded by itself.
// Everything that names the guest is deleted.
Result<std::int64_t> forget_guests(Context& context, const std::string& store, std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    const auto days = rows::load_checkout_settings(scope).abandoned_cart_days;
    const Timestamp before = scope.now.plus(-days * kMicrosPerDay);
    const auto orders = rows::list_unpaid_of_guests(scope, before, std::min(limit, kBatch));
    for (const OrderId& id : orders) {
      auto row = rows::lock_unpaid_of_guest(scope, id, before);
      if (!row) continue;
      const rows::OrderRow locked = *row;
      const bool has_ended = row->state == OrderState::canceled || row->state == OrderState::merged;
      if (!has_ended) {
        cancel_order(scope, *row, OrderEvent::cancel, {{"reason", "abandoned"}});
      }
      row->email.clear();
      row->tax_id.clear();
      row->calculated_taxes.clear();
      rows::delete_order_addresses(scope, id);
      rows::save_order(scope, *row, locked);
    }
    return static_cast<std::int64_t>(orders.size());
  });
}

Result<std::int64_t> forget_keys(Context& context, const std::string& store, std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    const auto days = rows::load_checkout_settings(scope).idempotency_days;
    return rows::forget_idempotency_keys(scope, scope.now.plus(-days * kMicrosPerDay),
                                         std::min(limit, kBatch));
  });
}

Result<std::int64_t> forget_webhooks(Context& context, const std::string& store,
                                     std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    const auto days = rows::load_checkout_settings(scope).webhook_days;
    return rows::forget_webhooks(scope, scope.now.plus(-days * kMicrosPerDay),
                                 std::min(limit, kBatch));
  });
}

Result<std::int64_t> forget_events(Context& context, const std::string& store, std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    const auto days = rows::load_checkout_settings(scope).event_days;
    if (days == 0) return 0;  // the setting has changed since the look
    const Timestamp before = scope.now.plus(-days * kMicrosPerDay);
    const auto orders = rows::list_orders_with_old_events(scope, before, std::min(limit, kBatch));
    for (const OrderId& id : orders) rows::forget_events(scope, id, before);
    return static_cast<std::int64_t>(orders.size());
  });
}

// A processor may need the note while the payment is open or can still be refunded. Only the host
// knows about notes that belong to no payment.
void forget_note(const Scope& scope, const rows::NoteKey& note) {
  const auto id = rows::find_external_payment(scope, note.processor, note.key);
  if (!id) return rows::keep_note(scope, note, std::nullopt);
  rows::find_order_of(scope, *id);  // locks it
  const auto payment = rows::load_payment(scope, *id).value();
  if (payment.next_check_at) return rows::keep_note(scope, note, scope.now);
  if (refundable_of(rows::load_entries(scope, *id)) > 0) {
    return rows::keep_note(scope, note, std::nullopt);
  }
  rows::delete_note(scope, note);
}

Result<std::int64_t> forget_notes(Context& context, const std::string& store, std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    const auto days = rows::load_checkout_settings(scope).note_days;
    const auto notes =
        rows::list_old_notes(scope, scope.now.plus(-days * kMicrosPerDay), std::min(limit, kBatch));
    for (const rows::NoteKey& note : notes) forget_note(scope, note);
    return static_cast<std::int64_t>(notes.size());
  });
}

// ---- what is due

enum Rank : std::size_t { deadlines, money, deliveries, tidying };
constexpr std::size_t kRanks = 4;

struct Kind {
  Rank rank;
  const char* lane;  // what it calls, a lane together with the store; null: nothing outside
  std::vector<std::string> (*find_stores)(db::Transaction&, Timestamp now);
  Result<std::int64_t> (*step)(Context&, const std::string& store, std::int64_t limit);
};

constexpr Kind kKinds[] = {
    {deadlines, nullptr, rows::find_stores_with_expired_reservations, release_reservations},
    {money, "payments of ", rows::find_stores_with_due_payments, check_payment},
    {money, "webhooks of ", rows::find_stores_with_due_webhooks, retry_parked_webhook},
    {tidying, nullptr, rows::find_stores_with_abandoned_carts, clear_carts},
    {tidying, nullptr, rows::find_stores_with_unpaid_of_guests, forget_guests},
    {tidying, nullptr, rows::find_stores_with_old_idempotency_keys, forget_keys},
    {tidying, nullptr, rows::find_stores_with_old_webhooks, forget_webhooks},
    {tidying, nullptr, rows::find_stores_with_old_events, forget_events},
    {tidying, nullptr, rows::find_stores_with_old_notes, forget_notes},
};

// Work that calls nothing outside belongs to the part of the deadlines.
constexpr DueWorkPart part_of(const Kind& kind) {
  return kind.rank == money ? DueWorkPart::payments : DueWorkPart::deadlines;
}

// One kind of work that is due in one store.
struct Source {
  std::string lane;  // empty: it calls nothing outside
  std::function<Result<std::int64_t>(std::int64_t limit)> step;
};
using Sources = std::vector<Source>;

// What a look has found. Work that waits for a slow service is kept apart.
struct Look {
  std::array<Sources, kRanks> ranks;
  Sources slow;
};

// ---- a run

class Run {
 public:
  Run(Context& context, std::int64_t limit, DueWorkPart part)
      : context_(context),
        limit_(limit),
        part_(part),
        turn_(context.pace.next_turn(part)),
        began_(context.clock->now()),
        looked_(began_) {}

  Result<DueWork> work() {
    Look due;
    for (std::int64_t before = -1; done_ > before && !is_over();) {
      before = done_;
      RESYS_TRY(found, look(kRanks));
      due = std::move(found);
      // One piece is kept for slow work.
      kept_ = due.slow.empty() || limit_ == 1 ? 0 : 1;
      for (std::size_t rank = 0; rank < kRanks; ++rank) {
        RESYS_TRYV(serve(due.ranks[rank], rank));
      }
    }
    const bool is_cut = is_over() || !due.slow.empty();
    RESYS_TRYV(serve_one_of(due.slow));
    DueWork work{done_, false};
    if (is_cut) {
      RESYS_TRY(is_left, is_something_left());
      work.more = is_left;
    }
    return work;
  }

 private:
  bool is_over() const {
    return done_ >= limit_ - kept_ || context_.clock->now().micros - began_.micros >= kRunTime;
  }

  bool is_mine(DueWorkPart part) const { return part_ == DueWorkPart::all || part_ == part; }

  // The built-in handlers wait for the mail server.
  bool is_mail(std::size_t handler) const { return handler < context_.mail_handlers; }

  // Looks for work of this part that is due in the ranks before `ranks`.
  Result<Look> look(std::size_t ranks) {
    using Stores = std::vector<std::string>;
    const Timestamp now = context_.clock->now();
    looked_ = now;
    // The stores with due work, by kind and then by handler.
    RESYS_TRY(found,
              context_.database->read([&](db::Transaction& tx) -> Result<std::vector<Stores>> {
                std::vector<Stores> stores;
                for (const Kind& kind : kKinds) {
                  const bool looks = kind.rank < ranks && is_mine(part_of(kind));
                  stores.push_back(looks ? kind.find_stores(tx, now) : Stores());
                }
                for (std::size_t i = 0; i < context_.handlers.size(); ++i) {
                  const auto part = is_mail(i) ? DueWorkPart::mail : DueWorkPart::events;
                  const std::string& handler = context_.handlers[i].name;
                  stores.push_back(deliveries < ranks && is_mine(part)
                                       ? rows::find_stores_with_due_events(tx, handler, now)
                                       : Stores());
                }
                return stores;
              }));
    Look due;
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (std::string& store : in_turn(std::move(found[i]))) {
        if (i < std::size(kKinds)) {
          add_kind(due, kKinds[i], std::move(store), now);
        } else {
          add_handler(due, i - std::size(kKinds), std::move(store), now);
        }
      }
    }
    return due;
  }

  void add_kind(Look& due, const Kind& kind, std::string store, Timestamp now) {
    std::string lane = kind.lane == nullptr ? std::string() : kind.lane + store;
    add(due, kind.rank, now,
        {std::move(lane), [this, &kind, store = std::move(store)](std::int64_t limit) {
           return kind.step(context_, store, limit);
         }});
  }

  void add_handler(Look& due, std::size_t index, std::string store, Timestamp now) {
    const EventHandler& handler = context_.handlers[index];
    std::string lane = is_mail(index) ? "mail" : "handler " + handler.name;
    add(due, deliveries, now,
        {std::move(lane),
         [this, &handler, store = std::move(store)](std::int64_t) -> Result<std::int64_t> {
           RESYS_TRY(has_told, deliver_next(context_, store, handler));
           return has_told ? 1 : 0;
         }});
  }

  void add(Look& due, Rank rank, Timestamp now, Source source) {
    const bool is_slow = !source.lane.empty() && context_.pace.is_slow(source.lane, now);
    (is_slow ? due.slow : due.ranks[rank]).push_back(std::move(source));
  }

  // Each run begins with another store.
  std::vector<std::string> in_turn(std::vector<std::string> stores) const {
    if (stores.empty()) return stores;
    const auto first = static_cast<std::ptrdiff_t>(turn_ % stores.size());
    std::rotate(stores.begin(), stores.begin() + first, stores.end());
    return stores;
  }

  // Does a piece of each source in turn.
  Result<void> serve(Sources& sources, std::size_t rank) {
    for (int turn = 0; turn < kShare && !sources.empty(); ++turn) {
      for (auto source = sources.begin(); source != sources.end();) {
        if (is_over()) return success();
        RESYS_TRY(has_done, step(*source, limit_ - kept_ - done_));
        const bool stays =
            has_done &&
            (source->lane.empty() || !context_.pace.is_slow(source->lane, context_.clock->now()));
        source = stays ? source + 1 : sources.erase(source);
        RESYS_TRYV(look_back(rank));
      }
    }
    return success();
  }

  // Does first what has become due in the ranks above since the last look.
  Result<void> look_back(std::size_t rank) {
    const bool is_long_ago = context_.clock->now().micros - looked_.micros >= kLookAgain;
    if (rank == 0 || !is_long_ago) return success();
    RESYS_TRY(due, look(rank));
    for (std::size_t above = 0; above < rank; ++above) {
      RESYS_TRYV(serve(due.ranks[above], above));
    }
    return success();
  }

  // Leaves the lane also where a port throws.
  struct Visit {
    Context& context;
    const std::string& lane;
    const Timestamp entered;
    ~Visit() {
      if (!lane.empty()) context.pace.leave(lane, entered, context.clock->now());
    }
  };

  // Returns false if there was nothing to do, or if the lane is slow and another thread is in it.
  Result<bool> step(Source& source, std::int64_t limit) {
    const Timestamp now = context_.clock->now();
    if (!source.lane.empty() && !context_.pace.enter(source.lane, now)) return false;
    const Visit visit{context_, source.lane, now};
    RESYS_TRY(done, source.step(limit));
    done_ += done;
    return done > 0;
  }

  Result<void> serve_one_of(Sources& slow) {
    if (slow.empty() || done_ >= limit_) return success();
    const auto first = static_cast<std::ptrdiff_t>(turn_ % slow.size());
    std::rotate(slow.begin(), slow.begin() + first, slow.end());
    for (Source& source : slow) {
      RESYS_TRY(has_done, step(source, limit_ - done_));
      if (has_done) break;
    }
    return success();
  }

  // Whether anything is left that this thread could do: a slow lane may have another thread in it.
  Result<bool> is_something_left() {
    RESYS_TRY(due, look(kRanks));
    const Timestamp now = context_.clock->now();
    const auto holds_any = [](const Sources& sources) { return !sources.empty(); };
    return std::any_of(due.ranks.begin(), due.ranks.end(), holds_any) ||
           std::any_of(due.slow.begin(), due.slow.end(), [&](const Source& source) {
             return context_.pace.is_open(source.lane, now);
           });
  }

  Context& context_;
  const std::int64_t limit_;
  const DueWorkPart part_;
  const std::size_t turn_;
  const Timestamp began_;
  Timestamp looked_;
  std::int64_t done_ = 0;
  std::int64_t kept_ = 0;
};

}  // namespace

Result<DueWork> run_due_work(Context& context, std::int64_t limit, DueWorkPart part) {
  if (limit < 1) {
    return Error(Errc::invalid_request, "the limit is less than 1").at("limit");
  }
  return Run(context, limit, part).work();
}

}  // namespace resys::app
