// Idempotency keys: every kind of write is done once per key, whoever repeats it and when.
#include <algorithm>
#include <thread>

#include "catalog/fields.hpp"
#include "customer/fields.hpp"
#include "event/fields.hpp"
#include "inventory/fields.hpp"
#include "order/cart_fields.hpp"
#include "order/checkout_fields.hpp"
#include "order/fields.hpp"
#include "payment/fields.hpp"
#include "pricing/promotion_fields.hpp"
#include "shipping/fields.hpp"
#include "shop/settings_fields.hpp"
#include "support/at_once.hpp"
#include "support/buying_shop.hpp"
#include "support/database_dump.hpp"
#include "support/promotions.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// A call, and its answer as bytes.
using Call = std::function<Result<std::string>(const Caller&)>;

std::string bytes_of(const auto& answer) { return fields::fingerprint(answer); }
std::string bytes_of(const Reservation& reservation) {
  std::string bytes = reservation.order_ref + std::string(name_of(reservation.state)) +
                      reservation.expires_at.value_or(Timestamp()).text();
  for (const InventoryUnit& unit : reservation.units) bytes += fields::fingerprint(unit);
  return bytes;
}

template <class Service, class Answer, class Request>
Call call(Service service, Result<Answer> (Service::*method)(const Caller&, const Request&),
          std::type_identity_t<Request> request) {
  return [=](const Caller& caller) mutable -> Result<std::string> {
    RESYS_TRY(answer, (service.*method)(caller, request));
    return bytes_of(answer);
  };
}

// A write, and another request of the same kind; none where the request has no fields.
struct Write {
  Caller caller;
  Call call;
  Call other;
};

// Makes all that the write needs.
struct Scene {
  const char* name;
  std::function<Write(BuyingShop&)> prepare;
};

const Currency kEur = Currency::parse("EUR").value();

Write write(Caller caller, Call call, Call other) {
  return {std::move(caller), std::move(call), std::move(other)};
}

std::vector<Scene> catalog_scenes() {
  return {
      {"create a product",
       [](BuyingShop& test) {
         return write(staff(),
                      call(test.shop->admin().products(), &AdminProducts::create,
                           {.slug = "cup", .name = "Cup"}),
                      call(test.shop->admin().products(), &AdminProducts::create,
                           {.slug = "pot", .name = "Pot"}));
       }},
      {"update a product",
       [](BuyingShop& test) {
         Shop& shop = *test.shop;
         const ProductId id = shop.products().get(staff(), {"tea"}).value().id;
         return write(staff(),
                      call(test.shop->admin().products(), &AdminProducts::update,
                           {.product_id = id, .name = "Teas"}),
                      call(test.shop->admin().products(), &AdminProducts::update,
                           {.product_id = id, .name = "Chai"}));
       }},
      {"create a variant",
       [](BuyingShop& test) {
         Shop& shop = *test.shop;
         const ProductId id = shop.products().get(staff(), {"tea"}).value().id;
         const auto variant = [&](const char* sku) {
           return CreateVariant{
               .product_id = id, .sku = sku, .name = sku, .price_cents = 100, .currency = kEur};
         };
         return write(staff(),
                      call(test.shop->admin().variants(), &AdminVariants::create, variant("CUP")),
                      call(test.shop->admin().variants(), &AdminVariants::create, variant("POT")));
       }},
      {"update a variant",
       [](BuyingShop& test) {
         return write(staff(),
                      call(test.shop->admin().variants(), &AdminVariants::update,
                           {.sku = "TEA", .price_cents = 800}),
                      call(test.shop->admin().variants(), &AdminVariants::update,
                           {.sku = "TEA", .price_cents = 900}));
       }},
      {"create a promotion",
       [](BuyingShop& test) {
         AdminPromotions promotions = test.shop->admin().promotions();
         return write(staff(),
                      call(promotions, &AdminPromotions::create, percent_off("HALF", 5'000)),
                      call(promotions, &AdminPromotions::create, percent_off("THIRD", 3'333)));
       }},
      {"update a promotion",
       [](BuyingShop& test) {
         AdminPromotions promotions = test.shop->admin().promotions();
         const PromotionId id = promotion_named(*test.shop, "TEN").id;
         return write(
             staff(),
             call(promotions, &AdminPromotions::update, {.promotion_id = id, .usage_limit = 5}),
             call(promotions, &AdminPromotions::update, {.promotion_id = id, .usage_limit = 6}));
       }},
      {"create codes",
       [](BuyingShop& test) {
         AdminPromotions promotions = test.shop->admin().promotions();
         const PromotionId id = promotion_named(*test.shop, "TEN").id;
         return write(
             staff(),
             call(promotions, &AdminPromotions::create_codes, {.promotion_id = id, .count = 3}),
             call(promotions, &AdminPromotions::create_codes, {.promotion_id = id, .count = 4}));
       }},
      {"update a customer",
       [](BuyingShop& test) {
         AdminCustomers customers = test.shop->admin().customers();
         return write(
             staff(),
             call(customers, &AdminCustomers::update, {.user_id = "ada", .tax_id = "DE136695976"}),
             call(customers, &AdminCustomers::update, {.user_id = "ada", .tax_id = "FI20774740"}));
       }},
      {"create a shipping method",
       [](BuyingShop& test) {
         AdminShippingMethods methods = test.shop->admin().shipping_methods();
         const CreateShippingMethod bike{.name = "Bike", .price_cents = 900, .currency = kEur};
         const CreateShippingMethod boat{.name = "Boat", .price_cents = 900, .currency = kEur};
         return write(staff(), call(methods, &AdminShippingMethods::create, bike),
                      call(methods, &AdminShippingMethods::create, boat));
       }},
      {"update a shipping method",
       [](BuyingShop& test) {
         AdminShippingMethods methods = test.shop->admin().shipping_methods();
         const UpdateShippingMethod dear{.shipping_method_id = test.post, .price_cents = 990};
         const UpdateShippingMethod cheap{.shipping_method_id = test.post, .price_cents = 190};
         return write(staff(), call(methods, &AdminShippingMethods::update, dear),
                      call(methods, &AdminShippingMethods::update, cheap));
       }},
  };
}

std::vector<Scene> settings_scenes() {
  return {
      {"update the settings",
       [](BuyingShop& test) {
         AdminSettings settings = test.shop->admin().settings();
         return write(staff(),
                      call(settings, &AdminSettings::update_checkout, {.payment_due_days = 3}),
                      call(settings, &AdminSettings::update_checkout, {.payment_due_days = 4}));
       }},
      {"create a payment method",
       [](BuyingShop& test) {
         AdminPaymentMethods methods = test.shop->admin().payment_methods();
         return write(
             staff(),
             call(methods, &AdminPaymentMethods::create, {.name = "Cash", .processor = "manual"}),
             call(methods, &AdminPaymentMethods::create, {.name = "Check", .processor = "manual"}));
       }},
      {"update a payment method",
       [](BuyingShop& test) {
         AdminPaymentMethods methods = test.shop->admin().payment_methods();
         const UpdatePaymentMethod off{.payment_method_id = test.card, .active = false};
         const UpdatePaymentMethod last{.payment_method_id = test.card, .position = 9};
         return write(staff(), call(methods, &AdminPaymentMethods::update, off),
                      call(methods, &AdminPaymentMethods::update, last));
       }},
      {"configure a payment method",
       [](BuyingShop& test) {
         AdminPaymentMethods methods = test.shop->admin().payment_methods();
         const PaymentMethodId id =
             methods.create(staff(), {.name = "Stripe", .processor = "stripe"}).value().id;
         const auto key = [&](const char* value) {
           return ConfigurePaymentMethod{id, {{"secretKey", value}}};
         };
         return write(staff(), call(methods, &AdminPaymentMethods::configure, key("sk_test_1")),
                      call(methods, &AdminPaymentMethods::configure, key("sk_test_2")));
       }},
      {"retry an event",
       [](BuyingShop& test) {
         test.mailer->answer = [](const Mail&) -> Result<void> {
           return Error(Errc::invalid_request, "550 no such mailbox");
         };
         const Order order = test.buy(shopper());
         test.work();
         const auto timeline =
             test.shop->admin().orders().get_timeline(staff(), {order.number}).value();
         AdminEvents events = test.shop->admin().events();
         return write(staff(), call(events, &AdminEvents::retry, {timeline.items.back().id}),
                      call(events, &AdminEvents::retry, {timeline.items.front().id}));
       }},
  };
}

std::vector<Scene> stock_scenes() {
  const auto reserve = [](BuyingShop& test, const std::string& order_ref) {
    const Reserve request{order_ref, {{"1", "TEA", 2}}, {}};
    test.shop->reservations().reserve(staff(), request).value();
  };
  using Service = InventoryReservationService;
  return {
      {"adjust the stock",
       [](BuyingShop& test) {
         return write(
             staff(),
             call(test.shop->admin().stock(), &AdminStock::set, {.sku = "TEA", .adjust = 5}),
             call(test.shop->admin().stock(), &AdminStock::set, {.sku = "TEA", .adjust = 6}));
       }},
      {"create a location",
       [](BuyingShop& test) {
         return write(staff(),
                      call(test.shop->admin().locations(), &AdminLocations::create, {"Attic", 1}),
                      call(test.shop->admin().locations(), &AdminLocations::create, {"Cellar", 1}));
       }},
      {"update a location",
       [](BuyingShop& test) {
         Admin admin = test.shop->admin();
         const LocationId id = admin.locations().list(staff()).value().items.at(0).id;
         return write(staff(),
                      call(test.shop->admin().locations(), &AdminLocations::update,
                           {.location_id = id, .name = "Attic"}),
                      call(test.shop->admin().locations(), &AdminLocations::update,
                           {.location_id = id, .name = "Cellar"}));
       }},
      {"reserve",
       [](BuyingShop& test) {
         Service service = test.shop->reservations();
         return write(staff(), call(service, &Service::reserve, {"a", {{"1", "TEA", 2}}, {}}),
                      call(service, &Service::reserve, {"a", {{"1", "TEA", 3}}, {}}));
       }},
      {"commit a reservation",
       [reserve](BuyingShop& test) {
         reserve(test, "a");
         reserve(test, "b");
         Service service = test.shop->reservations();
         return write(staff(), call(service, &Service::commit, {"a"}),
                      call(service, &Service::commit, {"b"}));
       }},
      {"release a reservation",
       [reserve](BuyingShop& test) {
         reserve(test, "a");
         reserve(test, "b");
         Service service = test.shop->reservations();
         return write(staff(), call(service, &Service::release, {"a"}),
                      call(service, &Service::release, {"b"}));
       }},
      {"extend a reservation",
       [reserve](BuyingShop& test) {
         reserve(test, "a");
         Service service = test.shop->reservations();
         const Timestamp now = test.clock->now();
         return write(staff(), call(service, &Service::extend, {"a", now.plus(kMicrosPerDay)}),
                      call(service, &Service::extend, {"a", now.plus(kMicrosPerHour)}));
       }},
  };
}

std::vector<Scene> cart_scenes() {
  const auto line = [](const Cart& cart) { return cart.line_items.at(0).id; };
  return {
      {"add an item",
       [](BuyingShop& test) {
         Carts carts = test.shop->cart();
         return write(guest(), call(carts, &Carts::add_item, {"TEA", 1}),
                      call(carts, &Carts::add_item, {"TEA", 2}));
       }},
      {"change an item",
       [line](BuyingShop& test) {
         Carts carts = test.shop->cart();
         const LineItemId id = line(carts.add_item(guest(), {"TEA", 1}).value());
         return write(guest(), call(carts, &Carts::change_item, {id, 4}),
                      call(carts, &Carts::change_item, {id, 5}));
       }},
      {"remove an item",
       [line](BuyingShop& test) {
         Carts carts = test.shop->cart();
         const LineItemId id = line(carts.add_item(guest(), {"TEA", 1}).value());
         const Cart both = carts.add_item(guest(), {"MUG", 1}).value();
         const LineItemId rest = both.line_items.at(both.line_items.at(0).id == id ? 1 : 0).id;
         return write(guest(), call(carts, &Carts::remove_item, {id}),
                      call(carts, &Carts::remove_item, {rest}));
       }},
      {"apply a code",
       [](BuyingShop& test) {
         Carts carts = test.shop->cart();
         carts.add_item(guest(), {"TEA", 1}).value();
         return write(guest(), call(carts, &Carts::apply_coupon, {"TEN"}),
                      call(carts, &Carts::apply_coupon, {"ELEVEN"}));
       }},
      {"remove a code",
       [](BuyingShop& test) {
         Carts carts = test.shop->cart();
         carts.add_item(guest(), {"TEA", 1}).value();
         carts.apply_coupon(guest(), {"TEN"}).value();
         return write(guest(), call(carts, &Carts::remove_coupon, {"TEN"}),
                      call(carts, &Carts::remove_coupon, {"ELEVEN"}));
       }},
      {"merge",
       [](BuyingShop& test) {
         Carts carts = test.shop->cart();
         carts.add_item(guest(), {"TEA", 1}).value();
         carts.add_item(shopper(), {"TEA", 1}).value();
         const Caller both{.user_id = "ada", .session_id = "s1"};
         return write(both, call(carts, &Carts::merge, {}), nullptr);
       }},
      {"create an address",
       [](BuyingShop& test) {
         Addresses addresses = test.shop->addresses();
         AddressInput other = BuyingShop::address();
         other.line2 = "Flat 3";
         return write(shopper(), call(addresses, &Addresses::create, BuyingShop::address()),
                      call(addresses, &Addresses::create, other));
       }},
      {"update an address",
       [](BuyingShop& test) {
         Addresses addresses = test.shop->addresses();
         const AddressId id = addresses.create(shopper(), BuyingShop::address()).value().id;
         return write(shopper(),
                      call(addresses, &Addresses::update, {.address_id = id, .city = "Leeds"}),
                      call(addresses, &Addresses::update, {.address_id = id, .city = "York"}));
       }},
      {"remove an address",
       [](BuyingShop& test) {
         Addresses addresses = test.shop->addresses();
         const AddressId id = addresses.create(shopper(), BuyingShop::address()).value().id;
         const AddressId other = addresses.create(shopper(), BuyingShop::address()).value().id;
         return write(shopper(), call(addresses, &Addresses::remove, {id}),
                      call(addresses, &Addresses::remove, {other}));
       }},
  };
}

std::vector<Scene> checkout_scenes() {
  return {
      {"set the addresses",
       [](BuyingShop& test) {
         Checkout checkout = test.shop->checkout();
         test.shop->cart().add_item(shopper(), {"TEA", 1}).value();
         const SetAddresses mine{.shipping_address = BuyingShop::address()};
         SetAddresses with_email = mine;
         with_email.email = "ada@example.com";
         return write(shopper(), call(checkout, &Checkout::set_addresses, mine),
                      call(checkout, &Checkout::set_addresses, with_email));
       }},
      {"select a shipping method",
       [](BuyingShop& test) {
         Checkout checkout = test.shop->checkout();
         test.fill(shopper());
         checkout.set_addresses(shopper(), {.shipping_address = BuyingShop::address()}).value();
         const ShippingMethodId other =
             test.shop->admin()
                 .shipping_methods()
                 .create(staff(), {.name = "Bike", .price_cents = 900, .currency = kEur})
                 .value()
                 .id;
         return write(shopper(), call(checkout, &Checkout::select_shipping_method, {test.post}),
                      call(checkout, &Checkout::select_shipping_method, {other}));
       }},
      {"place by card",
       [](BuyingShop& test) {
         Checkout checkout = test.shop->checkout();
         test.fill(shopper());
         return write(shopper(), call(checkout, &Checkout::place_order, {test.card}),
                      call(checkout, &Checkout::place_order, {test.transfer}));
       }},
      {"place by transfer",
       [](BuyingShop& test) {
         Checkout checkout = test.shop->checkout();
         test.fill(shopper());
         return write(shopper(), call(checkout, &Checkout::place_order, {test.transfer}),
                      call(checkout, &Checkout::place_order, {test.card}));
       }},
      {"reopen",
       [](BuyingShop& test) {
         test.place(shopper(), test.card);
         return write(shopper(), call(test.shop->checkout(), &Checkout::reopen, {}), nullptr);
       }},
  };
}

std::vector<Scene> order_scenes() {
  // An operation on two orders that were placed alike.
  const auto on_order = [](auto method, const Caller& caller, bool paid, auto request_of) {
    return [=](BuyingShop& test) {
      const Caller other = shopper("bob");
      const auto place = [&](const Caller& buyer) {
        return paid ? test.buy(buyer).number : test.place(buyer, test.transfer).order.number;
      };
      return write(caller, call(test.shop->admin().orders(), method, request_of(place(shopper()))),
                   call(test.shop->admin().orders(), method, request_of(place(other))));
    };
  };
  const auto only_number = [](const std::string& number) { return OrderRef{number}; };
  return {
      {"cancel one's own order",
       [](BuyingShop& test) {
         const std::string number = test.place(shopper(), test.card).order.number;
         return write(shopper(), call(test.shop->orders(), &Orders::cancel, {number}),
                      call(test.shop->orders(), &Orders::cancel, {"NO-SUCH-ORDER"}));
       }},
      {"cancel an order", on_order(&AdminOrders::cancel, staff(), false, only_number)},
      {"cancel a paid order", on_order(&AdminOrders::cancel, staff(), true, only_number)},
      {"mark an order paid", on_order(&AdminOrders::mark_paid, staff(), false,
                                      [](const std::string& number) {
                                        return MarkOrderPaid{number, {}};
                                      })},
      {"capture an order", on_order(&AdminOrders::capture, staff(), false, only_number)},
      {"refund a part", on_order(&AdminOrders::refund, staff(), true,
                                 [](const std::string& number) {
                                   return RefundOrder{number, 300, {}};
                                 })},
      {"ship an order", on_order(&AdminOrders::ship, staff(), true,
                                 [](const std::string& number) {
                                   return ShipOrder{number, "TRACK-1", {}};
                                 })},
  };
}

std::vector<Scene> all_scenes() {
  std::vector<Scene> all;
  for (const auto& some : {catalog_scenes(), settings_scenes(), stock_scenes(), cart_scenes(),
                           checkout_scenes(), order_scenes()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

ShopOptions with_stripe() {
  ShopOptions options;
  options.processors = {test_processor(), manual_processor(), stripe_processor()};
  return options;
}

std::string code_of(const Result<std::string>& result) {
  if (result.has_value()) return "none";
  return std::string(error_info(result.error().code()).name) + " " + result.error().message();
}

std::int64_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST_CASE("a write is done once per key", "[concurrent]") {
  for (const Scene& scene : all_scenes()) {
    DYNAMIC_SECTION(scene.name) {
      BuyingShop test(with_stripe());
      const Write write = scene.prepare(test);
      const Caller caller = with_key("key-1", write.caller);
      const auto first = write.call(caller);
      INFO(code_of(first));
      REQUIRE(first.has_value());
      const std::string before = dump_of(test.file);
      test.clock->advance(kMicrosPerSecond);

      // The same request answers the same and changes nothing.
      const auto again = write.call(caller);
      INFO(code_of(again));
      REQUIRE(again.has_value());
      CHECK(again.value() == first.value());
      CHECK(dump_of(test.file) == before);

      // Another one is refused and changes nothing.
      if (write.other) {
        const auto refused = write.other(caller);
        REQUIRE(refused.has_error());
        CHECK(refused.error().code() == Errc::idempotency_mismatch);
        CHECK(refused.error().field() == "idempotencyKey");
        CHECK(dump_of(test.file) == before);
      }

      // Threads that send it at once leave what a single one leaves.
      BuyingShop raced(with_stripe());
      const Write race = scene.prepare(raced);
      std::vector<Result<std::string>> answers(4, Error());
      at_once(4, [&](int i) { answers[static_cast<std::size_t>(i)] = race.call(caller); });
      for (const auto& answer : answers) {
        INFO(code_of(answer));
        CHECK(answer.has_value());
      }
      CHECK(lines(dump_of(raced.file)) == lines(before));
    }
  }
}

TEST_CASE("what adds up adds up once per key, whoever races", "[concurrent]") {
  BuyingShop test;
  const std::int64_t keys = by_tier(5, 20, 300);
  at_once(6, [&](int i) {
    const auto shop = i % 2 == 0 ? nullptr : test.open();
    Shop& mine = shop ? *shop : *test.shop;
    for (std::int64_t key = 0; key < keys; ++key) {
      const std::string name = "key-" + std::to_string(key);
      (void)mine.admin().stock().set(with_key(name, staff()), {.sku = "TEA", .adjust = 1});
      (void)mine.cart().add_item(with_key(name, guest()), {"MUG", 1});
    }
  });
  CHECK(test.stock("TEA").on_hand == 100 + keys);
  CHECK(test.shop->cart().get(guest()).value().item_count == keys);
}

TEST_CASE("a replay answers what it made as it is by now") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Caller once = with_key("key-1", guest());
  carts.add_item(once, {"TEA", 1}).value();
  carts.add_item(guest(), {"MUG", 2}).value();
  CHECK(carts.add_item(once, {"TEA", 1}).value().item_count == 3);

  test.fill(shopper());
  const Caller place = with_key("key-1", shopper());
  const Placement placed = test.shop->checkout().place_order(place, {test.card}).value();
  test.pay(shopper(), placed);
  const Placement again = test.shop->checkout().place_order(place, {test.card}).value();
  CHECK(again.order.number == placed.order.number);
  CHECK(again.order.state == OrderState::complete);
  CHECK(again.order.payments.size() == 1);
}

TEST_CASE("a refusal is not kept: the same key may succeed later, also with another request") {
  BuyingShop test;
  Admin admin = test.shop->admin();
  const Caller once = with_key("key-1", staff());
  CHECK(admin.stock().set(once, {.sku = "COCOA", .on_hand = 1}).has_error());
  CHECK(admin.stock().set(once, {.sku = "TEA", .adjust = -101}).has_error());
  CHECK(admin.stock().set(once, {.sku = "TEA", .adjust = -100}).value().on_hand == 0);

  test.fill(shopper());
  const Caller place = with_key("key-1", shopper());
  const std::string before = dump_of(test.file);
  const auto refused = test.shop->checkout().place_order(place, {test.card});
  REQUIRE(refused.has_error());
  CHECK(refused.error().code() == Errc::insufficient_stock);
  CHECK(dump_of(test.file) == before);
  admin.stock().set(staff(), {.sku = "TEA", .on_hand = 2}).value();
  CHECK(test.shop->checkout().place_order(place, {test.card}).value().order.state ==
        OrderState::payment);
}

TEST_CASE("a key belongs to one store, one caller and one operation") {
  BuyingShop test;
  const auto key = [](Caller caller) { return with_key("key-1", std::move(caller)); };
  Carts carts = test.shop->cart();
  carts.add_item(key(guest("s1")), {"TEA", 1}).value();
  carts.add_item(key(guest("s2")), {"TEA", 2}).value();
  carts.add_item(key(shopper("s1")), {"TEA", 3}).value();
  const LineItemId line = carts.get(guest("s1")).value().line_items.at(0).id;
  CHECK(carts.change_item(key(guest("s1")), {line, 4}).value().item_count == 4);
  CHECK(carts.remove_item(key(guest("s1")), {line}).value().item_count == 0);
  CHECK(carts.get(guest("s2")).value().item_count == 2);
  CHECK(carts.get(shopper("s1")).value().item_count == 3);

  Admin admin = test.shop->admin();
  const Caller other = key({.user_id = "clerk", .audience = Audience::staff});
  admin.locations().create(key(staff()), {"Attic", 1}).value();
  admin.locations().create(other, {"Cellar", 1}).value();
  admin.locations().create(in_store("elsewhere", key(staff())), {"Garage", 1}).value();
  CHECK(admin.locations().list(staff()).value().items.size() == 3);
  CHECK(admin.locations().list(in_store("elsewhere", staff()), {}).value().items.size() == 1);
}

TEST_CASE("operations whose requests look alike do not share a key") {
  BuyingShop test;
  const Caller once = with_key("key-1", staff());
  InventoryReservationService service = test.shop->reservations();
  service.reserve(once, {"a", {{"1", "TEA", 2}}, {}}).value();
  CHECK(service.commit(once, {"a"}).value().state == ReservationState::committed);
  const auto released = service.release(once, {"a"});
  REQUIRE(released.has_error());
  CHECK(released.error().code() == Errc::invalid_state);

  Admin admin = test.shop->admin();
  const std::string number = test.place(shopper(), test.transfer).order.number;
  CHECK(admin.orders().mark_paid(once, {number}).value().state == OrderState::complete);
  CHECK(admin.orders().cancel(once, {number}).value().state == OrderState::canceled);
  const auto captured = admin.orders().capture(once, {number});
  REQUIRE(captured.has_error());
  CHECK(captured.error().code() == Errc::invalid_state);
}

TEST_CASE("keys are forgotten after the store's days") {
  BuyingShop test;
  test.shop->admin().settings().update_checkout(staff(), {.idempotency_days = 2}).value();
  Admin admin = test.shop->admin();
  const Caller once = with_key("key-1", staff());
  const SetStock more{.sku = "TEA", .adjust = 1};
  admin.stock().set(once, more).value();
  test.clock->advance(2 * kMicrosPerDay);
  test.work();
  CHECK(admin.stock().set(once, more).value().on_hand == 101);
  test.clock->advance(1);
  test.work();
  CHECK(admin.stock().set(once, more).value().on_hand == 102);
}
