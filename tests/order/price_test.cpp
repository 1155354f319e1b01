// What carts and orders cost: price lists, currencies, and the quantities that a line may have.
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
const Currency kDollar = Currency::parse("USD").value();
const Currency kYen = Currency::parse("JPY").value();

using Problems = std::vector<CartProblem>;

// TEA costs 7.90, MUG 12.00, shipping 4.90.
struct PriceShop : BuyingShop {
  PriceListId list(CreatePriceList request, std::vector<NewListedPrice> prices) {
    request.name = "List";
    if (request.currency.empty()) request.currency = kEuro;
    AdminPriceLists lists = shop->admin().price_lists();
    const PriceListId id = lists.create(staff(), request).value().id;
    lists.set_prices(staff(), {.price_list_id = id, .prices = std::move(prices)}).value();
    return id;
  }
  void change(UpdateVariant request) {
    request.sku = "TEA";
    shop->admin().variants().update(staff(), request).value();
  }
  void settings(const UpdatePriceSettings& request) {
    shop->admin().settings().update_prices(staff(), request).value();
  }
  Result<Cart> try_to_add(const AddCartItem& request, const Caller& by = shopper()) {
    return shop->cart().add_item(by, request);
  }
  Cart add(std::int64_t quantity = 1, const Caller& by = shopper()) {
    return try_to_add({.sku = "TEA", .quantity = quantity}, by).value();
  }
  Result<Cart> set_quantity(std::int64_t quantity, const Caller& by = shopper()) {
    const LineItemId line = cart(by).line_items.at(0).id;
    return shop->cart().change_item(by, {.line_item_id = line, .quantity = quantity});
  }
  Cart cart(const Caller& by = shopper()) { return shop->cart().get(by).value(); }
  Order send_to(const std::string& country, const std::string& postal_code,
                const Caller& by = shopper()) {
    AddressInput to = address();
    to.country = country;
    to.postal_code = postal_code;
    return shop->checkout()
        .set_addresses(by, {.shipping_address = to, .email = "ada@example.com"})
        .value();
  }
  Order ship(const Caller& by = shopper()) {
    return shop->checkout().select_shipping_method(by, {post}).value();
  }
};

std::int64_t unit_price(const Cart& cart) { return cart.line_items.at(0).unit_price_cents; }

Caller with_groups(std::vector<std::string> groups, Caller caller = shopper()) {
  caller.groups = std::move(groups);
  return caller;
}

}  // namespace

TEST_CASE("the quantity of a line decides about its price, which is no changed price") {
  PriceShop test;
  test.list({}, {{.sku = "TEA", .min_quantity = 5, .price_cents = 700},
                 {.sku = "TEA", .min_quantity = 10, .price_cents = 600}});
  CHECK(unit_price(test.add(4)) == 790);
  Cart cart = test.add(1);
  CHECK(unit_price(cart) == 700);
  CHECK(cart.total_cents == 3'500);
  CHECK(cart.problems.empty());
  cart = test.set_quantity(10).value();
  CHECK(unit_price(cart) == 600);
  CHECK(cart.problems.empty());
  CHECK(test.cart().problems.empty());
  cart = test.set_quantity(4).value();
  CHECK(unit_price(cart) == 790);
  CHECK(cart.problems.empty());
  // Other lines count for themselves.
  cart = test.try_to_add({.sku = "MUG", .quantity = 10}).value();
  CHECK(unit_price(cart) == 790);
}

TEST_CASE("an order is placed at the price of the lists, and keeps it") {
  PriceShop test;
  const PriceListId list = test.list({}, {{.sku = "TEA", .min_quantity = 2, .price_cents = 700}});
  const Placement placed = test.place(shopper(), test.card);
  CHECK(placed.order.total_cents == 1'400 + 490);
  test.shop->admin().price_lists().remove(staff(), {list}).value();
  test.pay(shopper(), placed);
  const Order order = test.order(placed.order.number);
  CHECK(order.state == OrderState::complete);
  CHECK(unit_price(order) == 700);
}

TEST_CASE("a price list that changes while the shopper looks is a changed price") {
  PriceShop test;
  const PriceListId list = test.list({}, {{.sku = "TEA", .price_cents = 700}});
  test.fill(shopper());
  AdminPriceLists lists = test.shop->admin().price_lists();
  const auto check_now = [&](std::int64_t price) {
    const Cart cart = test.cart();
    CHECK(unit_price(cart) == 700);
    const bool is_same = price == 700;
    CHECK(cart.problems == (is_same ? Problems{} : Problems{CartProblem::price_changed}));
    if (is_same) return;
    CHECK(cart.line_items[0].problems == Problems{CartProblem::price_changed});
    CHECK(cart.line_items[0].current_unit_price_cents == price);
    CHECK(cart.new_total_cents == 2 * price + 490);
  };
  check_now(700);
  lists.set_prices(staff(), {.price_list_id = list, .prices = {{.sku = "TEA", .price_cents = 800}}})
      .value();
  check_now(800);
  lists.update(staff(), {.price_list_id = list, .active = false}).value();
  check_now(790);
  lists.update(staff(), {.price_list_id = list, .active = true}).value();
  lists.set_prices(staff(), {.price_list_id = list, .prices = {{.sku = "TEA", .price_cents = 700}}})
      .value();
  check_now(700);
  lists.update(staff(), {.price_list_id = list, .valid_until = test.clock->now().plus(1)}).value();
  check_now(700);
  test.clock->advance(1);
  check_now(790);
  const Error error = refusal(test.shop->checkout().place_order(shopper(), {test.card}),
                              Errc::price_changed, "acceptTotalCents");
  CHECK(error.fact("newTotalCents", 0) == 2'070);
  const auto placed =
      test.shop->checkout()
          .place_order(shopper(), {.payment_method_id = test.card, .accept_total_cents = 2'070})
          .value();
  CHECK(placed.payment->amount_cents == 2'070);
}

TEST_CASE("other processes see a changed price list at once") {
  PriceShop test;
  const auto other = test.open();
  test.add();
  CHECK(other->cart().get(shopper()).value().problems.empty());
  const PriceListId list = test.list({}, {{.sku = "TEA", .price_cents = 700}});
  CHECK(other->cart().get(shopper()).value().new_total_cents == 700);
  test.shop->admin().price_lists().remove(staff(), {list}).value();
  CHECK(other->cart().get(shopper()).value().problems.empty());
}

TEST_CASE("the host says a caller's groups, or the shop's own record does") {
  PriceShop test;
  test.list({.customer_groups = {"vip"}}, {{.sku = "TEA", .price_cents = 700}});
  test.list({.priority = 1, .customer_groups = {"club"}}, {{.sku = "TEA", .price_cents = 750}});
  const Caller vip = with_groups({"vip"}, shopper("vip"));
  CHECK(unit_price(test.add(1)) == 790);
  CHECK(unit_price(test.add(1, vip)) == 700);
  CHECK(unit_price(test.add(1, with_groups({"club", "vip"}, shopper("both")))) == 700);
  CHECK(unit_price(test.add(1, with_groups({"club"}, guest()))) == 750);

  AdminCustomers customers = test.shop->admin().customers();
  customers.update(staff(), {.user_id = "bob", .groups = std::vector<std::string>{"club"}}).value();
  CHECK(unit_price(test.add(1, shopper("bob"))) == 750);
  CHECK(unit_price(test.set_quantity(2, with_groups({"vip"}, shopper("bob"))).value()) == 700);

  // Whoever is in other groups now sees another price.
  const Cart cart = test.cart(shopper("vip"));
  CHECK(cart.problems == Problems{CartProblem::price_changed});
  CHECK(cart.line_items.at(0).current_unit_price_cents == 790);
  CHECK(test.cart(vip).problems.empty());
  check_refused(test.try_to_add({.sku = "TEA"}, with_groups({"No group"})), Errc::invalid_request,
                "groups[0]");
}

TEST_CASE("an order keeps the groups of its last command, by which staff see it") {
  PriceShop test;
  test.list({.customer_groups = {"vip"}}, {{.sku = "TEA", .price_cents = 700}});
  const Caller vip = with_groups({"vip"});
  const Placement placed = test.place(vip, test.card);
  CHECK(placed.payment->amount_cents == 1'890);
  // Reopened, it is a cart again that has a number.
  test.shop->checkout().reopen(vip).value();
  const std::string number = placed.order.number;
  CHECK(test.order(number).problems.empty());
  CHECK(test.shop->orders().get(vip, {number}).value().problems.empty());
  const Order without = test.shop->orders().get(shopper(), {number}).value();
  CHECK(without.problems == Problems{CartProblem::price_changed});
  CHECK(test.order(number).problems.empty());
  test.add(1, shopper());
  CHECK(unit_price(test.order(number)) == 790);
  CHECK(test.order(number).problems.empty());
  test.add(1, vip);
  CHECK(unit_price(test.order(number)) == 700);
}

TEST_CASE("the address decides about price lists for countries") {
  PriceShop test;
  test.list({.countries = {"FR"}}, {{.sku = "TEA", .price_cents = 850}});
  test.list({.countries = {"DE"}}, {{.sku = "TEA", .price_cents = 750}});
  CHECK(unit_price(test.add(2)) == 790);
  Order order = test.send_to("FR", "75001");
  CHECK(unit_price(order) == 850);
  CHECK(order.total_cents == 1'700);
  CHECK(order.problems.empty());
  order = test.send_to("GB", "N1 9GU");
  CHECK(unit_price(order) == 790);

  // Without an address, the store's home counts.
  test.shop->admin().settings().update_taxes(staff(), {.home_country = "DE"}).value();
  CHECK(unit_price(test.add(1, guest())) == 750);
  CHECK(test.cart().problems.empty());

  // A price that had changed before is still to be accepted.
  test.reprice("TEA", 700);
  order = test.send_to("FR", "75001");
  CHECK(unit_price(order) == 790);
  CHECK(order.problems == Problems{CartProblem::price_changed});
  CHECK(order.line_items.at(0).current_unit_price_cents == 850);
}

TEST_CASE(
    "a cart without lines takes the currency that is asked for, one with lines keeps its own") {
  PriceShop test;
  test.change({.prices = {{{.currency = kDollar, .price_cents = 899}}}});
  const AddCartItem dollars{.sku = "TEA", .currency = kDollar};
  Cart cart = test.try_to_add(dollars).value();
  CHECK(cart.currency == kDollar);
  CHECK(cart.total_cents == 899);
  CHECK(cart.problems.empty());
  // It need not be said again, but must not be another one.
  cart = test.add(1);
  CHECK(cart.currency == kDollar);
  CHECK(cart.total_cents == 1'798);
  CHECK(test.set_quantity(3).value().total_cents == 2'697);
  Error error = refusal(test.try_to_add({.sku = "TEA", .currency = kEuro}),
                        Errc::unsupported_currency, "currency");
  CHECK(error.fact("cartCurrency") == "USD");
  // MUG has no price in it.
  error = refusal(test.try_to_add({.sku = "MUG"}), Errc::unsupported_currency, "sku");
  CHECK(error.fact("cartCurrency") == "USD");
  CHECK(error.fact("currency") == "EUR");

  test.shop->cart().remove_item(shopper(), {cart.line_items.at(0).id}).value();
  check_refused(test.try_to_add({.sku = "TEA", .currency = kYen}), Errc::unsupported_currency,
                "sku");
  CHECK(test.add(1).currency == kEuro);
}

TEST_CASE("price lists are for carts in their currency") {
  PriceShop test;
  test.change({.prices = {{{.currency = kDollar, .price_cents = 899}}}});
  test.list({.currency = kDollar}, {{.sku = "TEA", .price_cents = 500}});
  CHECK(unit_price(test.add(1)) == 790);
  CHECK(unit_price(test.try_to_add({.sku = "TEA", .currency = kDollar}, guest()).value()) == 500);
}

TEST_CASE("a variant that loses its price in a cart's currency is no longer for sale in it") {
  PriceShop test;
  test.change({.prices = {{{.currency = kDollar, .price_cents = 899}}}});
  test.try_to_add({.sku = "TEA", .currency = kDollar}).value();
  test.change({.prices = std::vector<NewVariantPrice>()});
  const Cart cart = test.cart();
  CHECK(cart.total_cents == 899);
  CHECK(cart.problems == Problems{CartProblem::not_for_sale});
  check_refused(test.set_quantity(2), Errc::not_found, "lineItemId");
  test.change({.prices = {{{.currency = kDollar, .price_cents = 950}}}});
  CHECK(test.cart().problems == Problems{CartProblem::price_changed});
}

TEST_CASE("a store that sells in some currencies begins no cart in another one") {
  PriceShop test;
  test.change({.prices = {{{.currency = kDollar, .price_cents = 899},
                           {.currency = kYen, .price_cents = 1'200}}}});
  test.add(1, guest());
  test.settings({.currencies = {{kYen, kDollar}}});
  const auto add = [&](std::optional<Currency> currency) {
    return test.try_to_add({.sku = "TEA", .currency = currency});
  };
  const Error error = refusal(add(kEuro), Errc::unsupported_currency, "currency");
  CHECK(error.fact("cartCurrency") == "EUR");
  check_refused(test.try_to_add({.sku = "MUG"}), Errc::unsupported_currency, "sku");
  // The first of its currencies in which the variant has a price.
  Cart cart = add(std::nullopt).value();
  CHECK(cart.currency == kYen);
  CHECK(cart.total_cents == 1'200);
  test.shop->cart().remove_item(shopper(), {cart.line_items.at(0).id}).value();
  CHECK(add(kDollar).value().currency == kDollar);
  // A cart with lines keeps its own.
  CHECK(test.add(1, guest()).total_cents == 1'580);
}

TEST_CASE("a line has a quantity that its variant allows") {
  PriceShop test;
  test.change({.min_quantity = 4, .max_quantity = 20, .quantity_step = 6});
  const auto add = [&](std::int64_t quantity) {
    return test.try_to_add({.sku = "TEA", .quantity = quantity});
  };
  for (const std::int64_t quantity : {1, 4, 5, 7, 20, 24}) {
    INFO(quantity);
    const Error error = refusal(add(quantity), Errc::invalid_request, "quantity");
    CHECK(error.fact("quantity", 0) == quantity);
    CHECK(error.fact("minQuantity", 0) == 4);
    CHECK(error.fact("maxQuantity", 0) == 20);
    CHECK(error.fact("quantityStep", 0) == 6);
  }
  CHECK(add(6).value().item_count == 6);
  CHECK(add(6).value().item_count == 12);
  check_refused(add(1), Errc::invalid_request, "quantity");
  CHECK(add(6).value().item_count == 18);
  check_refused(add(6), Errc::invalid_request, "quantity");
  check_refused(test.set_quantity(19), Errc::invalid_request, "quantity");
  CHECK(test.set_quantity(6).value().problems.empty());
}

TEST_CASE("placing checks the quantity again") {
  PriceShop test;
  test.fill(shopper(), 3);
  test.change({.quantity_step = 2});
  const Cart cart = test.cart();
  CHECK(cart.problems == Problems{CartProblem::quantity_not_allowed});
  CHECK(cart.line_items.at(0).problems == Problems{CartProblem::quantity_not_allowed});
  const Error error =
      refusal(test.shop->checkout().place_order(shopper(), {test.card}), Errc::invalid_state);
  CHECK(error.fact("reason") == "quantity_not_allowed");
  REQUIRE(error.rows().size() == 1);
  std::string facts;
  for (const Fact& fact : error.rows().at(0)) {
    const auto* number = std::get_if<std::int64_t>(&fact.value);
    facts += fact.name + " " + (number ? std::to_string(*number) : std::get<1>(fact.value)) + ", ";
  }
  CHECK(facts == "sku TEA, quantity 3, minQuantity 1, quantityStep 2, ");
  test.set_quantity(4).value();
  CHECK(test.shop->checkout().place_order(shopper(), {test.card}).has_value());
}

TEST_CASE("a merged cart has the price of all its units, in the user's currency, up to the most") {
  PriceShop test;
  test.change({.prices = {{{.currency = kDollar, .price_cents = 899}}}, .max_quantity = 10});
  test.list({.customer_groups = {"vip"}}, {{.sku = "TEA", .min_quantity = 5, .price_cents = 700}});
  const Caller both = with_groups({"vip"}, {.user_id = "ada", .session_id = "s1"});
  test.add(3, shopper());
  test.add(3, guest("s1"));
  MergedCart merged = test.shop->cart().merge(both).value();
  CHECK(merged.lines.at(0).result == MergeResult::added);
  CHECK(merged.cart.item_count == 6);
  CHECK(unit_price(merged.cart) == 700);
  CHECK(merged.cart.problems.empty());
  // In another currency, and beyond the most.
  test.try_to_add({.sku = "TEA", .quantity = 9, .currency = kDollar}, guest("s1")).value();
  merged = test.shop->cart().merge(both).value();
  CHECK(merged.lines.at(0).result == MergeResult::capped);
  CHECK(merged.cart.currency == kEuro);
  CHECK(merged.cart.item_count == 10);
  CHECK(unit_price(merged.cart) == 700);
  // What has no price in the user's currency stays in the guest's cart.
  test.sell("CAP", 500, "USD");
  test.try_to_add({.sku = "CAP"}, guest("s1")).value();
  merged = test.shop->cart().merge(both).value();
  CHECK(merged.lines.at(0).result == MergeResult::left);
  CHECK(test.cart(guest("s1")).currency == kDollar);
  // An empty cart takes the guest's currency.
  const MergedCart other = test.shop->cart().merge({.user_id = "bob", .session_id = "s1"}).value();
  CHECK(other.cart.currency == kDollar);
  CHECK(other.cart.total_cents == 500);
}

TEST_CASE("shipping follows the weight of the goods, and serves its part of a country") {
  PriceShop test;
  test.change({.weight_grams = 300});
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  const ShippingMethodId parcel =
      methods
          .create(staff(), {.name = "Parcel",
                            .kind = ShippingKind::by_weight,
                            .price_cents = 490,
                            .tiers = {{.min_weight_grams = 1'000, .price_cents = 690}},
                            .currency = kEuro,
                            .countries = {"GB"},
                            .postal_prefixes = {"N1"}})
          .value()
          .id;
  test.add(3);
  test.try_to_add({.sku = "MUG", .quantity = 5}).value();  // of unknown weight
  test.send_to("GB", "E1 6AN");
  const auto refused = test.shop->checkout().select_shipping_method(shopper(), {parcel});
  const Error error = refusal(refused, Errc::invalid_state, "shippingMethodId");
  CHECK(error.fact("postalCode") == "E1 6AN");
  CHECK(test.shop->checkout().list_shipping_methods(shopper()).value().items.size() == 1);
  test.send_to("GB", "N1 9GU");
  CHECK(test.shop->checkout().list_shipping_methods(shopper()).value().items.size() == 2);
  CHECK(test.shop->checkout()
            .select_shipping_method(shopper(), {parcel})
            .value()
            .shipment_total_cents == 490);
  CHECK(test.add(1).shipment_total_cents == 690);

  // What is known of the weight, and where the method goes, may change until the order is placed.
  test.change({.weight_grams = 100});
  Cart cart = test.cart();
  CHECK(cart.problems == Problems{CartProblem::price_changed});
  CHECK(cart.new_total_cents == cart.total_cents - 200);
  test.change({.weight_grams = 300});
  CHECK(test.cart().problems.empty());
  methods
      .update(staff(),
              {.shipping_method_id = parcel, .postal_prefixes = std::vector<std::string>{"E"}})
      .value();
  CHECK(test.cart().problems == Problems{CartProblem::shipping_method_unavailable});
}

TEST_CASE("free shipping counts the goods as the settings say") {
  PriceShop test;
  test.shop->admin()
      .shipping_methods()
      .update(staff(), {.shipping_method_id = test.post, .free_over_cents = 7'900})
      .value();
  test.fill(shopper(), 10);  // 79.00
  Cart cart = test.cart();
  CHECK(cart.shipment_total_cents == 0);
  cart = test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  CHECK(cart.shipment_total_cents == 490);
  test.settings({.goods_total = GoodsTotal::before_discounts});
  cart = test.cart();
  CHECK(cart.problems == Problems{CartProblem::price_changed});
  CHECK(test.ship().shipment_total_cents == 0);

  test.settings({.goods_tax = GoodsTax::without_tax});
  CHECK(test.ship().shipment_total_cents == 0);
  test.shop->admin()
      .settings()
      .update_taxes(staff(), {.prices_include_tax = true, .home_country = "GB"})
      .value();
  test.shop->admin()
      .tax_rates()
      .create(staff(), {.name = "VAT", .rate = "20", .country = "GB"})
      .value();
  CHECK(test.ship().shipment_total_cents == 490);
  test.settings({.goods_tax = GoodsTax::with_tax});
  CHECK(test.ship().shipment_total_cents == 0);
}

TEST_CASE("what costs nothing can be bought") {
  PriceShop test;
  test.sell("FREE", 0);
  test.list({}, {{.sku = "TEA", .price_cents = 0}});
  test.try_to_add({.sku = "FREE"}).value();
  CHECK(test.add(2).total_cents == 0);
  test.send_to("GB", "N1 9GU");
  const Order order = test.ship();
  CHECK(order.total_cents == 490);
  test.shop->admin()
      .shipping_methods()
      .update(staff(), {.shipping_method_id = test.post, .price_cents = 0})
      .value();
  test.ship();
  const Placement placed = test.shop->checkout().place_order(shopper(), {}).value();
  CHECK(placed.order.state == OrderState::complete);
  CHECK_FALSE(placed.payment);
}
