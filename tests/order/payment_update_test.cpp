// What follows from news of a payment, as tables: rows and a report in, rows and effects out. No
// shop and no database.
#include "order/payment_update.hpp"

#include "support/catch.hpp"
#include "support/ports.hpp"

using namespace resys;
using namespace resys::test;
using app::Ask;
using app::CallKind;
using app::Effect;
using app::PaymentBook;
using app::PaymentBooks;
using app::PaymentUpdate;
using rows::VoidReason;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);
constexpr std::int64_t kTotal = 1'000;

struct Ids {
  std::shared_ptr<TestClock> clock = std::make_shared<TestClock>();
  std::shared_ptr<RandomSource> random = system_random();
  domain::IdSource source{*clock, *random};
};
Ids ids;

rows::EntryRow entry(PaymentEntryKind kind, RefundState state, std::int64_t cents,
                     std::string external_id = "") {
  return {.id = ids.source.make<PaymentEntryId>(),
          .kind = kind,
          .state = state,
          .amount_cents = cents,
          .external_id = std::move(external_id)};
}

PaymentBook book(PaymentState state, std::int64_t captured = 0) {
  PaymentBook made{{.id = ids.source.make<PaymentId>(),
                    .state = state,
                    .currency = kEuro,
                    .amount_cents = kTotal,
                    .external_id = "pi_1",
                    .created_at = kNow},
                   {}};
  if (captured > 0) {
    made.entries.push_back(entry(PaymentEntryKind::capture, RefundState::succeeded, captured));
  }
  return made;
}

// An order with one payment, or a second one that had brought money before.
PaymentBooks books(OrderState order, const PaymentBook& payment) {
  PaymentBooks made{.order = {.id = ids.source.make<OrderId>(),
                              .state = order,
                              .user_id = "ada",
                              .currency = kEuro,
                              .total_cents = kTotal,
                              .placements = 1},
                    .payment = payment};
  made.order.payment_id = payment.row.id;
  made.order.placed_at = kNow;
  return made;
}

PaymentUpdate update_of(const PaymentBooks& known) { return {known, kNow, ids.source}; }

PaymentSnapshot report(PaymentState state, std::int64_t captured = 0) {
  PaymentSnapshot snapshot;
  snapshot.external_id = "pi_1";
  snapshot.state = state;
  snapshot.currency = kEuro;
  snapshot.amount_cents = kTotal;
  snapshot.authorized_cents = state == PaymentState::authorized ? kTotal : 0;
  snapshot.captured_cents = captured;
  return snapshot;
}

// "OrderCompleted, commit, ...": events by their names, the rest by a word.
std::string effects_of(const PaymentUpdate& update) {
  std::string text;
  for (const Effect& each : update.effects()) {
    text += text.empty() ? "" : ", ";
    switch (each.kind) {
      case Effect::Kind::record:
      case Effect::Kind::record_once:
      case Effect::Kind::request_money:
        text += name_of(each.type);
        break;
      case Effect::Kind::hold_stock:
        text += "hold";
        break;
      case Effect::Kind::commit_stock:
        text += "commit";
        break;
      case Effect::Kind::release_stock:
        text += "release";
        break;
      case Effect::Kind::restock:
        text += "restock";
        break;
      case Effect::Kind::return_promotions:
        text += "promotions";
        break;
    }
  }
  return text;
}

}  // namespace

TEST_CASE("the next call follows from what is known of the payment") {
  const auto capture = entry(PaymentEntryKind::capture, RefundState::pending, kTotal);
  const auto refund = entry(PaymentEntryKind::refund, RefundState::pending, kTotal);
  const auto sent = entry(PaymentEntryKind::refund, RefundState::pending, kTotal, "re_1");
  struct Row {
    std::string what;
    PaymentState state;
    std::vector<rows::EntryRow> entries;
    std::optional<VoidReason> void_reason;
    CallKind expected;
  };
  const Row rows[] = {
      {"open", PaymentState::created, {}, {}, CallKind::none},
      {"promised", PaymentState::authorized, {}, {}, CallKind::none},
      {"to be captured", PaymentState::authorized, {capture}, {}, CallKind::capture},
      {"to be captured, not promised", PaymentState::processing, {capture}, {}, CallKind::none},
      {"to be ended", PaymentState::created, {}, VoidReason::expired, CallKind::cancel},
      {"to be captured and ended",
       PaymentState::authorized,
       {capture},
       VoidReason::canceled,
       CallKind::cancel},
      {"ended", PaymentState::voided, {}, VoidReason::canceled, CallKind::none},
      {"to be refunded", PaymentState::captured, {refund}, {}, CallKind::refund},
      {"being refunded", PaymentState::captured, {sent}, {}, CallKind::none},
      {"to be refunded in two parts", PaymentState::captured, {sent, refund}, {}, CallKind::refund},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    PaymentBook known = book(row.state);
    known.entries = row.entries;
    known.row.void_reason = row.void_reason;
    const auto next = app::next_call(known.row, known.entries, Ask::if_needed, kNow);
    CHECK(next.kind == row.expected);
    CHECK((next.entry != nullptr) ==
          (next.kind == CallKind::capture || next.kind == CallKind::refund));
    const auto asked = app::next_call(known.row, known.entries, Ask::anyway, kNow);
    CHECK(asked.kind == (row.expected == CallKind::none ? CallKind::fetch : row.expected));
  }
}

TEST_CASE("money that staff have seen is captured though the payment is to end") {
  PaymentBook known = book(PaymentState::authorized);
  known.entries.push_back(entry(PaymentEntryKind::capture, RefundState::pending, kTotal));
  known.row.void_reason = VoidReason::canceled_by_staff;
  known.row.offline = true;
  CHECK(app::next_call(known.row, known.entries, Ask::if_needed, kNow).kind == CallKind::capture);
}

TEST_CASE("a create without a response is repeated for a day, and never after its end") {
  PaymentBook known = book(PaymentState::created);
  known.row.external_id.clear();
  known.row.open_creates = 1;
  const auto kind_at = [&](std::int64_t after) {
    return app::next_call(known.row, {}, Ask::if_needed, kNow.plus(after)).kind;
  };
  CHECK(kind_at(0) == CallKind::create);
  CHECK(kind_at(kMicrosPerDay - 1) == CallKind::create);
  CHECK(kind_at(kMicrosPerDay) == CallKind::give_up);
  known.row.void_reason = VoidReason::expired;
  CHECK(kind_at(0) == CallKind::create);  // the processor may have it, so it is looked for
  known.row.open_creates = 0;
  CHECK(kind_at(0) == CallKind::give_up);
  known.row.state = PaymentState::failed;
  CHECK(kind_at(0) == CallKind::none);
}

TEST_CASE("an order follows the report about its payment") {
  struct Row {
    OrderState order;
    PaymentState payment;
    PaymentSnapshot report;
    OrderState order_after;
    PaymentState payment_after;
    std::string effects;
  };
  const Row rows[] = {
      {OrderState::payment, PaymentState::created, report(PaymentState::processing),
       OrderState::payment, PaymentState::processing, ""},
      {OrderState::payment, PaymentState::created, report(PaymentState::authorized),
       OrderState::confirm, PaymentState::authorized, "PaymentAuthorized, hold, PaymentRequested"},
      {OrderState::payment, PaymentState::created, report(PaymentState::captured, kTotal),
       OrderState::complete, PaymentState::captured,
       "ExternalPaymentCaptured, commit, OrderCompleted"},
      {OrderState::payment, PaymentState::created, report(PaymentState::captured, kTotal + 1),
       OrderState::complete, PaymentState::captured,
       "ExternalPaymentCaptured, PaymentExcess, commit, OrderCompleted"},
      {OrderState::payment, PaymentState::created, report(PaymentState::captured, kTotal - 1),
       OrderState::confirm, PaymentState::captured, "ExternalPaymentCaptured, hold, PaymentShort"},
      {OrderState::payment, PaymentState::created, report(PaymentState::voided),
       OrderState::delivery, PaymentState::voided,
       "PaymentVoided, release, promotions, OrderReopened"},
      {OrderState::payment, PaymentState::created, report(PaymentState::failed),
       OrderState::delivery, PaymentState::failed,
       "PaymentFailed, release, promotions, OrderReopened"},
      {OrderState::confirm, PaymentState::authorized, report(PaymentState::captured, kTotal),
       OrderState::complete, PaymentState::captured,
       "ExternalPaymentCaptured, commit, OrderCompleted"},
      {OrderState::confirm, PaymentState::authorized, report(PaymentState::voided),
       OrderState::canceled, PaymentState::voided,
       "PaymentVoided, restock, promotions, OrderCanceled"},
      {OrderState::complete, PaymentState::captured, report(PaymentState::captured, kTotal),
       OrderState::complete, PaymentState::captured, ""},
  };
  for (const Row& row : rows) {
    const PaymentBook known = book(row.payment, row.payment == PaymentState::captured ? kTotal : 0);
    PaymentUpdate update = update_of(books(row.order, known));
    CAPTURE(name_of(row.order), name_of(row.payment), name_of(row.report.state),
            row.report.captured_cents);
    update.apply_snapshot(row.report, "");
    CHECK(update.order().state == row.order_after);
    CHECK(update.payment().state == row.payment_after);
    CHECK(effects_of(update) == row.effects);
    // The same report once more changes nothing.
    PaymentUpdate again =
        update_of({.order = update.order(), .payment = update.book(), .others = update.others()});
    again.apply_snapshot(row.report, "");
    CHECK(again.order() == update.order());
    CHECK(again.payment().state == row.payment_after);
    CHECK(effects_of(again).empty());
  }
}

TEST_CASE("a payment that is to cancel its order cancels it when it has ended") {
  for (const VoidReason reason : {VoidReason::canceled, VoidReason::canceled_by_staff}) {
    PaymentBook known = book(PaymentState::created);
    known.row.void_reason = reason;
    known.row.void_actor = {reason == VoidReason::canceled ? Actor::shopper : Actor::staff, "bob"};
    PaymentUpdate update = update_of(books(OrderState::payment, known));
    update.apply_snapshot(report(PaymentState::voided), "");
    CHECK(update.order().state == OrderState::canceled);
    CHECK(effects_of(update) == "PaymentVoided, restock, promotions, OrderCanceled");
    // The movements of a shopper's order name its owner.
    CHECK(update.effects().at(1).actor.user_id == (reason == VoidReason::canceled ? "ada" : "bob"));
  }
}

TEST_CASE("an order is complete when all of its payments together reach its total") {
  for (const std::int64_t first : {1, 400, 999}) {
    PaymentBooks known = books(OrderState::confirm, book(PaymentState::created));
    known.payment.row.amount_cents = kTotal - first;
    known.others.push_back(book(PaymentState::captured, first));
    known.order.placements = 2;
    PaymentSnapshot said = report(PaymentState::captured, kTotal - first);
    said.amount_cents = kTotal - first;
    SECTION("exactly, " + std::to_string(first)) {
      PaymentUpdate update = update_of(known);
      CHECK(update.paid() == first);
      CHECK(update.missing() == kTotal - first);
      update.apply_snapshot(said, "");
      CHECK(update.order().state == OrderState::complete);
      CHECK(effects_of(update) == "ExternalPaymentCaptured, commit, OrderCompleted");
    }
    SECTION("not while one cent is missing, " + std::to_string(first)) {
      known.order.total_cents += 1;
      PaymentUpdate update = update_of(known);
      update.apply_snapshot(said, "");
      CHECK(update.order().state == OrderState::confirm);
      CHECK(update.missing() == 1);
    }
    SECTION("a refund that is on its way is missing again, " + std::to_string(first)) {
      known.others[0].entries.push_back(entry(PaymentEntryKind::refund, RefundState::pending, 1));
      PaymentUpdate update = update_of(known);
      update.apply_snapshot(said, "");
      CHECK(update.missing() == 1);
      CHECK(update.order().state == OrderState::confirm);
    }
  }
}

TEST_CASE("the payment that completes the order ends the open one beside it") {
  PaymentBooks known = books(OrderState::confirm, book(PaymentState::created));
  known.others.push_back(book(PaymentState::requires_action));
  PaymentUpdate update = update_of(known);
  update.apply_snapshot(report(PaymentState::captured, kTotal), "");
  REQUIRE(update.order().state == OrderState::complete);
  CHECK(update.others().at(0).row.void_reason == VoidReason::replaced);
  CHECK(update.others().at(0).row.next_check_at == kNow);
}

TEST_CASE("a late payment needs the stock again, or is refunded") {
  PaymentBooks known = books(OrderState::delivery, book(PaymentState::voided));
  PaymentUpdate update = update_of(known);
  update.apply_snapshot(report(PaymentState::captured, kTotal), "");
  CHECK(update.needs_stock_again());
  CHECK(update.order().state == OrderState::complete);
  CHECK(effects_of(update) == "ExternalPaymentCaptured, commit, OrderCompleted");

  PaymentUpdate refused = update_of(update.before());
  refused.refuse_late_payment();
  refused.apply_snapshot(report(PaymentState::captured, kTotal), "");
  CHECK_FALSE(refused.needs_stock_again());
  CHECK(refused.order().state == OrderState::delivery);
  CHECK(effects_of(refused) == "ExternalPaymentCaptured, LatePaymentRefunded");
  REQUIRE(refused.added_entries().size() == 2);
  CHECK(refused.added_entries()[1].kind == PaymentEntryKind::refund);
  CHECK(refused.added_entries()[1].amount_cents == kTotal);
  CHECK(refused.refundable() == 0);
}

TEST_CASE("a report that is about another payment or another amount changes no money") {
  const PaymentBooks known = books(OrderState::payment, book(PaymentState::created));
  PaymentSnapshot said = report(PaymentState::captured, kTotal);
  SECTION("another id of the processor") { said.external_id = "pi_2"; }
  SECTION("another payment of the shop") { said.payment_id = "payment_other"; }
  SECTION("another currency") { said.currency = Currency::parse("USD").value(); }
  SECTION("less than nothing") { said.captured_cents = -1; }
  SECTION("more than an amount can be") { said.captured_cents = kMaxMinor + 1; }
  PaymentUpdate update = update_of(known);
  update.apply_snapshot(said, "");
  CHECK(update.order() == known.order);
  CHECK(update.payment().state == PaymentState::created);
  CHECK(update.paid() == 0);
  CHECK(effects_of(update) == "PaymentMismatch");
  CHECK(update.effects().at(0).kind == Effect::Kind::record_once);
}

TEST_CASE("the looks at a payment without news become rarer, up to once an hour") {
  PaymentBook known = book(PaymentState::created);
  std::int64_t last = 0;
  for (known.row.checks = 0; known.row.checks < 20; ++known.row.checks) {
    PaymentUpdate update = update_of(books(OrderState::payment, known));
    update.postpone();
    const std::int64_t pause = update.payment().next_check_at->micros - kNow.micros;
    CHECK(pause >= last);
    CHECK(pause <= kMicrosPerHour);
    last = pause;
  }
  CHECK(last == kMicrosPerHour);
}
