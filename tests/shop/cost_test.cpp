// No accidental cost: what a call costs grows with what it returns, not with what exists. Costs are
// counted, not timed: the statements of one call and the steps of SQLite's virtual machine.
#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <utility>

#include "support/buying_shop.hpp"
#include "support/model_processor.hpp"
#include "support/promotions.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// How many times as much a call may cost where much exists. SQLite takes a few steps more or less
// depending on where in a table random ids and numbers lie.
constexpr double kTolerance = 1.1;
constexpr std::int64_t kPage = 5;
constexpr std::int64_t kVariantsPerProduct = 10;

// ---- counting

struct Cost {
  std::int64_t steps = 0;
  std::int64_t statements = 0;
};
using CostOfStatements = std::map<std::string, Cost>;         // by their text
using CostOfCalls = std::map<std::string, CostOfStatements>;  // by their name

// Counts on every connection that is opened while it lives. Everything here is done by one thread.
class Meter {
 public:
  Meter() { sqlite3_auto_extension(kWatch); }
  ~Meter() { sqlite3_cancel_auto_extension(kWatch); }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  // Since the last call.
  static CostOfStatements take() { return std::exchange(counted_, {}); }

 private:
  static int watch(sqlite3* database, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(database, SQLITE_TRACE_PROFILE, count, nullptr);
  }
  static int count(unsigned, void*, void* statement, void*) {
    auto* const finished = static_cast<sqlite3_stmt*>(statement);
    Cost& cost = counted_[sqlite3_sql(finished)];
    cost.steps += sqlite3_stmt_status(finished, SQLITE_STMTSTATUS_VM_STEP, 1);
    ++cost.statements;
    return 0;
  }

  static inline const auto kWatch = reinterpret_cast<void (*)()>(watch);
  static inline CostOfStatements counted_;
};

// A shop that sells TEA. In memory: the same is counted there, and nothing waits for a disk.
class MeteredShop : Meter {
 public:
  MeteredShop() {
    shop->admin().locations().create(staff(), {.name = "Shelf"}).value();
    add(*shop, percent_off("TEN", 1'000));
    shop->admin()
        .payment_methods()
        .configure(staff(), {method, {{"webhookSecret", model->kSecret}}})
        .value();
    sell({.slug = "tea", .name = "Tea", .variants = {variant("TEA")}});
    // The store's rules for prices are read by the first call that needs them.
    shop->cart().add_item(shopper("first"), {.sku = "TEA"}).value();
  }

  static NewVariant variant(const std::string& sku) {
    return {.sku = sku, .price_cents = 790, .currency = Currency::parse("EUR").value()};
  }
  void sell(const CreateProduct& product) {
    shop->admin().products().create(staff(), product).value();
    for (const NewVariant& each : product.variants) {
      shop->admin().stock().set(staff(), {.sku = each.sku, .on_hand = 1'000'000}).value();
    }
  }
  // What the processor has to say of the order's payment, once its buyer has paid.
  ReceiveWebhook paid(const Order& order) {
    const std::string intent = model->intent_of(order.payments.back().id);
    model->pay(intent);
    ReceiveWebhook webhook = model->webhook(intent);
    webhook.target = method.text();
    return webhook;
  }
  Result<WebhookReceipt> receive(const ReceiveWebhook& webhook) {
    return shop->webhooks().receive({.audience = Audience::processor}, webhook);
  }
  // Until nothing is due any more.
  void work() {
    while (shop->run_due_work().value().more) {
    }
  }

  // Makes the call, and keeps what it has cost.
  auto metered(const std::string& name, const auto& call) {
    take();
    auto answer = call().value();
    calls_[name] = take();
    return answer;
  }
  CostOfCalls take_calls() { return std::exchange(calls_, {}); }

  bool refuses_events = false;
  const std::shared_ptr<ModelProcessor> model = std::make_shared<ModelProcessor>();
  const std::shared_ptr<TestClock> clock = std::make_shared<TestClock>();
  const std::unique_ptr<Shop> shop = Shop::open({.database = "sqlite::memory:",
                                                 .secret_keys = {{"k1", std::string(32, 'k')}},
                                                 .secret_key_id = "k1",
                                                 .processors = {model},
                                                 .handlers = {handler()},
                                                 .clock = clock,
                                                 .mailer = std::make_shared<RecordingMailer>()})
                                         .value();
  const ShippingMethodId post =
      shop->admin()
          .shipping_methods()
          .create(staff(), {.name = "Post", .currency = Currency::parse("EUR").value()})
          .value()
          .id;
  const PaymentMethodId method = shop->admin()
                                     .payment_methods()
                                     .create(staff(), {.name = "Card", .processor = "model"})
                                     .value()
                                     .id;

 private:
  EventHandler handler() {
    return {"warehouse", {}, [this](Shop&, const std::string&, const Event&) -> Result<void> {
              if (refuses_events) return Error(Errc::internal, "the warehouse is closed");
              return success();
            }};
  }

  CostOfCalls calls_;
};

Cost total(const CostOfStatements& statements) {
  Cost sum;
  for (const auto& [text, cost] : statements) {
    sum.steps += cost.steps;
    sum.statements += cost.statements;
  }
  return sum;
}

// The statement whose steps have become the most.
std::string culprit(const CostOfStatements& less, const CostOfStatements& more) {
  std::pair<std::int64_t, std::string> worst;
  for (const auto& [text, cost] : more) {
    const auto before = less.find(text);
    const std::int64_t growth = cost.steps - (before == less.end() ? 0 : before->second.steps);
    worst = std::max(worst, {growth, text});
  }
  return std::to_string(worst.first) + " steps more in: " + worst.second;
}

void check_growth(std::int64_t less, std::int64_t more) {
  INFO(less << " have become " << more);
  CHECK(static_cast<double>(more) <= kTolerance * static_cast<double>(less));
}

void check_same_cost(const CostOfCalls& small, const CostOfCalls& large) {
  REQUIRE(small.size() == large.size());
  for (const auto& [name, statements] : small) {
    const Cost less = total(statements);
    const Cost more = total(large.at(name));
    INFO(name << ": " << culprit(statements, large.at(name)));
    CHECK(less.steps > 0);
    check_growth(less.steps, more.steps);
    check_growth(less.statements, more.statements);
  }
}

// ---- what is called

struct Goods {
  std::vector<std::string> skus;
  std::int64_t quantity = 1;
};

// "V-000000" and so on, in products of kVariantsPerProduct, all in stock.
std::vector<std::string> sell_variants(MeteredShop& test, std::int64_t count) {
  const auto digits = [](std::int64_t number) {
    return std::to_string(1'000'000 + number).substr(1);
  };
  std::vector<std::string> skus;
  for (std::int64_t first = 0; first < count; first += kVariantsPerProduct) {
    CreateProduct product{.slug = "p-" + digits(first), .name = "Product"};
    for (std::int64_t i = first; i < std::min(first + kVariantsPerProduct, count); ++i) {
      product.variants.push_back(MeteredShop::variant("V-" + digits(i)));
      skus.push_back(product.variants.back().sku);
    }
    test.sell(product);
  }
  return skus;
}

void put(MeteredShop& test, const Caller& caller, const Goods& goods) {
  for (const std::string& sku : goods.skus) {
    test.shop->cart().add_item(caller, {sku, goods.quantity}).value();
  }
}

Placement place(MeteredShop& test, const Caller& caller, const Goods& goods,
                const std::string& email = "ada@example.com") {
  put(test, caller, goods);
  Checkout checkout = test.shop->checkout();
  checkout.set_addresses(caller, {.shipping_address = BuyingShop::address(), .email = email})
      .value();
  checkout.select_shipping_method(caller, {test.post}).value();
  return checkout.place_order(caller, {test.method}).value();
}

Order buy(MeteredShop& test, const Caller& caller, const Goods& goods) {
  const Order placed = place(test, caller, goods).order;
  test.receive(test.paid(placed)).value();
  return placed;
}

void meter_cart(MeteredShop& test, const Caller& caller, const Goods& goods) {
  Carts carts = test.shop->cart();
  test.metered("the first Carts::add_item", [&] {
    return carts.add_item(caller, {goods.skus.front(), goods.quantity});
  });
  put(test, caller, {{goods.skus.begin() + 1, goods.skus.end()}, goods.quantity});
  const Cart cart = test.metered("Carts::get", [&] { return carts.get(caller); });
  const LineItemId last = cart.line_items.back().id;
  test.metered("Carts::change_item", [&] {
    return carts.change_item(caller, {last, goods.quantity});
  });
  test.metered("Carts::remove_item", [&] { return carts.remove_item(caller, {last}); });
  test.metered("Carts::add_item", [&] {
    return carts.add_item(caller, {goods.skus.back(), goods.quantity});
  });
  test.metered("Carts::apply_coupon", [&] { return carts.apply_coupon(caller, {"TEN"}); });

  const Caller visitor = guest(caller.user_id + "'s session");
  put(test, visitor, goods);
  Caller both = visitor;
  both.user_id = caller.user_id + "'s other account";
  test.metered("Carts::merge", [&] { return carts.merge(both); });
}

Order meter_checkout(MeteredShop& test, const Caller& caller) {
  Checkout checkout = test.shop->checkout();
  const SetAddresses addresses{.shipping_address = BuyingShop::address(),
                               .email = "ada@example.com"};
  test.metered("Checkout::set_addresses",
               [&] { return checkout.set_addresses(caller, addresses); });
  test.metered("Checkout::list_shipping_methods",
               [&] { return checkout.list_shipping_methods(caller); });
  test.metered("Checkout::select_shipping_method",
               [&] { return checkout.select_shipping_method(caller, {test.post}); });
  test.metered("Checkout::list_payment_methods",
               [&] { return checkout.list_payment_methods(caller); });
  return test
      .metered("Checkout::place_order", [&] { return checkout.place_order(caller, {test.method}); })
      .order;
}

void meter_after_purchase(MeteredShop& test, const Caller& caller, const Order& placed) {
  Orders orders = test.shop->orders();
  Admin admin = test.shop->admin();
  const OrderRef order{placed.number};
  const ReceiveWebhook webhook = test.paid(placed);
  test.metered("Webhooks::receive", [&] { return test.receive(webhook); });
  test.metered("Shop::run_due_work", [&] { return test.shop->run_due_work(); });
  test.metered("Shop::run_due_work without any", [&] { return test.shop->run_due_work(); });
  test.metered("Orders::get", [&] { return orders.get(caller, order); });
  test.metered("AdminOrders::get", [&] { return admin.orders().get(staff(), order); });
  test.metered("AdminOrders::ship", [&] {
    return admin.orders().ship(staff(), {placed.number, "T1"});
  });
  test.metered("AdminOrders::refund", [&] {
    return admin.orders().refund(staff(), {.number = placed.number, .amount_cents = 1});
  });
  test.metered("AdminOrders::get_timeline",
               [&] { return admin.orders().get_timeline(staff(), order); });
}

void meter_other_ends(MeteredShop& test, const Caller& caller, const Goods& goods) {
  Orders orders = test.shop->orders();
  Admin admin = test.shop->admin();
  const Order paid = buy(test, caller, goods);
  test.metered("AdminOrders::cancel",
               [&] { return admin.orders().cancel(staff(), {paid.number}); });

  place(test, caller, goods);
  const Order reopened =
      test.metered("Checkout::reopen", [&] { return test.shop->checkout().reopen(caller); });
  test.metered("Orders::cancel", [&] { return orders.cancel(caller, {reopened.number}); });

  test.model->capture_by_hand(true);
  const Order authorized = buy(test, caller, goods);
  test.model->capture_by_hand(false);
  test.metered("AdminOrders::capture",
               [&] { return admin.orders().capture(staff(), {authorized.number}); });
}

// What a host with orders of its own calls.
void meter_reservation(MeteredShop& test, const Caller& caller, const Goods& goods) {
  InventoryReservationService reservations = test.shop->reservations();
  Reserve request{.order_ref = caller.user_id + "'s order"};
  for (const std::string& sku : goods.skus) request.lines.push_back({sku, sku, goods.quantity});
  const ReservationRef order{request.order_ref};
  test.metered("InventoryReservationService::reserve",
               [&] { return reservations.reserve(staff(), request); });
  test.metered("InventoryReservationService::get",
               [&] { return reservations.get(staff(), order); });
  test.metered("InventoryReservationService::release",
               [&] { return reservations.release(staff(), order); });
  reservations.reserve(staff(), request).value();
  test.metered("InventoryReservationService::commit",
               [&] { return reservations.commit(staff(), order); });
  test.metered("InventoryReservationService::ship",
               [&] { return reservations.ship(staff(), order); });
  test.metered("InventoryReservationService::restock",
               [&] { return reservations.restock(staff(), order); });
}

// Each call of a purchase.
void meter_purchase(MeteredShop& test, const Caller& caller, const Goods& goods) {
  test.work();
  meter_cart(test, caller, goods);
  meter_after_purchase(test, caller, meter_checkout(test, caller));
  meter_other_ends(test, caller, goods);
  meter_reservation(test, caller, goods);
}

// ---- the lists

// The cursor after half of the items.
std::optional<std::string> middle_of(std::int64_t count, const auto& list) {
  std::optional<std::string> after;
  for (std::int64_t seen = 0; seen < count / 2; seen += kPage) after = list(after).next_after;
  return after;
}

void meter_catalog(MeteredShop& test, const std::vector<std::string>& skus) {
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  const std::string sku = skus[skus.size() / 2];
  const std::string slug = "p-" + sku.substr(2);
  test.metered("Products::get", [&] { return shop.products().get(shopper(), {slug}); });
  const ListProducts first{.limit = kPage};
  const ListProducts middle{.limit = kPage, .after = slug};
  test.metered("Products::list", [&] { return shop.products().list(shopper(), first); });
  test.metered("Products::list in the middle",
               [&] { return shop.products().list(shopper(), middle); });
  test.metered("AdminProducts::list", [&] { return admin.products().list(staff(), middle); });
  test.metered("AdminVariants::update",
               [&] { return admin.variants().update(staff(), {.sku = sku, .price_cents = 200}); });
  test.metered("AdminStock::get", [&] { return admin.stock().get(staff(), {sku}); });
  test.metered("AdminStock::set",
               [&] { return admin.stock().set(staff(), {.sku = sku, .adjust = 1}); });
  const auto stock_after = [&](const auto& after) {
    return admin.stock().list(staff(), {kPage, after});
  };
  const auto after = middle_of(static_cast<std::int64_t>(skus.size()),
                               [&](const auto& from) { return stock_after(from).value(); });
  test.metered("AdminStock::list", [&] { return stock_after(after); });
  const ProductId product = shop.products().get(shopper(), {slug}).value().id;
  test.metered("AdminVariants::create", [&] {
    return admin.variants().create(
        staff(),
        {.product_id = product, .sku = "W-NEW", .currency = Currency::parse("EUR").value()});
  });
  test.metered("AdminVariants::update, renaming", [&] {
    return admin.variants().update(staff(), {.sku = "W-NEW", .new_sku = "W-NEWER"});
  });
  admin.stock().set(staff(), {.sku = "W-NEWER", .on_hand = 5}).value();
  test.metered("AdminVariants::remove",
               [&] { return admin.variants().remove(staff(), {.sku = "W-NEWER"}); });
}

CostOfCalls costs_with_variants(std::int64_t count) {
  MeteredShop test;
  const auto skus = sell_variants(test, count);
  meter_catalog(test, skus);
  meter_purchase(test, shopper(), {{skus[skus.size() / 2]}});
  return test.take_calls();
}

void meter_orders(MeteredShop& test, const Caller& caller, std::int64_t count) {
  Orders orders = test.shop->orders();
  Admin admin = test.shop->admin();
  const auto own = [&](const std::optional<std::string>& after) {
    return orders.list(caller, {kPage, after});
  };
  const auto all = [&](const std::optional<std::string>& after) {
    return admin.orders().list(staff(), {.limit = kPage, .after = after});
  };
  const auto in_state = [&](OrderState state) {
    return admin.orders().list(staff(), {.state = state, .limit = kPage});
  };
  const auto middle = middle_of(count, [&](const auto& after) { return own(after).value(); });
  test.metered("Orders::list", [&] { return own({}); });
  test.metered("Orders::list in the middle", [&] { return own(middle); });
  test.metered("AdminOrders::list", [&] { return all({}); });
  test.metered("AdminOrders::list in the middle", [&] { return all(middle); });
  test.metered("AdminOrders::list, complete", [&] { return in_state(OrderState::complete); });
  const Page<Order> canceled =
      test.metered("AdminOrders::list, canceled", [&] { return in_state(OrderState::canceled); });
  REQUIRE(canceled.items.size() == 1);
  const Order& one = canceled.items[0];
  for (const auto& [what, q] : {std::pair("number", one.number), {"email", one.email}}) {
    const Page<Order> found =
        test.metered("AdminOrders::list, by " + std::string(what),
                     [&, q = q] { return admin.orders().list(staff(), {.q = q}); });
    CHECK(found.items.size() == 1);
  }
  const Page<Order> of_customer = test.metered("AdminOrders::list, by a customer's email", [&] {
    return admin.orders().list(staff(), {.q = "ada@example.com", .limit = kPage});
  });
  CHECK(of_customer.items.size() == kPage);
}

// One order gives way among all that are paid.
void meter_loss(MeteredShop& test, const Caller& caller) {
  place(test, caller, {{"TEA"}});
  Admin admin = test.shop->admin();
  const Stock tea = admin.stock().get(staff(), {"TEA"}).value();
  const SetStock loss{.sku = "TEA", .on_hand = tea.reserved - 1, .release_holds = true};
  test.metered("AdminStock::set, writing down a loss",
               [&] { return admin.stock().set(staff(), loss); });
  test.work();
  CHECK(admin.stock().get(staff(), {"TEA"}).value().reserved == tea.reserved - 1);
}

CostOfCalls costs_with_orders(std::int64_t count) {
  MeteredShop test;
  const Caller caller = shopper();
  const Order first = place(test, caller, {{"TEA"}}, "first@example.com").order;
  test.shop->orders().cancel(caller, {first.number}).value();
  for (std::int64_t i = 1; i < count; ++i) buy(test, caller, {{"TEA"}});
  test.work();

  meter_orders(test, caller, count);
  test.metered("AdminStock::list_movements", [&] {
    return test.shop->admin().stock().list_movements(staff(), {.sku = "TEA", .limit = kPage});
  });
  test.shop->admin().settings().update_checkout(staff(), {.webhook_days = 3'650}).value();
  test.shop->cart().add_item(guest(), {.sku = "TEA"}).value();
  test.clock->advance(61 * kMicrosPerDay);
  test.metered("Shop::run_due_work, clearing a cart", [&] { return test.shop->run_due_work(); });
  meter_purchase(test, caller, {{"TEA"}});
  meter_loss(test, caller);
  return test.take_calls();
}

// ---- the clock

// Each kind of due work: looked for while so many are not due yet, and done once where as many are.
CostOfCalls costs_with_due_work(std::int64_t count) {
  MeteredShop test;
  Shop& shop = *test.shop;
  const auto set = [&](const UpdateCheckoutSettings& request) {
    shop.admin().settings().update_checkout(staff(), request).value();
  };
  set({.guest_checkout = true, .webhook_days = 3'650});
  const auto meter_one = [&](const std::string& name) {
    return test.metered("Shop::run_due_work, " + name, [&] { return shop.run_due_work(1); }).done;
  };
  const auto meter = [&](const std::string& kind, const auto& prepare) {
    for (std::int64_t i = 0; i < count; ++i) prepare(std::to_string(i));
    test.work();  // events are due at once
    CAPTURE(kind);
    CHECK(meter_one(kind + " that is not due") == 0);
    test.clock->advance(61 * kMicrosPerDay);
    CHECK(meter_one(kind) == 1);
    test.work();
  };
  meter("a payment", [&](const auto& name) { place(test, shopper(name), {{"TEA"}}); });
  meter("a cart",
        [&](const auto& name) { shop.cart().add_item(guest(name), {.sku = "TEA"}).value(); });
  meter("an idempotency key", [&](const auto& name) {
    shop.cart().add_item(with_key(name, shopper()), {.sku = "TEA"}).value();
  });
  meter("a reservation", [&](const auto& name) {
    shop.reservations().reserve(staff(), {name, {{"line", "TEA", 1}}}).value();
  });
  meter("a webhook", [&](const auto& name) {
    ReceiveWebhook early = test.model->sign("id=" + name + "\ntype=payment\nintent=pi_early\n" +
                                            "payment=" + PaymentId({1, 2}).text() + "\n");
    early.target = test.method.text();
    test.receive(early).value();
  });
  set({.webhook_days = 30});
  CHECK(meter_one("an old webhook") == 1);
  set({.webhook_days = 3'650});
  for (std::int64_t i = 0; i < count; ++i) buy(test, shopper(), {{"TEA"}});
  CHECK(meter_one("an event") == 1);
  // The later ones of an order wait while its first cannot be told.
  test.refuses_events = true;
  test.work();
  CHECK(shop.admin().events().list(staff(), {.limit = 2}).value().items.size() == 2);
  CHECK(meter_one("events behind one that fails") == 0);
  // Those of the orders before go when all are told.
  test.refuses_events = false;
  test.clock->advance(kMicrosPerHour);
  set({.event_days = 30});
  test.work();
  CHECK(meter_one("events that are kept") == 0);
  test.clock->advance(31 * kMicrosPerDay);
  CHECK(meter_one("an order's old events") == 1);
  return test.take_calls();
}

// ---- backorders

CostOfCalls costs_of_units(std::int64_t quantity) {
  MeteredShop test;
  meter_purchase(test, shopper(), {{"TEA"}, quantity});
  test.sell({.slug = "late", .name = "Late", .variants = {MeteredShop::variant("LATE")}});
  Admin admin = test.shop->admin();
  admin.stock().set(staff(), {.sku = "LATE", .on_hand = 0, .backorderable = true}).value();
  buy(test, shopper(), {{"LATE"}, quantity});
  const Stock stock = test.metered("AdminStock::set, filling a backorder", [&] {
    return admin.stock().set(staff(), {.sku = "LATE", .adjust = quantity});
  });
  CHECK(stock.available == 0);
  return test.take_calls();
}

// ---- promotions

// The calls of a cart in a store of its own, with so many promotions that apply to it.
CostOfCalls costs_with_promotions(MeteredShop& test, std::int64_t count) {
  const Caller admin = in_store("store-" + std::to_string(count), staff());
  const Caller buyer = in_store(admin.store, shopper());
  Shop& shop = *test.shop;
  shop.admin()
      .products()
      .create(admin, {.slug = "tea", .name = "Tea", .variants = {MeteredShop::variant("TEA")}})
      .value();
  const auto post = shop.admin()
                        .shipping_methods()
                        .create(admin, {.name = "Post", .currency = Currency::parse("EUR").value()})
                        .value();
  for (std::int64_t i = 0; i < count; ++i) {
    CreatePromotion promotion = automatic(percent_off("P" + std::to_string(i), 100));
    // One has its row, so that they differ in nothing else.
    if (i > 0) promotion.conditions = {minimum(kMaxMinor)};
    promotion.currency = Currency::parse("EUR").value();
    add(shop, promotion, admin);
  }
  Carts carts = shop.cart();
  carts.add_item(buyer, {.sku = "TEA"}).value();
  test.metered("Carts::add_item", [&] { return carts.add_item(buyer, {.sku = "TEA"}); });
  test.metered("Carts::get", [&] { return carts.get(buyer); });
  test.metered("Checkout::set_addresses", [&] {
    return shop.checkout().set_addresses(buyer, {.shipping_address = BuyingShop::address()});
  });
  test.metered("Checkout::select_shipping_method",
               [&] { return shop.checkout().select_shipping_method(buyer, {post.id}); });
  return test.take_calls();
}

}  // namespace

TEST_CASE("a cart in a store without promotions, price lists and taxes looks for none") {
  MeteredShop test;
  for (const auto& [name, statements] : costs_with_promotions(test, 0)) {
    for (const auto& [text, cost] : statements) {
      CAPTURE(name, text);
      for (const char* table :
           {"FROM promotion", "order_promotion", "price_list", "FROM tax_rate", "FROM customer"}) {
        CHECK(text.find(table) == text.npos);
      }
    }
  }
}

TEST_CASE("the statements of a call do not depend on how many promotions a store has") {
  MeteredShop test;
  check_same_cost(costs_with_promotions(test, 1), costs_with_promotions(test, 50));
}

TEST_CASE("the cost of a line does not depend on its units") {
  check_same_cost(costs_of_units(1), costs_of_units(kMaxUnitsPerLine));
}

TEST_CASE("the cost of a call does not depend on how many variants a store has") {
  check_same_cost(costs_with_variants(4 * kPage * kVariantsPerProduct),
                  costs_with_variants(by_tier(2'000, 5'000, 100'000)));
}

TEST_CASE("the cost of a call does not depend on how many orders its customer has") {
  check_same_cost(costs_with_orders(4 * kPage), costs_with_orders(by_tier(200, 500, 10'000)));
}

TEST_CASE("the cost of a piece of due work does not depend on how many are due or will be") {
  check_same_cost(costs_with_due_work(100), costs_with_due_work(by_tier(200, 300, 5'000)));
}

TEST_CASE("a further line costs the same whether an order has few or many") {
  MeteredShop test;
  const auto skus = sell_variants(test, kMaxLinesPerCart);
  constexpr std::int64_t counts[] = {2, 20, kMaxLinesPerCart};
  std::vector<CostOfCalls> costs;
  for (const std::int64_t count : counts) {
    meter_purchase(test, shopper(std::to_string(count)), {{skus.begin(), skus.begin() + count}});
    costs.push_back(test.take_calls());
  }
  for (const auto& [name, two] : costs[0]) {
    const CostOfStatements& some = costs[1].at(name);
    const CostOfStatements& many = costs[2].at(name);
    INFO(name << ": " << culprit(some, many));
    for (const auto what : {&Cost::steps, &Cost::statements}) {
      const std::int64_t first = total(some).*what - total(two).*what;
      const std::int64_t later = total(many).*what - total(some).*what;
      check_growth(first / (counts[1] - counts[0]), later / (counts[2] - counts[1]));
    }
  }
}
