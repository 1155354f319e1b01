// Placed orders for their owner and for staff: canceling, taking and giving back money, shipping,
// lists, the timeline.
#include "resys/order.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include "support/buying_shop.hpp"
#include "support/forwarding_processor.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// Placed orders with one payment each, at most. "later" authorizes at once, as a card whose money
// is taken when the parcel leaves; only its name distinguishes it from a bank transfer.
struct OrderShop : BuyingShop {
  OrderShop()
      : BuyingShop(
            {.processors = {test_processor(), manual_processor(),
                            std::make_shared<ForwardingProcessor>("later", manual_processor())}}) {}

  Orders orders() { return shop->orders(); }
  Admin admin() { return shop->admin(); }
  Result<Order> ship(const std::string& number) {
    return admin().orders().ship(staff(), {number, "T123", "Carrier"});
  }
  Result<Order> refund(const std::string& number, std::optional<std::int64_t> cents = {}) {
    return admin().orders().refund(staff(), {.number = number, .amount_cents = cents});
  }
  std::vector<EventType> events(const std::string& number) {
    std::vector<EventType> types;
    for (const auto found = admin().orders().get_timeline(staff(), {number}).value();
         const Event& event : found.items) {
      types.push_back(event.type);
    }
    return types;
  }
  EventType last_event(const std::string& number) { return events(number).back(); }

  const PaymentMethodId later = add_method("Later", "later");
};

void check_state(const Error& refused, const char* state, const char* event) {
  CHECK(refused.fact("state") == state);
  CHECK(refused.fact("event") == event);
}

std::vector<std::string> numbers(const Page<Order>& page) {
  std::vector<std::string> all;
  for (const Order& order : page.items) all.push_back(order.number);
  return all;
}

constexpr std::int64_t kTotal = 2 * 790 + 490;

}  // namespace

// ---- cancel

TEST_CASE("a shopper cancels an order that is not paid") {
  OrderShop test;
  const Placement placed = test.place(shopper(), test.card);
  const Order canceled = test.orders().cancel(shopper(), {placed.order.number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.payments[0].state == PaymentState::voided);
  CHECK(canceled.payment_status == PaymentStatus::none);
  CHECK(canceled.fulfillment_status == FulfillmentStatus::none);
  CHECK(test.stock("TEA").reserved == 0);
  CHECK(test.events(canceled.number) ==
        std::vector{EventType::order_placed, EventType::payment_voided, EventType::order_canceled});
  // The next thing goes into a new cart.
  CHECK(test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value().id != canceled.id);
  CHECK(test.shop->test_payments()
            .pay(shopper(), {placed.payment->client_secret, kGoodCard})
            .has_error());
  CHECK(test.order(canceled.number).state == OrderState::canceled);
}

TEST_CASE("once money is promised or taken only staff cancel") {
  OrderShop test;
  const std::string promised = test.place(shopper(), test.later).order.number;
  check_state(refusal(test.orders().cancel(shopper(), {promised}), Errc::invalid_state), "Confirm",
              "cancel");
  const std::string paid = test.buy(shopper()).number;
  check_state(refusal(test.orders().cancel(shopper(), {paid}), Errc::invalid_state), "Complete",
              "cancel");
}

TEST_CASE("staff cancel an order whose money is promised: it is not taken") {
  OrderShop test;
  const std::string number = test.place(shopper(), test.transfer).order.number;
  CHECK(test.stock("TEA").reserved == 2);
  const Order canceled = test.admin().orders().cancel(staff(), {number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.payments[0].state == PaymentState::voided);
  CHECK(canceled.payments[0].captured_cents == 0);
  CHECK(test.stock("TEA").available == 100);
  CHECK(test.last_event(number) == EventType::order_canceled);
}

TEST_CASE("staff cancel a complete order: all money and all stock go back") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  test.refund(number, 500).value();
  CHECK(test.stock("TEA").on_hand == 100);
  CHECK(test.stock("TEA").reserved == 2);
  const Order canceled = test.admin().orders().cancel(staff(), {number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.payment_status == PaymentStatus::refunded);
  CHECK(canceled.payments[0].captured_cents == kTotal);
  CHECK(canceled.payments[0].refunded_cents == kTotal);
  CHECK(canceled.fulfillment_status == FulfillmentStatus::none);
  CHECK(canceled.completed_at);
  CHECK(test.stock("TEA").on_hand == 100);
  CHECK(test.stock("TEA").available == 100);
  check_state(refusal(test.admin().orders().cancel(staff(), {number}), Errc::invalid_state),
              "Canceled", "cancel");
}

TEST_CASE("a complete order of which all money went back is canceled without another refund") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  test.refund(number).value();
  CHECK(test.stock("TEA").available == 98);
  const Order canceled = test.admin().orders().cancel(staff(), {number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.payments[0].refunded_cents == kTotal);
  CHECK(test.stock("TEA").available == 100);
}

TEST_CASE("staff cancel an order that is being paid, and one that is open again") {
  OrderShop test;
  const std::string paying = test.place(shopper("eve"), test.card).order.number;
  CHECK(test.admin().orders().cancel(staff(), {paying}).value().state == OrderState::canceled);
  const std::string open = test.place(shopper(), test.card).order.number;
  test.shop->checkout().reopen(shopper()).value();
  CHECK(test.admin().orders().cancel(staff(), {open}).value().state == OrderState::canceled);
  CHECK(test.shop->cart().get(shopper()).value().id.empty());
  CHECK(test.stock("TEA").available == 100);
}

TEST_CASE("what is shipped is not canceled") {
  OrderShop test;
  const std::string paid = test.buy(shopper()).number;
  const std::string on_delivery = test.place(shopper(), test.transfer).order.number;
  test.ship(paid).value();
  test.ship(on_delivery).value();
  check_state(refusal(test.admin().orders().cancel(staff(), {paid}), Errc::invalid_state),
              "Complete", "cancel");
  check_state(refusal(test.admin().orders().cancel(staff(), {on_delivery}), Errc::invalid_state),
              "Confirm", "cancel");
  CHECK(test.order(paid).payments[0].refunded_cents == 0);
}

TEST_CASE("a repeated cancel under one key answers the canceled order") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  for (int i = 0; i < 2; ++i) {
    const Order canceled = test.admin().orders().cancel(with_key("k", staff()), {number}).value();
    CHECK(canceled.state == OrderState::canceled);
    CHECK(canceled.payments[0].refunded_cents == kTotal);
  }
}

// ---- money

TEST_CASE("staff mark a bank transfer paid when it has come") {
  OrderShop test;
  const Placement placed = test.place(shopper(), test.transfer);
  CHECK(placed.order.state == OrderState::confirm);
  CHECK(placed.order.payment_status == PaymentStatus::authorized);
  CHECK(placed.payment->client_secret.empty());
  CHECK_FALSE(placed.reservation_expires_at);
  const std::string number = placed.order.number;
  const Order paid = test.admin().orders().mark_paid(staff(), {number}).value();
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.payment_status == PaymentStatus::paid);
  CHECK(paid.payments[0].captured_cents == kTotal);
  CHECK(test.stock("TEA").on_hand == 100);
  CHECK(test.stock("TEA").reserved == 2);
  CHECK(test.events(number) == std::vector{EventType::order_placed, EventType::payment_authorized,
                                           EventType::external_payment_captured,
                                           EventType::order_completed});
  check_state(refusal(test.admin().orders().mark_paid(staff(), {number}), Errc::invalid_state),
              "Complete", "paymentCaptured");
}

TEST_CASE("an authorized payment is captured whole, and only a manual one is marked paid") {
  OrderShop test;
  const std::string number = test.place(shopper(), test.later).order.number;
  const Error refused =
      refusal(test.admin().orders().mark_paid(staff(), {number}), Errc::invalid_state);
  check_state(refused, "Confirm", "paymentCaptured");
  CHECK(refused.fact("processor") == "later");
  const Order paid = test.admin().orders().capture(staff(), {number}).value();
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.payments[0].captured_cents == kTotal);
  check_state(refusal(test.admin().orders().capture(staff(), {number}), Errc::invalid_state),
              "Complete", "paymentCaptured");
}

TEST_CASE("refunds go up to what was captured, whole or in parts") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  for (const std::int64_t wrong : {0, -1}) {
    refusal(test.refund(number, wrong), Errc::invalid_request, "amountCents");
  }
  const Error more = refusal(test.refund(number, kTotal + 1), Errc::invalid_request, "amountCents");
  CHECK(more.fact("requestedCents", 0) == kTotal + 1);
  CHECK(more.fact("refundableCents", 0) == kTotal);

  Order order = test.refund(number, 70).value();
  CHECK(order.state == OrderState::complete);
  CHECK(order.payment_status == PaymentStatus::partially_refunded);
  CHECK(order.payments[0].refunded_cents == 70);
  const Error rest = refusal(test.refund(number, kTotal - 69), Errc::invalid_request);
  CHECK(rest.fact("refundableCents", 0) == kTotal - 70);
  order = test.refund(number, 1'000).value();
  CHECK(order.payments[0].refunded_cents == 1'070);

  order = test.refund(number).value();
  CHECK(order.payments[0].refunded_cents == kTotal);
  CHECK(order.payment_status == PaymentStatus::refunded);
  CHECK(order.state == OrderState::complete);
  const Error nothing = refusal(test.refund(number, 1), Errc::invalid_state);
  CHECK(nothing.fact("refundableCents", -1) == 0);
  CHECK(test.last_event(number) == EventType::payment_refunded);
  CHECK(test.stock("TEA").available == 98);  // money alone moves no stock
}

TEST_CASE("a refund says why, and under its key is made once") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  const RefundOrder request{.number = number, .amount_cents = 100, .reason = "scratched"};
  for (int i = 0; i < 3; ++i) {
    const Order order = test.admin().orders().refund(with_key("k", staff()), request).value();
    CHECK(order.payments[0].refunded_cents == 100);
  }
  const auto timeline = test.admin().orders().get_timeline(staff(), {number}).value().items;
  const Pairs& facts = timeline.back().facts;
  CHECK(std::find(facts.begin(), facts.end(),
                  std::pair<std::string, std::string>("reason", "scratched")) != facts.end());
}

TEST_CASE("nothing is refunded of an order that was not paid") {
  OrderShop test;
  const std::string paying = test.place(shopper(), test.card).order.number;
  const std::string promised = test.place(shopper("eve"), test.transfer).order.number;
  CHECK(refusal(test.refund(paying), Errc::invalid_state).fact("state") == "Payment");
  CHECK(refusal(test.refund(promised, 1), Errc::invalid_state).fact("state") == "Confirm");
  test.shop->checkout().reopen(shopper()).value();
  CHECK(refusal(test.refund(paying), Errc::invalid_state).fact("state") == "Delivery");
}

TEST_CASE("refunds at once never exceed what was captured", "[concurrent]") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  constexpr int clerks = 8;
  std::atomic<int> refunded = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < clerks; ++i) {
    threads.emplace_back([&] {
      const auto result = test.refund(number, kTotal / 2);
      if (result.has_value()) {
        ++refunded;
      } else if (result.error().code() != Errc::invalid_state) {
        ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refunded == 2);
  CHECK(wrong == 0);
  CHECK(test.order(number).payments[0].refunded_cents == kTotal);
}

TEST_CASE("a capture and a cancel at once end in one of the two", "[concurrent]") {
  OrderShop test;
  constexpr int rounds = 5;
  for (int round = 0; round < rounds; ++round) {
    const std::string number = test.place(shopper(), test.transfer).order.number;
    std::thread capturing([&] { (void)test.admin().orders().mark_paid(staff(), {number}); });
    std::thread canceling([&] { (void)test.admin().orders().cancel(staff(), {number}); });
    capturing.join();
    canceling.join();
    test.work();
    const Order order = test.order(number);
    const OrderPayment& payment = order.payments[0];
    const std::int64_t kept =
        payment.captured_cents - payment.refunded_cents - payment.refund_pending_cents;
    CHECK(kept == (order.state == OrderState::complete ? kTotal : 0));
    CHECK((order.state == OrderState::complete || order.state == OrderState::canceled));
  }
}

// ---- ship

TEST_CASE("an order is shipped whole, once, and its owner is told") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  CHECK(test.order(number).fulfillment_status == FulfillmentStatus::unfulfilled);
  const Order shipped = test.ship(number).value();
  CHECK(shipped.state == OrderState::complete);
  CHECK(shipped.fulfillment_status == FulfillmentStatus::shipped);
  REQUIRE(shipped.shipment);
  CHECK(shipped.shipment->tracking_number == "T123");
  CHECK(shipped.shipment->carrier == "Carrier");
  CHECK(shipped.shipment->shipped_at == test.clock->now());
  CHECK(test.shop->orders().get(shopper(), {number}).value().shipment->tracking_number == "T123");
  CHECK(test.stock("TEA").on_hand == 98);
  CHECK(test.stock("TEA").reserved == 0);
  check_state(refusal(test.ship(number), Errc::invalid_state), "Complete", "ship");
  CHECK(test.last_event(number) == EventType::order_shipped);
  test.work();
  REQUIRE(test.mailer->sent().size() == 2);
  CHECK(test.mailer->sent()[1].text.find("T123") != std::string::npos);
}

TEST_CASE("what is paid and not packed yet can be counted, and is not sold twice") {
  OrderShop test;
  test.count("TEA", 10);
  const std::string number = test.buy(shopper()).number;
  CHECK(test.stock("TEA").on_hand == 10);
  CHECK(test.stock("TEA").reserved == 2);
  // Ten stand on the shelf, and so many are counted.
  Admin admin = test.shop->admin();
  const SetStock counted{.sku = "TEA", .on_hand = 10, .reason = "count", .expected_on_hand = 10};
  CHECK(admin.stock().set(staff(), counted).value().available == 8);
  test.fill(shopper("eve"), 9);
  const auto too_many = test.shop->checkout().place_order(shopper("eve"), {test.card});
  const Error refused = refusal(too_many, Errc::insufficient_stock);
  CHECK(std::get<std::int64_t>(refused.rows().at(0).at(2).value) == 8);
  test.place(shopper("bob"), test.card);
  test.ship(number).value();
  CHECK(test.stock("TEA").on_hand == 8);
  CHECK(test.stock("TEA").reserved == 2);
  // Now eight stand there, of which two are held.
  CHECK(admin.stock().set(staff(), {.sku = "TEA", .on_hand = 8}).value().available == 6);
}

TEST_CASE("cash on delivery is shipped before it is paid") {
  OrderShop test;
  const std::string number = test.place(shopper(), test.transfer).order.number;
  const Order shipped = test.ship(number).value();
  CHECK(shipped.state == OrderState::confirm);
  CHECK(shipped.shipment->tracking_number == "T123");
  CHECK(shipped.fulfillment_status == FulfillmentStatus::shipped);
  CHECK(shipped.payment_status == PaymentStatus::authorized);
  CHECK(test.stock("TEA").on_hand == 98);
  check_state(refusal(test.ship(number), Errc::invalid_state), "Confirm", "ship");
  const Order paid = test.admin().orders().mark_paid(staff(), {number}).value();
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.fulfillment_status == FulfillmentStatus::shipped);
  CHECK(test.stock("TEA").on_hand == 98);  // sold once
}

TEST_CASE("what a card has only promised is captured before it is shipped") {
  OrderShop test;
  const std::string number = test.place(shopper(), test.later).order.number;
  check_state(refusal(test.ship(number), Errc::invalid_state), "Confirm", "ship");
  test.admin().orders().capture(staff(), {number}).value();
  CHECK(test.ship(number).value().fulfillment_status == FulfillmentStatus::shipped);
}

TEST_CASE("units that are backordered are not shipped until they are there") {
  OrderShop test;
  test.shop->admin()
      .stock()
      .set(staff(), {.sku = "TEA", .on_hand = 1, .backorderable = true})
      .value();
  const std::string number = test.buy(shopper()).number;
  const Error refused = refusal(test.ship(number), Errc::invalid_state);
  check_state(refused, "Complete", "ship");
  CHECK(refused.fact("backordered", 0) == 1);
  CHECK_FALSE(test.order(number).shipment->shipped_at);
  test.shop->admin().stock().set(staff(), {.sku = "TEA", .adjust = 5}).value();
  CHECK(test.ship(number).value().fulfillment_status == FulfillmentStatus::shipped);
}

TEST_CASE("a shipped order can be refunded, and stays shipped") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  test.ship(number).value();
  const Order order = test.refund(number).value();
  CHECK(order.state == OrderState::complete);
  CHECK(order.payment_status == PaymentStatus::refunded);
  CHECK(order.fulfillment_status == FulfillmentStatus::shipped);
  CHECK(test.stock("TEA").on_hand == 98);
}

// ---- whose, and which

TEST_CASE("an order of somebody else does not exist") {
  OrderShop test;
  const Order order = test.buy(shopper());
  const Caller others[] = {shopper("eve"), guest("ada"), in_store("other", shopper())};
  for (const Caller& other : others) {
    refusal(test.orders().get(other, {order.number}), Errc::not_found, "number");
    refusal(test.orders().cancel(other, {order.number}), Errc::not_found, "number");
    CHECK(test.orders().list(other).value().items.empty());
  }
  refusal(test.orders().get(Caller(), {order.number}), Errc::unauthenticated);
  const Caller there = in_store("other", staff());
  refusal(test.admin().orders().get(there, {order.number}), Errc::not_found, "number");
  refusal(test.admin().orders().cancel(there, {order.number}), Errc::not_found, "number");
  refusal(test.admin().orders().get_timeline(there, {order.number}), Errc::not_found, "number");
  CHECK(test.admin().orders().list(there).value().items.empty());
  CHECK(test.orders().get(shopper(), {order.number}).value().id == order.id);
}

TEST_CASE("what staff do is for staff") {
  OrderShop test;
  const std::string number = test.buy(shopper()).number;
  const Caller caller = shopper();
  refusal(test.admin().orders().list(caller), Errc::forbidden);
  refusal(test.admin().orders().get(caller, {number}), Errc::forbidden);
  refusal(test.admin().orders().capture(caller, {number}), Errc::forbidden);
  refusal(test.admin().orders().mark_paid(caller, {number}), Errc::forbidden);
  refusal(test.admin().orders().refund(caller, {.number = number}), Errc::forbidden);
  refusal(test.admin().orders().cancel(caller, {number}), Errc::forbidden);
  refusal(test.admin().orders().ship(caller, {number, "T1"}), Errc::forbidden);
  refusal(test.admin().orders().get_timeline(caller, {number}), Errc::forbidden);
  refusal(test.admin().orders().refund(caller, {.number = "", .amount_cents = -1}),
          Errc::forbidden);
}

TEST_CASE("orders are listed newest first, page by page") {
  OrderShop test;
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    test.clock->advance(kMicrosPerSecond);
    made.insert(made.begin(), test.buy(shopper()).number);
  }
  test.buy(shopper("eve"));
  std::vector<std::string> seen;
  ListOrders request{.limit = 2, .after = {}};
  int pages = 0;
  do {
    const Page<Order> page = test.orders().list(shopper(), request).value();
    CHECK(page.items.size() <= 2);
    for (const std::string& number : numbers(page)) seen.push_back(number);
    request.after = page.next_after;
    ++pages;
  } while (request.after);
  CHECK(pages == 3);
  CHECK(seen == made);
  CHECK(test.admin().orders().list(staff()).value().items.size() == 6);
  CHECK(test.admin().orders().list(staff(), {.limit = 6}).value().next_after == std::nullopt);

  refusal(test.orders().list(shopper(), {.limit = 2, .after = "nonsense"}), Errc::invalid_request,
          "after");
  for (const std::int64_t wrong : {0, 201}) {
    refusal(test.orders().list(shopper(), {.limit = wrong, .after = {}}), Errc::invalid_request,
            "limit");
  }
}

TEST_CASE("orders are listed by when they were placed, not by when their cart was begun") {
  OrderShop test;
  const auto begin = [&](const char* user) {
    test.clock->advance(kMicrosPerDay);
    test.fill(shopper(user));
  };
  const auto place = [&](const char* user) {
    test.clock->advance(kMicrosPerSecond);
    return test.shop->checkout().place_order(shopper(user), {test.transfer}).value().order.number;
  };
  for (const char* user : {"ada", "bob", "cid", "dan"}) begin(user);
  using Numbers = std::vector<std::string>;
  Numbers placed;
  for (const char* user : {"dan", "bob", "ada"}) placed.insert(placed.begin(), place(user));

  const auto all = [&](const ListAllOrders& request) {
    return numbers(test.admin().orders().list(staff(), request).value());
  };
  CHECK(all({}) == placed);
  CHECK(all({.state = OrderState::confirm}) == placed);
  const std::string email = test.admin().orders().get(staff(), {placed[0]}).value().email;
  CHECK(all({.q = email}) == placed);
  CHECK(all({.q = email.substr(0, 3)}) == placed);

  // What is placed while somebody pages neither shifts the next page nor stands on it twice.
  for (const std::optional<std::string>& q : {std::optional<std::string>(), {email}}) {
    ListAllOrders request{.q = q, .limit = 2};
    const Numbers before = all({.q = q});
    const Page<Order> first = test.admin().orders().list(staff(), request).value();
    CHECK(numbers(first) == Numbers(before.begin(), before.begin() + 2));
    if (!q) place("cid");
    if (q) test.buy(shopper("eve"));
    request.after = first.next_after;
    request.limit = 200;
    CHECK(all(request) == Numbers(before.begin() + 2, before.end()));
    CHECK(all({.q = q}).size() == before.size() + 1);
  }
}

TEST_CASE("an order that is placed again stands at the top again") {
  OrderShop test;
  const std::string ada = test.place(shopper("ada"), test.card).order.number;
  test.clock->advance(kMicrosPerMinute);
  const std::string eve = test.place(shopper("eve"), test.card).order.number;
  test.clock->advance(kMicrosPerMinute);
  const std::string bob = test.place(shopper("bob"), test.card).order.number;
  ListAllOrders request{.limit = 1};
  const auto read = [&] {
    const Page<Order> page = test.admin().orders().list(staff(), request).value();
    request.after = page.next_after;
    return page.items.at(0).number;
  };
  CHECK(read() == bob);
  CHECK(read() == eve);
  // The order at which the next page begins leaves its place.
  test.shop->checkout().reopen(shopper("eve")).value();
  test.clock->advance(kMicrosPerMinute);
  const Placement again = test.shop->checkout().place_order(shopper("eve"), {test.card}).value();
  CHECK(again.order.number == eve);
  CHECK(again.order.placed_at == test.clock->now());
  CHECK(read() == ada);
  CHECK_FALSE(request.after);
  CHECK(numbers(test.admin().orders().list(staff()).value()) ==
        std::vector<std::string>{eve, bob, ada});
}

TEST_CASE("orders of one moment are listed in one order, on every page once") {
  OrderShop test;
  std::vector<OrderId> made;
  for (int i = 0; i < 7; ++i) {
    made.push_back(test.place(shopper(std::to_string(i)), test.card).order.id);
  }
  std::sort(made.begin(), made.end(), std::greater<>());
  std::vector<OrderId> seen;
  ListAllOrders request{.limit = 2};
  do {
    const Page<Order> page = test.admin().orders().list(staff(), request).value();
    for (const Order& order : page.items) seen.push_back(order.id);
    request.after = page.next_after;
  } while (request.after);
  CHECK(seen == made);
}

TEST_CASE("a cursor is what an earlier page gave, whole") {
  OrderShop test;
  for (const char* user : {"ada", "eve"}) test.place(shopper(user), test.card);
  const std::string good =
      test.admin().orders().list(staff(), {.limit = 1}).value().next_after.value();
  const std::string id = good.substr(0, good.find('.'));
  for (const std::string& bad : {std::string(), id, id + ".", id + ".x", id + ".1 ", good + "x",
                                 good.substr(1), "." + good, id + ".99999999999999999999"}) {
    refusal(test.admin().orders().list(staff(), {.after = bad}), Errc::invalid_request, "after");
    refusal(test.orders().list(shopper(), {.after = bad}), Errc::invalid_request, "after");
  }
}

TEST_CASE("staff list orders by state") {
  OrderShop test;
  const std::string paid = test.buy(shopper("ada")).number;
  test.clock->advance(kMicrosPerSecond);
  const std::string paying = test.place(shopper("bob"), test.card).order.number;
  const auto in = [&](std::optional<OrderState> state) {
    return numbers(test.admin().orders().list(staff(), {.state = state}).value());
  };
  using Numbers = std::vector<std::string>;
  CHECK(in({}) == Numbers{paying, paid});
  CHECK(in(OrderState::payment) == Numbers{paying});
  CHECK(in(OrderState::complete) == Numbers{paid});
  CHECK(in(OrderState::merged).empty());
}

TEST_CASE("the timeline tells what happened, in its order") {
  OrderShop test;
  const Placement placed = test.place(shopper(), test.card);
  test.clock->advance(kMicrosPerMinute);
  test.pay(shopper(), placed);
  const auto items =
      test.admin().orders().get_timeline(staff(), {placed.order.number}).value().items;
  REQUIRE(items.size() == 3);
  CHECK(items[0].type == EventType::order_placed);
  CHECK(items[1].type == EventType::external_payment_captured);
  CHECK(items[2].type == EventType::order_completed);
  for (std::size_t i = 0; i < items.size(); ++i) {
    CHECK(items[i].sequence == static_cast<std::int64_t>(i) + 1);
    CHECK(items[i].order_id == placed.order.id);
  }
  CHECK(items[0].created_at.plus(kMicrosPerMinute) == items[1].created_at);
  refusal(test.admin().orders().get_timeline(staff(), {"NONE"}), Errc::not_found, "number");
}

// ---- whose orders

TEST_CASE("staff see whose an order is, and list one user's orders") {
  OrderShop test;
  test.let_guests_check_out();
  const Order first = test.buy(shopper());
  const Order second = test.place(shopper(), test.transfer).order;
  const Order of_guest = test.buy(guest());
  test.buy(shopper("bob"));
  CHECK(test.order(first.number).user_id == "ada");
  CHECK(test.order(of_guest.number).user_id.empty());
  const auto listed = [&](const ListAllOrders& request) {
    std::vector<std::string> numbers;
    const auto page = test.admin().orders().list(staff(), request).value();
    for (const Order& order : page.items) {
      CHECK(order.user_id == "ada");
      numbers.push_back(order.number);
    }
    return numbers;
  };
  CHECK(listed({.user_id = "ada"}) == std::vector{second.number, first.number});
  CHECK(listed({.state = OrderState::confirm, .user_id = "ada"}) == std::vector{second.number});
  CHECK(listed({.user_id = "eve"}).empty());
}
