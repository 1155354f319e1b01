// The checkout up to the placing: addresses, shipping methods, and who may check out at all.
#include "resys/checkout.hpp"

#include "support/buying_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

AddressInput address_in(const char* city, const char* country = "GB") {
  AddressInput address = BuyingShop::address();
  address.city = city;
  address.country = country;
  if (address.country == "FR") address.postal_code = "75001";
  return address;
}

AddressId in_book(BuyingShop& test, const Caller& caller, const char* city) {
  return test.shop->addresses().create(caller, address_in(city)).value().id;
}

void check_refused(const Error& refused, const char* state, const char* event) {
  CHECK(refused.fact("state") == state);
  CHECK(refused.fact("event") == event);
}

// "Post 490, Courier 900"
std::string options(BuyingShop& test, const Caller& caller) {
  std::string text;
  for (const auto found = test.shop->checkout().list_shipping_methods(caller).value();
       const auto& each : found.items) {
    text += (text.empty() ? "" : ", ") + each.name + " " + std::to_string(each.price_cents);
  }
  return text;
}

ShippingMethodId add_shipping(BuyingShop& test, CreateShippingMethod method) {
  if (method.currency.empty()) method.currency = Currency::parse("EUR").value();
  return test.shop->admin().shipping_methods().create(staff(), method).value().id;
}

void go_to(BuyingShop& test, const Caller& caller, const char* country) {
  test.shop->checkout()
      .set_addresses(caller, {.shipping_address = address_in("Somewhere", country)})
      .value();
}

}  // namespace

// ---- addresses

TEST_CASE("inline addresses are copied to the order, and billing is shipping by default") {
  BuyingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  Order order = test.shop->checkout()
                    .set_addresses(shopper(), {.shipping_address = address_in("Leeds"),
                                               .email = "ada@example.com"})
                    .value();
  CHECK(order.state == OrderState::address);
  REQUIRE(order.shipping_address);
  REQUIRE(order.billing_address);
  CHECK(order.shipping_address->id.empty());
  CHECK(order.shipping_address->first_name == "Ada");
  CHECK(order.shipping_address->postal_code == "N1 9GU");
  CHECK(order.shipping_address->city == "Leeds");
  CHECK(order.billing_address->city == "Leeds");
  CHECK(order.email == "ada@example.com");
  CHECK(order.number.empty());

  order = test.shop->checkout()
              .set_addresses(shopper(), {.shipping_address = address_in("York"),
                                         .billing_address = address_in("Hull")})
              .value();
  CHECK(order.shipping_address->city == "York");
  CHECK(order.billing_address->city == "Hull");
  CHECK(order.email == "ada@example.com");  // absent: as it was
}

TEST_CASE("addresses of the book are copied, so that later changes of it do not touch the order") {
  BuyingShop test;
  const AddressId home = in_book(test, shopper(), "Leeds");
  const AddressId office = in_book(test, shopper(), "York");
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  Order order =
      test.shop->checkout().set_addresses(shopper(), {.shipping_address_id = home}).value();
  CHECK(order.shipping_address->id == home);
  CHECK(order.billing_address->id == home);

  order = test.shop->checkout()
              .set_addresses(shopper(), {.shipping_address_id = home, .billing_address_id = office})
              .value();
  CHECK(order.billing_address->city == "York");
  test.shop->addresses().update(shopper(), {.address_id = home, .city = "Hull"}).value();
  test.shop->addresses().remove(shopper(), {office}).value();
  order = test.shop->checkout().select_shipping_method(shopper(), {test.post}).value();
  CHECK(order.shipping_address->city == "Leeds");
  CHECK(order.billing_address->city == "York");

  order = test.shop->checkout()
              .set_addresses(shopper(),
                             {.billing_address_id = home, .shipping_address = address_in("Bath")})
              .value();
  CHECK(order.shipping_address->city == "Bath");
  CHECK(order.billing_address->city == "Hull");
}

TEST_CASE("an address of somebody else does not exist") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  const AddressId of_eve = in_book(test, shopper("eve"), "Leeds");
  const AddressId elsewhere = in_book(test, in_store("other", shopper()), "Leeds");
  const AddressId own = in_book(test, shopper(), "Leeds");
  const Cart cart = test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  for (const AddressId& id : {of_eve, elsewhere, AddressId(detail::Uuid{1, 1})}) {
    refusal(checkout.set_addresses(shopper(), {.shipping_address_id = id}), Errc::not_found,
            "shippingAddressId");
    refusal(
        checkout.set_addresses(shopper(), {.shipping_address_id = own, .billing_address_id = id}),
        Errc::not_found, "billingAddressId");
  }
  CHECK(test.shop->cart().get(shopper()).value().version == cart.version);
}

TEST_CASE("addresses of a wrong shape are refused with the field") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  const AddressId own = in_book(test, shopper(), "Leeds");
  const AddressInput address = BuyingShop::address();
  const auto refused_at = [&](const SetAddresses& request, const char* field) {
    refusal(checkout.set_addresses(shopper(), request), Errc::invalid_request, field);
  };
  refused_at({}, "shippingAddressId");
  refused_at({.shipping_address_id = own, .shipping_address = address}, "shippingAddressId");
  refused_at({.shipping_address_id = own, .billing_address_id = own, .billing_address = address},
             "billingAddressId");
  refused_at({.shipping_address = address_in("")}, "shippingAddress.city");
  refused_at({.shipping_address = address, .billing_address = address_in("Leeds", "XX")},
             "billingAddress.country");
  refused_at({.shipping_address = address, .email = "nobody"}, "email");
}

TEST_CASE("an order goes to an address of its country") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  AddressInput address = BuyingShop::address();
  address.country = "us";
  address.postal_code = "95014-1010";
  const auto set = [&](const AddressInput& shipping, std::optional<AddressInput> billing = {}) {
    return checkout.set_addresses(shopper(),
                                  {.shipping_address = shipping, .billing_address = billing});
  };
  {
    const auto refused = set(address);
    const Error& error = refusal(refused, Errc::invalid_request, "shippingAddress.region");
    CHECK(error.fact("country") == "US");
    CHECK(error.fact("example") == "AL");
  }
  address.region = "california";
  address.postal_code.reset();
  refusal(set(address), Errc::invalid_request, "shippingAddress.postalCode");
  address.postal_code = "N1 9GU";
  {
    const auto refused = set(BuyingShop::address(), address);
    const Error& error = refusal(refused, Errc::invalid_request, "billingAddress.postalCode");
    CHECK(error.fact("example") == "95014");
  }
  address.postal_code = "95014 1010";
  const Order order = set(address).value();
  CHECK(order.shipping_address->country == "US");
  CHECK(order.shipping_address->region == "CA");
  CHECK(order.shipping_address->postal_code == "95014-1010");
  CHECK(order.shipping_address->formatted ==
        std::vector<std::string>{"Ada Lovelace", "1 Main Street", "London, CA 95014-1010",
                                 "UNITED STATES"});
  CHECK(order.billing_address->formatted == order.shipping_address->formatted);
  CHECK(
      checkout.select_shipping_method(shopper(), {test.post}).value().shipping_address->formatted ==
      order.shipping_address->formatted);
}

TEST_CASE("people with one name, and addresses without a city, can buy") {
  BuyingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  const Order order =
      test.shop->checkout()
          .set_addresses(shopper(), {.shipping_address = AddressInput{.last_name = "Suharto",
                                                                      .line1 = "1 Raffles Place",
                                                                      .postal_code = "048616",
                                                                      .country = "SG"}})
          .value();
  CHECK(order.shipping_address->first_name.empty());
  CHECK(order.shipping_address->city.empty());
  CHECK(order.shipping_address->formatted ==
        std::vector<std::string>{"Suharto", "1 Raffles Place", "SINGAPORE 048616", "SINGAPORE"});
}

TEST_CASE("an empty cart gets no addresses") {
  BuyingShop test;
  const SetAddresses request{.shipping_address = BuyingShop::address()};
  check_refused(
      refusal(test.shop->checkout().set_addresses(shopper(), request), Errc::invalid_state), "Cart",
      "setAddresses");
  const Order ready = test.fill(shopper());
  const Cart empty = test.shop->cart().remove_item(shopper(), {ready.line_items[0].id}).value();
  CHECK(empty.state == OrderState::delivery);
  check_refused(
      refusal(test.shop->checkout().set_addresses(shopper(), request), Errc::invalid_state),
      "Delivery", "setAddresses");
}

TEST_CASE("other addresses drop an earlier choice of shipping") {
  BuyingShop test;
  const Order ready = test.fill(shopper());
  CHECK(ready.state == OrderState::delivery);
  CHECK(ready.shipment_total_cents == 490);
  const Order moved = test.shop->checkout()
                          .set_addresses(shopper(), {.shipping_address = BuyingShop::address()})
                          .value();
  CHECK(moved.state == OrderState::address);
  CHECK_FALSE(moved.shipment);
  CHECK(moved.shipment_total_cents == 0);
  CHECK(moved.total_cents == 2 * 790);
  check_refused(
      refusal(test.shop->checkout().place_order(shopper(), {test.card}), Errc::invalid_state),
      "Address", "place");
}

// ---- shipping

TEST_CASE("shipping options are those that serve the address and the cart, by position") {
  BuyingShop test;
  test.clock->advance(kMicrosPerSecond);  // what is made now comes after what the shop began with
  add_shipping(test, {.name = "Courier", .price_cents = 900, .position = 3});
  add_shipping(
      test, {.name = "Parcel", .kind = ShippingKind::per_item, .price_cents = 150, .position = 1});
  add_shipping(test,
               {.name = "Cargo", .price_cents = 700, .free_over_cents = 2'000, .position = 2});
  add_shipping(test, {.name = "Drone", .price_cents = 1, .countries = {"FR", "DE"}});
  add_shipping(test, {.name = "Never", .price_cents = 1, .active = false});
  add_shipping(test,
               {.name = "Tokyo", .price_cents = 1, .currency = Currency::parse("JPY").value()});
  test.shop->cart().add_item(shopper(), {.sku = "TEA", .quantity = 2}).value();
  check_refused(
      refusal(test.shop->checkout().list_shipping_methods(shopper()), Errc::invalid_state), "Cart",
      "selectShipping");

  go_to(test, shopper(), "GB");
  CHECK(options(test, shopper()) == "Post 490, Parcel 300, Cargo 700, Courier 900");
  go_to(test, shopper(), "FR");
  CHECK(options(test, shopper()) == "Post 490, Drone 1, Parcel 300, Cargo 700, Courier 900");
  // Free from exactly 20.00 of goods, less discounts.
  test.sell("CUP", 420);
  test.shop->cart().add_item(shopper(), {.sku = "CUP"}).value();
  CHECK(options(test, shopper()) == "Post 490, Drone 1, Parcel 450, Cargo 0, Courier 900");
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  CHECK(options(test, shopper()) == "Post 490, Drone 1, Parcel 450, Cargo 700, Courier 900");
}

TEST_CASE("the chosen shipping is paid for with the order and follows its items") {
  BuyingShop test;
  const auto parcel =
      add_shipping(test, {.name = "Parcel", .kind = ShippingKind::per_item, .price_cents = 150});
  const auto cargo =
      add_shipping(test, {.name = "Cargo", .price_cents = 700, .free_over_cents = 2'370});
  const Order post = test.fill(shopper());
  REQUIRE(post.shipment);
  CHECK(post.shipment->name == "Post");
  CHECK(post.shipment->price_cents == 490);
  CHECK(post.shipment->tracking_number.empty());
  CHECK_FALSE(post.shipment->shipped_at);
  CHECK(post.total_cents == 2 * 790 + 490);

  Checkout checkout = test.shop->checkout();
  CHECK(checkout.select_shipping_method(shopper(), {parcel}).value().shipment_total_cents == 300);
  Cart cart = test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  CHECK(cart.state == OrderState::delivery);
  CHECK(cart.shipment_total_cents == 450);

  CHECK(checkout.select_shipping_method(shopper(), {cargo}).value().shipment_total_cents == 0);
  cart = test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  CHECK(cart.shipment_total_cents == 700);
  CHECK(cart.total_cents == 3 * 790 - 237 + 700);
}

TEST_CASE("only a shipping method that exists and serves the order can be chosen") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  const auto drone = add_shipping(test, {.name = "Drone", .price_cents = 1, .countries = {"FR"}});
  const auto never = add_shipping(test, {.name = "Never", .price_cents = 1, .active = false});
  const auto elsewhere =
      test.shop->admin()
          .shipping_methods()
          .create(in_store("other", staff()),
                  {.name = "There", .price_cents = 1, .currency = Currency::parse("EUR").value()})
          .value()
          .id;
  check_refused(
      refusal(checkout.select_shipping_method(shopper(), {test.post}), Errc::invalid_state), "Cart",
      "selectShipping");
  test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  check_refused(
      refusal(checkout.select_shipping_method(shopper(), {test.post}), Errc::invalid_state), "Cart",
      "selectShipping");
  go_to(test, shopper(), "GB");
  for (const ShippingMethodId& none : {never, elsewhere, ShippingMethodId(detail::Uuid{1, 1})}) {
    refusal(checkout.select_shipping_method(shopper(), {none}), Errc::not_found,
            "shippingMethodId");
  }
  const Error refused = refusal(checkout.select_shipping_method(shopper(), {drone}),
                                Errc::invalid_state, "shippingMethodId");
  check_refused(refused, "Address", "selectShipping");
  CHECK(refused.fact("country") == "GB");
  CHECK(refused.fact("currency") == "EUR");
  go_to(test, shopper(), "FR");
  CHECK(checkout.select_shipping_method(shopper(), {drone}).value().state == OrderState::delivery);
}

// ---- who may check out

TEST_CASE("checkout is for signed-in users, whatever a guest sends") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  test.shop->cart().add_item(guest(), {.sku = "TEA"}).value();
  const SetAddresses addresses{.shipping_address = BuyingShop::address(), .email = "a@b.c"};
  refusal(checkout.set_addresses(guest(), addresses), Errc::unauthenticated);
  refusal(checkout.set_addresses(guest(), {}), Errc::unauthenticated);
  refusal(checkout.set_addresses(guest(), {.shipping_address = address_in("")}),
          Errc::unauthenticated);
  refusal(checkout.list_shipping_methods(guest()), Errc::unauthenticated);
  refusal(checkout.select_shipping_method(guest(), {test.post}), Errc::unauthenticated);
  refusal(checkout.list_payment_methods(guest()), Errc::unauthenticated);
  refusal(checkout.place_order(guest(), {test.card}), Errc::unauthenticated);
  refusal(checkout.place_order(guest(), {test.card, {}, -1}), Errc::unauthenticated);
  refusal(checkout.reopen(guest()), Errc::unauthenticated);
  CHECK(test.shop->cart().get(guest()).value().state == OrderState::cart);
}

TEST_CASE("a store may let guests check out, with an e-mail and addresses of their own") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  test.let_guests_check_out();
  test.shop->cart().add_item(guest(), {.sku = "TEA"}).value();
  const AddressId id = in_book(test, shopper(), "Leeds");
  const AddressInput address = BuyingShop::address();
  refusal(checkout.set_addresses(guest(), {.shipping_address = address}), Errc::invalid_request,
          "email");
  refusal(checkout.set_addresses(guest(), {.shipping_address_id = id, .email = "a@b.c"}),
          Errc::invalid_request, "shippingAddressId");
  refusal(checkout.set_addresses(
              guest(), {.billing_address_id = id, .shipping_address = address, .email = "a@b.c"}),
          Errc::invalid_request, "billingAddressId");

  checkout.set_addresses(guest(), {.shipping_address = address, .email = "a@b.c"}).value();
  checkout.select_shipping_method(guest(), {test.post}).value();
  CHECK(checkout.list_payment_methods(guest()).value().items.size() == 2);
  const Placement placed = checkout.place_order(guest(), {test.card}).value();
  test.pay(guest(), placed);
  const Order order = test.shop->orders().get(guest(), {placed.order.number}).value();
  CHECK(order.state == OrderState::complete);
  CHECK(order.email == "a@b.c");
  refusal(test.shop->orders().get(guest("s2"), {order.number}), Errc::not_found, "number");
  // The setting is this store's.
  refusal(checkout.list_payment_methods(in_store("other", guest()), {}), Errc::unauthenticated);
}

TEST_CASE("a refusal is the first that applies: audience, shape, existence, state") {
  BuyingShop test;
  Checkout checkout = test.shop->checkout();
  const PaymentMethodId none(detail::Uuid{1, 1});
  const AddressId of_nobody(detail::Uuid{1, 1});
  refusal(checkout.place_order(Caller(), {none, {}, -1}), Errc::unauthenticated);
  refusal(checkout.place_order(shopper(), {none, {}, -1}), Errc::invalid_request,
          "acceptTotalCents");
  refusal(checkout.place_order(shopper(), {none}), Errc::not_found, "paymentMethodId");
  refusal(checkout.place_order(shopper(), {test.card}), Errc::invalid_state);

  refusal(checkout.set_addresses(shopper(), {.shipping_address_id = of_nobody, .email = "nobody"}),
          Errc::invalid_request, "email");
  refusal(checkout.set_addresses(shopper(), {.shipping_address_id = of_nobody}), Errc::not_found,
          "shippingAddressId");
  refusal(checkout.select_shipping_method(shopper(), {ShippingMethodId(detail::Uuid{1, 1})}),
          Errc::not_found, "shippingMethodId");
}

// ---- ways to pay, for this total

TEST_CASE("a total of zero needs no payment method, any other one does") {
  BuyingShop test;
  add(*test.shop, percent_off("ALL", 10'000));
  const auto pick_up =
      test.shop->admin()
          .shipping_methods()
          .create(staff(),
                  {.name = "Pick up", .price_cents = 0, .currency = Currency::parse("EUR").value()})
          .value()
          .id;
  test.fill(shopper());
  check_refused(test.shop->checkout().place_order(shopper(), {}), Errc::invalid_request,
                "paymentMethodId");
  CHECK(test.shop->checkout().list_payment_methods(shopper()).value().items.size() == 2);
  test.shop->cart().apply_coupon(shopper(), {"ALL"}).value();
  test.shop->checkout().select_shipping_method(shopper(), {pick_up}).value();
  CHECK(test.shop->checkout().list_payment_methods(shopper()).value().items.empty());
  SECTION("none is given") {
    const Placement placed = test.shop->checkout().place_order(shopper(), {}).value();
    CHECK(placed.order.state == OrderState::complete);
    CHECK_FALSE(placed.payment);
  }
  SECTION("one is given") {
    CHECK(test.shop->checkout().place_order(shopper(), {test.card}).value().order.state ==
          OrderState::complete);
  }
  SECTION("one that is not there") {
    check_refused(
        test.shop->checkout().place_order(shopper(), {PaymentMethodId(detail::Uuid{1, 2})}),
        Errc::not_found, "paymentMethodId");
  }
}

TEST_CASE("a method that does not take the total is not offered") {
  BuyingShop test({.processors = {test_processor(), manual_processor(), stripe_processor()}});
  const auto stripe = test.add_method("Stripe", "stripe");
  test.shop->admin()
      .payment_methods()
      .configure(staff(), {stripe, {{"secretKey", "sk_test_1"}}})
      .value();
  const auto is_offered = [&] {
    for (const auto found = test.shop->checkout().list_payment_methods(shopper()).value();
         const OfferedPaymentMethod& each : found.items) {
      if (each.id == stripe) return true;
    }
    return false;
  };
  const auto post =
      test.shop->admin()
          .shipping_methods()
          .create(staff(),
                  {.name = "Post", .price_cents = 500, .currency = Currency::parse("KWD").value()})
          .value()
          .id;
  // Stripe takes dinars by ten fils (docs.stripe.com/currencies).
  const std::int64_t price = GENERATE(7'950, 7'955);
  test.sell("DATES", price, "KWD");
  CHECK(is_offered());  // nothing is in the cart yet
  test.shop->cart().add_item(shopper(), {.sku = "DATES"}).value();
  test.shop->checkout()
      .set_addresses(shopper(),
                     {.shipping_address = BuyingShop::address(), .email = "ada@example.com"})
      .value();
  test.shop->checkout().select_shipping_method(shopper(), {post}).value();
  CHECK(is_offered() == (price % 10 == 0));
  if (price % 10 != 0) {
    check_refused(test.shop->checkout().place_order(shopper(), {stripe}),
                  Errc::unsupported_currency);
    return;
  }
  // A discount does not make a total that cannot be paid: 10 % of 7.950 are 0.795.
  const Cart cart = test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  CHECK(cart.discount_total_cents == 790);
  CHECK(is_offered());
}
