// Placing an order and what follows until it is paid: guards, prices, stock, the same payment
// again, the way back.
#include <set>
#include <thread>

#include "resys/checkout.hpp"
#include "support/buying_shop.hpp"
#include "support/forwarding_processor.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

// Takes bank transfers of at most 20.00.
class SmallSums final : public ForwardingProcessor {
 public:
  SmallSums() : ForwardingProcessor("small", manual_processor()) {}
  Result<void> accepts(Money amount) const override {
    if (amount.minor() <= 2'000) return success();
    return Error(Errc::unsupported_currency, "this is too much for us")
        .with("amountCents", amount.minor())
        .with("currency", std::string(amount.currency().code()));
  }
};

// Knows the shopper's card already, and that it is no good.
class DeclinesAtOnce final : public ForwardingProcessor {
 public:
  DeclinesAtOnce() : ForwardingProcessor("hasty", test_processor()) {}
  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    auto created = ForwardingProcessor::create_payment(context, request);
    if (created.has_value()) created.value().decline_code = "card_declined";
    return created;
  }
};

// Answers about another amount, whatever it is asked.
class Confused final : public ForwardingProcessor {
 public:
  Confused() : ForwardingProcessor("confused", test_processor()) {}
  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    ++asked;
    auto created = ForwardingProcessor::create_payment(context, request);
    if (created.has_value()) ++created.value().amount_cents;
    return created;
  }
  int asked = 0;
};

struct PlacingShop : BuyingShop {
  PlacingShop()
      : BuyingShop(
            {.processors = {test_processor(), manual_processor(), std::make_shared<SmallSums>(),
                            std::make_shared<DeclinesAtOnce>()}}) {
    small = shop->admin()
                .payment_methods()
                .create(staff(), {.name = "Small", .processor = "small"})
                .value()
                .id;
  }
  Result<Placement> try_to_place(const Caller& caller,
                                 std::optional<std::int64_t> accepted = std::nullopt) {
    return shop->checkout().place_order(
        caller, {.payment_method_id = card, .accept_total_cents = accepted});
  }
  Cart cart(const Caller& caller) { return shop->cart().get(caller).value(); }
  std::vector<EventType> events(const std::string& number) {
    std::vector<EventType> types;
    for (const auto found = shop->admin().orders().get_timeline(staff(), {number}).value();
         const Event& each : found.items) {
      types.push_back(each.type);
    }
    return types;
  }
  std::int64_t uses(const std::string& code) { return promotion_named(*shop, code).used; }

  PaymentMethodId small;
};

std::string text_in(const Facts& row, const std::string& name) {
  for (const Fact& fact : row) {
    if (fact.name != name) continue;
    const auto* number = std::get_if<std::int64_t>(&fact.value);
    return number != nullptr ? std::to_string(*number) : std::get<std::string>(fact.value);
  }
  return "";
}

// "TEA 790 -> 800, MUG 1200 -> 900"
std::string price_changes(const Error& error) {
  std::string text;
  for (const Facts& row : error.rows()) {
    if (!text_in(row, "promotion").empty()) continue;
    text += (text.empty() ? "" : ", ") + text_in(row, "sku") + text_in(row, "shippingMethod") +
            " " + text_in(row, "oldPriceCents") + " -> " + text_in(row, "newPriceCents");
  }
  return text;
}

// Nothing was written: the order is as it was, and nothing is held for it.
void check_untouched(PlacingShop& test, const Order& before) {
  const Cart after = test.cart(shopper());
  CHECK(after.state == OrderState::delivery);
  CHECK(after.version == before.version);
  CHECK(after.total_cents == before.total_cents);
  for (std::size_t i = 0; i < before.line_items.size(); ++i) {
    CHECK(after.line_items[i].unit_price_cents == before.line_items[i].unit_price_cents);
  }
  CHECK(test.stock("TEA").reserved == 0);
  CHECK(test.shop->orders().list(shopper()).value().items.empty());
}

void check_state(const Error& refused, const char* state, const char* event) {
  CHECK(refused.fact("state") == state);
  CHECK(refused.fact("event") == event);
}

}  // namespace

// ---- placing

TEST_CASE("placing reserves the stock, makes the payment and answers its secret") {
  PlacingShop test;
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  const Placement placed = test.try_to_place(shopper()).value();
  const Order& order = placed.order;
  CHECK(order.state == OrderState::payment);
  CHECK(order.number.size() == 12);
  CHECK(order.number.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ") == std::string::npos);
  CHECK(order.total_cents == 2 * 790 - 158 + 490);
  CHECK(order.placed_at == test.clock->now());
  CHECK_FALSE(order.completed_at);
  CHECK(order.payment_status == PaymentStatus::pending);
  CHECK(order.fulfillment_status == FulfillmentStatus::unfulfilled);
  REQUIRE(placed.payment);
  CHECK(placed.payment->state == PaymentState::created);
  CHECK(placed.payment->processor == "test");
  CHECK_FALSE(placed.payment->client_secret.empty());
  CHECK(placed.payment->amount_cents == order.total_cents);
  CHECK(placed.payment->currency == kEuro);
  REQUIRE(order.payments.size() == 1);
  CHECK(order.payments[0].id == placed.payment->id);
  CHECK(order.payments[0].captured_cents == 0);
  CHECK(placed.reservation_expires_at == test.clock->now().plus(15 * kMicrosPerMinute));
  CHECK(test.stock("TEA").reserved == 2);
  CHECK(test.uses("TEN") == 1);
  CHECK(test.events(order.number) == std::vector{EventType::order_placed});

  test.pay(shopper(), placed);
  const Order paid = test.order(order.number);
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.completed_at == test.clock->now());
  CHECK(paid.payment_status == PaymentStatus::paid);
  CHECK(paid.payments[0].captured_cents == order.total_cents);
  CHECK(test.stock("TEA").available == 98);
  CHECK(test.stock("TEA").reserved == 2);  // until its parcel leaves
  CHECK(test.cart(shopper()).id.empty());
}

TEST_CASE("order numbers do not follow from each other") {
  PlacingShop test;
  std::set<std::string> beginnings;
  for (int i = 0; i < 20; ++i) {
    const Caller caller = shopper("user-" + std::to_string(i));
    beginnings.insert(test.place(caller, test.card).order.number.substr(0, 4));
  }
  CHECK(beginnings.size() == 20);
}

TEST_CASE("the deadline of a reservation is the store's setting") {
  PlacingShop test;
  test.shop->admin().settings().update_checkout(staff(), {.reservation_minutes = 3}).value();
  const Placement placed = test.place(shopper(), test.card);
  CHECK(placed.reservation_expires_at == test.clock->now().plus(3 * kMicrosPerMinute));
}

TEST_CASE("the guards of placing, each seen once the one before it is satisfied") {
  PlacingShop test;
  CreatePromotion today = percent_off("TODAY", 100);
  today.ends_at = test.clock->now().plus(kMicrosPerDay);
  add(*test.shop, today);
  test.sell("CUP", 300);
  const PaymentMethodId none(detail::Uuid{1, 1});
  const auto place = [&](const PaymentMethodId& method,
                         std::optional<std::int64_t> accepted = std::nullopt) {
    return test.shop->checkout().place_order(
        shopper(), {.payment_method_id = method, .accept_total_cents = accepted});
  };
  const std::int64_t total = 2 * 850 + 300 + 490;
  // Everything is wrong at once.
  test.count("TEA", 1);
  refusal(place(none), Errc::not_found, "paymentMethodId");
  check_state(refusal(place(test.small), Errc::invalid_state), "Cart", "place");
  test.shop->cart().add_item(shopper(), {.sku = "TEA", .quantity = 2}).value();
  test.shop->cart().add_item(shopper(), {.sku = "CUP"}).value();
  test.shop->cart().apply_coupon(shopper(), {"TODAY"}).value();
  check_state(refusal(place(test.small), Errc::invalid_state), "Cart", "place");
  test.shop->checkout()
      .set_addresses(shopper(), {.shipping_address = BuyingShop::address()})
      .value();
  check_state(refusal(place(test.small), Errc::invalid_state), "Address", "place");
  test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  test.clock->advance(kMicrosPerDay);
  test.reprice("TEA", 850);
  test.withdraw("CUP");
  test.shop->admin()
      .shipping_methods()
      .update(staff(), {.shipping_method_id = test.post, .active = false})
      .value();

  const Error shipping = refusal(place(test.small), Errc::invalid_state);
  check_state(shipping, "Delivery", "place");
  CHECK(shipping.fact("shippingMethodId") == test.post.text());
  test.shop->admin()
      .shipping_methods()
      .update(staff(), {.shipping_method_id = test.post, .active = true})
      .value();

  const Error withdrawn = refusal(place(test.small), Errc::invalid_state);
  check_state(withdrawn, "Delivery", "place");
  REQUIRE(withdrawn.rows().size() == 1);
  CHECK(text_in(withdrawn.rows()[0], "sku") == "CUP");
  test.shop->admin().variants().update(staff(), {.sku = "CUP", .active = true}).value();

  const Error code = refusal(place(test.small), Errc::coupon_invalid);
  CHECK(code.fact("reason") == "ended");
  test.shop->cart().remove_coupon(shopper(), {"TODAY"}).value();

  const Error price = refusal(place(test.small), Errc::price_changed);
  CHECK(price.fact("newTotalCents", 0) == total);
  const Error processor = refusal(place(test.small, total), Errc::unsupported_currency);
  CHECK(processor.fact("amountCents", 0) == total);
  CHECK(processor.fact("currency") == "EUR");
  const Error stock = refusal(place(test.card, total), Errc::insufficient_stock);
  REQUIRE(stock.rows().size() == 1);
  test.count("TEA", 2);
  CHECK(place(test.card, total).value().order.state == OrderState::payment);
}

// ---- prices

TEST_CASE("a changed price stops the placing, with each line old and new") {
  PlacingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  test.sell("CUP", 300);
  test.shop->cart().add_item(shopper(), {.sku = "CUP"}).value();
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  const Order before = test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  CHECK(before.total_cents == 3'080 - 308 + 490);
  test.reprice("TEA", 800);
  test.reprice("MUG", 1'000);

  const Error refused =
      refusal(test.try_to_place(shopper()), Errc::price_changed, "acceptTotalCents");
  CHECK(price_changes(refused) == "MUG 1200 -> 1000, TEA 790 -> 800");
  const std::int64_t total = 2'900 - 290 + 490;
  CHECK(refused.fact("newTotalCents", 0) == total);
  CHECK(refused.fact("currency") == "EUR");
  check_untouched(test, before);
  // Another total than the new one is not an agreement.
  for (const std::int64_t other : {total - 1, total + 1, before.total_cents}) {
    refusal(test.try_to_place(shopper(), other), Errc::price_changed);
  }
  check_untouched(test, before);
  // And prices may move on meanwhile.
  test.reprice("TEA", 810);
  const Error again = refusal(test.try_to_place(shopper(), total), Errc::price_changed);
  CHECK(again.fact("newTotalCents", 0) == 2'920 - 292 + 490);

  const Placement placed = test.try_to_place(shopper(), 2'920 - 292 + 490).value();
  CHECK(placed.order.total_cents == 2'920 - 292 + 490);
  CHECK(placed.payment->amount_cents == placed.order.total_cents);
  CHECK(placed.order.line_items[0].unit_price_cents == 1'000);
  CHECK(placed.order.line_items[1].unit_price_cents == 300);
  CHECK(placed.order.line_items[2].unit_price_cents == 810);
}

TEST_CASE("prices that change and cancel out are still changed prices") {
  PlacingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "MUG", .quantity = 2}).value();
  const Order before = test.fill(shopper());
  test.reprice("TEA", 890);
  test.reprice("MUG", 1'100);
  const Error refused = refusal(test.try_to_place(shopper()), Errc::price_changed);
  CHECK(price_changes(refused) == "MUG 1200 -> 1100, TEA 790 -> 890");
  CHECK(refused.fact("newTotalCents", 0) == before.total_cents);
  check_untouched(test, before);
  CHECK(test.try_to_place(shopper(), before.total_cents).has_value());
}

TEST_CASE("a changed price of shipping is told like a line's") {
  PlacingShop test;
  const Order before = test.fill(shopper());
  test.shop->admin()
      .shipping_methods()
      .update(staff(), {.shipping_method_id = test.post, .price_cents = 590})
      .value();
  const Error refused = refusal(test.try_to_place(shopper()), Errc::price_changed);
  CHECK(price_changes(refused) == "Post 490 -> 590");
  CHECK(refused.fact("newTotalCents", 0) == 2 * 790 + 590);
  check_untouched(test, before);
  const Placement placed = test.try_to_place(shopper(), 2 * 790 + 590).value();
  CHECK(placed.order.shipment_total_cents == 590);
}

TEST_CASE("accepting the total that is shown is fine, another one is not") {
  PlacingShop test;
  const Order before = test.fill(shopper());
  const Error refused =
      refusal(test.try_to_place(shopper(), before.total_cents + 1), Errc::price_changed);
  CHECK(refused.rows().empty());
  CHECK(refused.fact("newTotalCents", 0) == before.total_cents);
  check_untouched(test, before);
  CHECK(test.try_to_place(shopper(), before.total_cents).has_value());
}

// ---- stock

TEST_CASE("too little stock is refused with every SKU that is short, and nothing is written") {
  PlacingShop test;
  test.sell("CUP", 300);
  test.shop->cart().add_item(shopper(), {.sku = "MUG", .quantity = 9}).value();
  test.shop->cart().add_item(shopper(), {.sku = "CUP", .quantity = 5}).value();
  const Order before = test.fill(shopper(), 4);
  test.count("TEA", 3);
  test.count("MUG", 0);
  const Error refused = refusal(test.try_to_place(shopper()), Errc::insufficient_stock);
  std::set<std::string> short_of;
  for (const Facts& row : refused.rows()) {
    short_of.insert(text_in(row, "sku") + " " + text_in(row, "requested") + " " +
                    text_in(row, "available"));
  }
  CHECK(short_of == std::set<std::string>{"MUG 9 0", "TEA 4 3"});
  check_untouched(test, before);
  CHECK(test.stock("CUP").reserved == 0);
}

TEST_CASE("backorderable stock is never short") {
  PlacingShop test;
  test.shop->admin()
      .stock()
      .set(staff(), {.sku = "TEA", .on_hand = 1, .backorderable = true})
      .value();
  const Placement placed = test.place(shopper(), test.card);
  CHECK(placed.order.state == OrderState::payment);
  CHECK(test.stock("TEA").reserved == 1);
}

// ---- nothing to pay

TEST_CASE("an order of nothing is complete as soon as it is placed") {
  PlacingShop test;
  add(*test.shop, percent_off("ALL", 10'000));
  const auto pickup = test.shop->admin()
                          .shipping_methods()
                          .create(staff(), {.name = "Pick up", .currency = kEuro})
                          .value()
                          .id;
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"ALL"}).value();
  test.shop->checkout().select_shipping_method(shopper(), {pickup}).value();
  const Caller once = with_key("free", shopper());
  const Placement placed = test.try_to_place(once).value();
  CHECK(placed.order.state == OrderState::complete);
  CHECK(placed.order.total_cents == 0);
  CHECK(placed.order.completed_at == test.clock->now());
  CHECK(placed.order.payment_status == PaymentStatus::none);
  CHECK_FALSE(placed.payment);
  CHECK_FALSE(placed.reservation_expires_at);
  CHECK(placed.order.payments.empty());
  CHECK(test.stock("TEA").available == 98);
  CHECK(test.uses("ALL") == 1);
  CHECK(test.events(placed.order.number) ==
        std::vector{EventType::order_placed, EventType::order_completed});
  CHECK(test.try_to_place(once).value().order.number == placed.order.number);
  check_state(refusal(test.try_to_place(shopper()), Errc::invalid_state), "Cart", "place");
  test.work();
  REQUIRE(test.mailer->sent().size() == 1);
  CHECK(test.mailer->sent()[0].subject.find(placed.order.number) != std::string::npos);
  // It can be canceled, and everything goes back.
  CHECK(test.shop->admin().orders().cancel(staff(), {placed.order.number}).value().state ==
        OrderState::canceled);
  CHECK(test.stock("TEA").available == 100);
  CHECK(test.uses("ALL") == 0);
}

TEST_CASE("stock is needed for an order of nothing, too") {
  PlacingShop test;
  test.sell("GIFT", 0);
  const auto pickup = test.shop->admin()
                          .shipping_methods()
                          .create(staff(), {.name = "Pick up", .currency = kEuro})
                          .value()
                          .id;
  test.count("GIFT", 1);
  test.shop->cart().add_item(shopper(), {.sku = "GIFT", .quantity = 2}).value();
  test.shop->checkout()
      .set_addresses(shopper(), {.shipping_address = BuyingShop::address()})
      .value();
  test.shop->checkout().select_shipping_method(shopper(), {pickup}).value();
  refusal(test.try_to_place(shopper()), Errc::insufficient_stock);
}

// ---- again

TEST_CASE("placing again answers the same payment and takes nothing twice") {
  PlacingShop test;
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  const Placement first = test.try_to_place(with_key("k", shopper())).value();
  test.clock->advance(kMicrosPerMinute);
  const auto check_same = [&](const Placement& again) {
    CHECK(again.order.number == first.order.number);
    CHECK(again.payment->id == first.payment->id);
    CHECK(again.payment->client_secret == first.payment->client_secret);
    CHECK(again.reservation_expires_at == first.reservation_expires_at);
    CHECK(again.order.payments.size() == 1);
  };
  check_same(test.try_to_place(shopper()).value());
  check_same(test.try_to_place(shopper(), first.order.total_cents).value());
  check_same(test.try_to_place(with_key("k", shopper())).value());
  CHECK(test.stock("TEA").reserved == 2);
  CHECK(test.uses("TEN") == 1);
  CHECK(test.events(first.order.number) == std::vector{EventType::order_placed});
  // A price that changes now concerns others.
  test.reprice("TEA", 9'900);
  check_same(test.try_to_place(shopper()).value());
  // So does the end of the method's offer.
  test.shop->admin()
      .payment_methods()
      .update(staff(), {.payment_method_id = test.card, .active = false})
      .value();
  check_same(test.try_to_place(shopper()).value());
  test.fill(shopper("eve"));
  refusal(test.try_to_place(shopper("eve")), Errc::not_found, "paymentMethodId");

  test.pay(shopper(), first);
  // The key remembers; a new request is about a new cart.
  CHECK(test.try_to_place(with_key("k", shopper())).value().order.state == OrderState::complete);
}

TEST_CASE("an order that is being paid cannot be placed with something else") {
  PlacingShop test;
  const Placement placed = test.place(shopper(), test.card);
  const Error method =
      refusal(test.shop->checkout().place_order(shopper(), {test.transfer}), Errc::invalid_state);
  check_state(method, "Payment", "place");
  CHECK(method.fact("allowedAfter") == "reopen");
  const Error total =
      refusal(test.try_to_place(shopper(), placed.order.total_cents + 1), Errc::invalid_state);
  CHECK(total.fact("allowedAfter") == "reopen");
  refusal(test.shop->checkout().place_order(shopper(), {PaymentMethodId(detail::Uuid{1, 1})}),
          Errc::not_found, "paymentMethodId");
  CHECK(test.order(placed.order.number).payments.size() == 1);

  test.shop->checkout().reopen(shopper()).value();
  CHECK(test.shop->checkout().place_order(shopper(), {test.transfer}).value().order.state ==
        OrderState::confirm);
}

TEST_CASE("items, codes, addresses and shipping are fixed while the order is being paid") {
  PlacingShop test;
  const Placement placed = test.place(shopper(), test.card);
  const LineItemId line = placed.order.line_items[0].id;
  Carts carts = test.shop->cart();
  Checkout checkout = test.shop->checkout();
  const auto check_fixed = [&](const auto& result, const char* event) {
    const Error refused = refusal(result, Errc::invalid_state);
    check_state(refused, "Payment", event);
    CHECK(refused.fact("allowedAfter") == "reopen");
  };
  check_fixed(carts.add_item(shopper(), {.sku = "MUG"}), "changeItems");
  check_fixed(carts.change_item(shopper(), {line, 1}), "changeItems");
  check_fixed(carts.remove_item(shopper(), {line}), "changeItems");
  check_fixed(carts.apply_coupon(shopper(), {"TEN"}), "changeItems");
  check_fixed(checkout.set_addresses(shopper(), {.shipping_address = BuyingShop::address()}),
              "setAddresses");
  check_fixed(checkout.list_shipping_methods(shopper()), "selectShipping");
  check_fixed(checkout.select_shipping_method(shopper(), {test.post}), "selectShipping");
  CHECK(test.cart(shopper()).version == placed.order.version);

  checkout.reopen(shopper()).value();
  CHECK(carts.add_item(shopper(), {.sku = "MUG"}).value().item_count == 3);
}

TEST_CASE("of many placings at once one makes the payment", "[concurrent]") {
  PlacingShop test;
  test.fill(shopper());
  constexpr int placers = 12;
  std::vector<std::string> answers(placers);
  std::vector<std::thread> threads;
  for (int i = 0; i < placers; ++i) {
    threads.emplace_back([&, i] {
      const auto placed = test.try_to_place(shopper());
      answers[static_cast<std::size_t>(i)] =
          placed.has_error() ? placed.error().message() : placed.value().payment->client_secret;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::set<std::string> different(answers.begin(), answers.end());
  CHECK(different.size() == 1);
  CHECK(different.begin()->rfind("test_", 0) == 0);
  CHECK(test.stock("TEA").reserved == 2);
}

// ---- the way back

TEST_CASE("reopening gives stock and codes back, and the order can be placed anew") {
  PlacingShop test;
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  const Placement first = test.try_to_place(shopper()).value();
  const Order open = test.shop->checkout().reopen(shopper()).value();
  CHECK(open.state == OrderState::delivery);
  CHECK(open.number == first.order.number);
  REQUIRE(open.payments.size() == 1);
  CHECK(open.payments[0].state == PaymentState::voided);
  CHECK(open.payment_status == PaymentStatus::none);
  CHECK(open.fulfillment_status == FulfillmentStatus::none);
  CHECK(open.total_cents == first.order.total_cents);
  CHECK(test.stock("TEA").reserved == 0);
  CHECK(test.uses("TEN") == 0);
  CHECK(test.events(open.number) ==
        std::vector{EventType::order_placed, EventType::payment_voided, EventType::order_reopened});
  // The old form takes no money any more.
  CHECK(test.shop->test_payments()
            .pay(shopper(), {first.payment->client_secret, kGoodCard})
            .has_error());

  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  const Placement second = test.try_to_place(shopper()).value();
  CHECK(second.order.number == first.order.number);
  CHECK(second.payment->id != first.payment->id);
  CHECK(second.payment->client_secret != first.payment->client_secret);
  CHECK(second.payment->amount_cents > first.payment->amount_cents);
  CHECK(test.uses("TEN") == 1);
  test.pay(shopper(), second);
  CHECK(test.order(first.order.number).state == OrderState::complete);
}

TEST_CASE("an order is placed only so often") {
  PlacingShop test;
  test.shop->admin().settings().update_checkout(staff(), {.max_placements = 2}).value();
  test.fill(shopper());
  for (int i = 0; i < 2; ++i) {
    test.try_to_place(shopper()).value();
    test.try_to_place(shopper()).value();  // again is not anew
    test.shop->checkout().reopen(shopper()).value();
  }
  const Error refused = refusal(test.try_to_place(shopper()), Errc::invalid_state);
  check_state(refused, "Delivery", "place");
  CHECK(refused.fact("limit", 0) == 2);
  CHECK(test.stock("TEA").reserved == 0);
}

TEST_CASE("a declined card leaves the order to be paid with another") {
  PlacingShop test;
  const Placement placed = test.place(shopper(), test.card);
  const Error declined = refusal(
      test.shop->test_payments().pay(shopper(), {placed.payment->client_secret, kDeclinedCard}),
      Errc::payment_declined);
  CHECK(declined.fact("declineCode") == "card_declined");
  const Order order = test.order(placed.order.number);
  CHECK(order.state == OrderState::payment);
  CHECK(order.payments[0].state == PaymentState::created);
  CHECK(test.stock("TEA").reserved == 2);
  test.pay(shopper(), placed);
  CHECK(test.events(order.number) ==
        std::vector{EventType::order_placed, EventType::payment_declined,
                    EventType::external_payment_captured, EventType::order_completed});
}

TEST_CASE("a store may close the payment at the first declined card") {
  PlacingShop test;
  test.shop->admin().settings().update_checkout(staff(), {.release_on_decline = true}).value();
  const Placement placed = test.place(shopper(), test.card);
  refusal(test.shop->test_payments().pay(shopper(), {placed.payment->client_secret, kDeclinedCard}),
          Errc::payment_declined);
  const Order order = test.order(placed.order.number);
  CHECK(order.state == OrderState::delivery);
  CHECK(order.payments[0].state == PaymentState::voided);
  CHECK(test.stock("TEA").reserved == 0);
  const Placement again = test.try_to_place(shopper()).value();
  CHECK(again.payment->id != placed.payment->id);
}

TEST_CASE("what a decline at once leads to is in the answer") {
  PlacingShop test;
  test.shop->admin().settings().update_checkout(staff(), {.release_on_decline = true}).value();
  const PaymentMethodId hasty = test.add_method("Hasty", "hasty");
  const Placement placed = test.place(shopper(), hasty);
  CHECK(placed.order.state == OrderState::delivery);
  CHECK(placed.order.payments.at(0).state == PaymentState::voided);
  CHECK(placed.payment->state == PaymentState::voided);
  CHECK(!placed.reservation_expires_at);
  CHECK(test.stock("TEA").reserved == 0);
}

TEST_CASE("a processor that answers about another payment is asked once by one placing") {
  const auto confused = std::make_shared<Confused>();
  BuyingShop test({.processors = {test_processor(), manual_processor(), confused}});
  const PaymentMethodId method = test.add_method("Odd", "confused");
  test.fill(shopper());
  refusal(test.shop->checkout().place_order(shopper(), {method}), Errc::processor_unavailable);
  CHECK(confused->asked == 1);
}
