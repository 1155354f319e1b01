// The price lists that staff keep, their prices, and the settings for prices.
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
const Currency kDollar = Currency::parse("USD").value();

struct ListShop : BuyingShop {
  AdminPriceLists lists() { return shop->admin().price_lists(); }
  PriceListId make(const std::string& name = "Trade") {
    clock->advance(kMicrosPerSecond);  // lists are listed as they were made
    return lists().create(staff(), {.name = name, .currency = kEuro}).value().id;
  }
  Result<PriceList> set(const PriceListId& id, std::vector<NewListedPrice> prices) {
    return lists().set_prices(staff(), {.price_list_id = id, .prices = std::move(prices)});
  }
  // "TEA from 1: 700, ..."
  std::string prices(const PriceListId& id, std::int64_t page_size = 200) {
    std::string text;
    ListListedPrices request{.price_list_id = id, .limit = page_size};
    do {
      const auto page = lists().list_prices(staff(), request).value();
      for (const ListedPrice& each : page.items) {
        text += (text.empty() ? "" : ", ") + each.sku + " from " +
                std::to_string(each.min_quantity) + ": " + std::to_string(each.price_cents);
      }
      request.after = page.next_after;
    } while (request.after);
    return text;
  }
  std::string history(const PriceListId& id) {
    std::string text;
    const auto page =
        shop->admin().variants().list_price_changes(staff(), {.sku = "TEA", .price_list_id = id});
    for (const PriceChange& each : page.value().items) {
      CHECK(each.price_list_id == id);
      CHECK(each.currency == kEuro);
      text += (text.empty() ? "" : ", ") + std::to_string(each.min_quantity) + ": " +
              (each.price_cents ? std::to_string(*each.price_cents) : "none");
    }
    return text;
  }
};

}  // namespace

TEST_CASE("a price list is kept as it was given") {
  ListShop test;
  const Timestamp now = test.clock->now();
  const PriceListId id = test.lists()
                             .create(staff(), {.name = "Trade",
                                               .currency = kEuro,
                                               .priority = -3,
                                               .customer_groups = {"trade", "vip"},
                                               .countries = {"de", "AT"},
                                               .valid_from = now,
                                               .valid_until = now.plus(1),
                                               .active = false})
                             .value()
                             .id;
  PriceList list = test.lists().get(staff(), {id}).value();
  CHECK(list.id == id);
  CHECK(list.name == "Trade");
  CHECK(list.currency == kEuro);
  CHECK(list.priority == -3);
  CHECK(list.customer_groups == std::vector<std::string>{"trade", "vip"});
  CHECK(list.countries == std::vector<std::string>{"DE", "AT"});
  CHECK(list.valid_from == now);
  CHECK(list.valid_until == now.plus(1));
  CHECK_FALSE(list.active);

  // Absent fields keep their value; null takes a time away.
  list = test.lists()
             .update(staff(), {.price_list_id = id,
                               .priority = 4,
                               .countries = std::vector<std::string>(),
                               .valid_until = Change<Timestamp>(std::in_place)})
             .value();
  CHECK(list.name == "Trade");
  CHECK(list.priority == 4);
  CHECK(list.customer_groups.size() == 2);
  CHECK(list.countries.empty());
  CHECK(list.valid_from == now);
  CHECK_FALSE(list.valid_until);
  list = test.lists()
             .update(staff(), {.price_list_id = id,
                               .name = "B2B",
                               .customer_groups = std::vector<std::string>{"b2b"},
                               .valid_from = Change<Timestamp>(std::in_place),
                               .active = true})
             .value();
  CHECK(list.name == "B2B");
  CHECK(list.customer_groups == std::vector<std::string>{"b2b"});
  CHECK_FALSE(list.valid_from);
  CHECK(list.active);

  CHECK(test.lists().remove(staff(), {id}).value().removed);
  check_refused(test.lists().get(staff(), {id}), Errc::not_found, "priceListId");
  check_refused(test.lists().update(staff(), {.price_list_id = id}), Errc::not_found,
                "priceListId");
  check_refused(test.lists().remove(staff(), {id}), Errc::not_found, "priceListId");
  check_refused(test.lists().list_prices(staff(), {id}), Errc::not_found, "priceListId");
  check_refused(test.set(id, {{.sku = "TEA"}}), Errc::not_found, "priceListId");
}

TEST_CASE("price lists that are wrong are refused") {
  ListShop test;
  const Timestamp now = test.clock->now();
  const auto create = [&](CreatePriceList request) {
    if (request.name.empty()) request.name = "Trade";
    if (request.currency.empty()) request.currency = kEuro;
    return test.lists().create(staff(), request);
  };
  check_refused(test.lists().create(staff(), {.currency = kEuro}), Errc::invalid_request, "name");
  check_refused(test.lists().create(staff(), {.name = "Trade"}), Errc::invalid_request, "currency");
  check_refused(create({.priority = 1'000'001}), Errc::invalid_request, "priority");
  check_refused(create({.customer_groups = {"VIP"}}), Errc::invalid_request, "customerGroups[0]");
  check_refused(create({.customer_groups = std::vector<std::string>(21, "vip")}),
                Errc::invalid_request, "customerGroups");
  check_refused(create({.countries = {"XX"}}), Errc::invalid_request, "countries[0]");
  check_refused(create({.valid_from = now, .valid_until = now}), Errc::invalid_request,
                "validUntil");
  const PriceListId id = test.make();
  const UpdatePriceList late{.price_list_id = id, .valid_from = now, .valid_until = now.plus(-1)};
  check_refused(test.lists().update(staff(), late), Errc::invalid_request, "validUntil");
  CHECK_FALSE(test.lists().get(staff(), {id}).value().valid_from);
  check_refused(test.lists().list(shopper()), Errc::forbidden);
  check_refused(test.lists().get(in_store("other", staff()), {id}), Errc::not_found, "priceListId");
}

TEST_CASE("price lists are listed in pages, oldest first") {
  ListShop test;
  for (const char* name : {"A", "B", "C"}) test.make(name);
  const auto first = test.lists().list(staff(), {.limit = 2}).value();
  REQUIRE(first.items.size() == 2);
  CHECK(first.items[0].name == "A");
  const auto rest = test.lists().list(staff(), {.limit = 2, .after = first.next_after}).value();
  REQUIRE(rest.items.size() == 1);
  CHECK(rest.items[0].name == "C");
  CHECK_FALSE(rest.next_after);
  check_refused(test.lists().list(staff(), {.after = "x"}), Errc::invalid_request, "after");
}

TEST_CASE("the prices of a SKU are replaced together, and others keep theirs") {
  ListShop test;
  const PriceListId id = test.make();
  CHECK(test.set(id, {{.sku = "TEA", .price_cents = 700},
                      {.sku = "MUG", .min_quantity = 5, .price_cents = 1'000},
                      {.sku = "TEA", .min_quantity = 10, .price_cents = 0}})
            .value()
            .id == id);
  const std::string all = "TEA from 1: 700, TEA from 10: 0, MUG from 5: 1000";
  CHECK(test.prices(id) == all);
  CHECK(test.prices(id, 1) == all);
  test.clock->advance(1);
  test.set(id, {{.sku = "TEA", .min_quantity = 10, .price_cents = 650},
                {.sku = "TEA", .min_quantity = 20, .price_cents = 600}})
      .value();
  CHECK(test.prices(id) == "TEA from 10: 650, TEA from 20: 600, MUG from 5: 1000");
  test.clock->advance(1);
  test.set(id, {{.sku = "MUG"}}).value();
  CHECK(test.prices(id) == "TEA from 10: 650, TEA from 20: 600");
  test.set(id, {{.sku = "TEA", .min_quantity = 20, .price_cents = 600}}).value();
  test.clock->advance(1);

  // Its history has what has changed, also when the list goes.
  test.lists().remove(staff(), {id}).value();
  CHECK(test.history(id) == "20: none, 10: none, 20: 600, 10: 650, 1: none, 10: 0, 1: 700");
}

TEST_CASE("prices that are wrong are refused with their place, and nothing is set") {
  ListShop test;
  const PriceListId id = test.make();
  const NewListedPrice tea{.sku = "TEA", .price_cents = 700};
  check_refused(test.set(id, {}), Errc::invalid_request, "prices");
  check_refused(test.set(id, std::vector<NewListedPrice>(201, tea)), Errc::invalid_request,
                "prices");
  check_refused(test.set(id, {tea, {.sku = "NONE", .price_cents = 1}}), Errc::not_found,
                "prices[1].sku");
  check_refused(test.set(id, {tea, tea}), Errc::invalid_request, "prices[1].minQuantity");
  check_refused(test.set(id, {tea, {.sku = "MUG", .min_quantity = 0, .price_cents = 1}}),
                Errc::invalid_request, "prices[1].minQuantity");
  check_refused(test.set(id, {tea, {.sku = "MUG", .min_quantity = 10'001, .price_cents = 1}}),
                Errc::invalid_request, "prices[1].minQuantity");
  check_refused(test.set(id, {tea, {.sku = "MUG", .price_cents = -1}}), Errc::invalid_request,
                "prices[1].priceCents");
  test.sell("DOLLAR", 100, "USD");
  const Error error = refusal(test.set(id, {tea, {.sku = "DOLLAR", .price_cents = 1}}),
                              Errc::unsupported_currency, "prices[1].sku");
  CHECK(error.fact("currency") == "EUR");
  check_refused(test.set(id, {tea, {.sku = "MUG", .price_cents = 1, .currency = kDollar}}),
                Errc::unsupported_currency, "prices[1].currency");
  CHECK(test.prices(id).empty());
  for (const char* after : {"", "x", "x/1", "/"}) {
    check_refused(test.lists().list_prices(staff(), {.price_list_id = id, .after = after}),
                  Errc::invalid_request, "after");
  }
}

TEST_CASE("the settings for prices have defaults, and absent fields keep their value") {
  ListShop test;
  AdminSettings settings = test.shop->admin().settings();
  PriceSettings prices = settings.get_prices(staff()).value();
  CHECK(prices.currencies.empty());
  CHECK(prices.goods_total == GoodsTotal::after_discounts);
  CHECK(prices.goods_tax == GoodsTax::as_priced);
  settings.update_prices(staff(), {.currencies = {{kEuro, kDollar}}}).value();
  settings.update_prices(staff(), {.goods_total = GoodsTotal::before_discounts}).value();
  prices = settings.update_prices(staff(), {.goods_tax = GoodsTax::without_tax}).value();
  CHECK(prices.currencies == std::vector<Currency>{kEuro, kDollar});
  CHECK(prices.goods_total == GoodsTotal::before_discounts);
  CHECK(prices.goods_tax == GoodsTax::without_tax);
  CHECK(settings.get_prices(staff()).value().currencies == prices.currencies);
  settings.update_prices(staff(), {.currencies = std::vector<Currency>()}).value();
  CHECK(settings.get_prices(staff()).value().currencies.empty());
  check_refused(settings.update_prices(staff(), {.currencies = {{Currency()}}}),
                Errc::invalid_request, "currencies[0]");
  check_refused(settings.update_prices(staff(), {.currencies = std::vector(51, kEuro)}),
                Errc::invalid_request, "currencies");
  check_refused(settings.get_prices(shopper()), Errc::forbidden);
}
