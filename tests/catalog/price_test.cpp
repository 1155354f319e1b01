// The prices of a variant: in several currencies, to compare with, and their history.
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
const Currency kDollar = Currency::parse("USD").value();
const Currency kYen = Currency::parse("JPY").value();

struct PriceShop : BuyingShop {
  AdminVariants variants() { return shop->admin().variants(); }
  Result<Product> change(UpdateVariant request) {
    request.sku = "TEA";
    return variants().update(staff(), request);
  }
  // As staff see it.
  Variant tea() {
    return shop->admin().products().list(staff()).value().items.at(0).variants.at(0);
  }
  // As shoppers see it.
  Variant tea_in(Currency currency) {
    return shop->products().get({}, {.slug = "tea", .currency = currency}).value().variants.at(0);
  }
  void wait_days(std::int64_t days) { clock->advance(days * kMicrosPerDay); }
  // "2027-01-15 790, ..." of the variant's own prices, newest first.
  std::string history(ListPriceChanges request = {}) {
    request.sku = "TEA";
    std::string text;
    do {
      const auto page = variants().list_price_changes(staff(), request).value();
      for (const PriceChange& each : page.items) {
        text += (text.empty() ? "" : ", ") + each.changed_at.text().substr(0, 10) + " " +
                (each.price_cents ? std::to_string(*each.price_cents) : "none");
      }
      request.after = page.next_after;
    } while (request.after);
    return text;
  }
};

}  // namespace

TEST_CASE("a variant has prices in further currencies") {
  PriceShop test;
  test.change({.prices = {{{.currency = kDollar, .price_cents = 899},
                           {.currency = kYen, .price_cents = 1'200, .compare_at_cents = 1'500}}}})
      .value();
  Variant tea = test.tea();
  REQUIRE(tea.prices.size() == 2);
  CHECK(tea.price_cents == 790);
  CHECK(tea.prices[0] == VariantPrice{kDollar, 899, std::nullopt, std::nullopt});
  CHECK(tea.prices[1] == VariantPrice{kYen, 1'200, 1'500, std::nullopt});

  // Absent, they stay; the list that is given is all there are from then on.
  test.change({.name = "small"}).value();
  CHECK(test.tea().prices.size() == 2);
  test.change({.prices = {{{.currency = kYen, .price_cents = 1'100}}}}).value();
  tea = test.tea();
  REQUIRE(tea.prices.size() == 1);
  CHECK(tea.prices[0].price_cents == 1'100);
  test.change({.prices = std::vector<NewVariantPrice>()}).value();
  CHECK(test.tea().prices.empty());
}

TEST_CASE("shoppers are shown the price in the currency that they ask for") {
  PriceShop test;
  test.change({.compare_at_cents = 1'000,
               .prices = {{{.currency = kDollar, .price_cents = 899, .compare_at_cents = 950}}}})
      .value();
  Variant tea = test.tea_in(kDollar);
  CHECK(tea.currency == kDollar);
  CHECK(tea.price_cents == 899);
  CHECK(tea.compare_at_cents == 950);
  REQUIRE(tea.prices.size() == 1);
  CHECK(tea.prices[0] == VariantPrice{kEuro, 790, 1'000, std::nullopt});

  // What has no price in it keeps its own.
  tea = test.tea_in(kYen);
  CHECK(tea.currency == kEuro);
  CHECK(tea.price_cents == 790);
  const auto page = test.shop->products().list({}, {.currency = kDollar}).value();
  CHECK(page.items.at(0).variants.at(0).price_cents == 899);
  CHECK(page.items.at(0).variants.at(1).currency == kEuro);
  CHECK(test.tea_in(kEuro).price_cents == 790);
}

TEST_CASE("prices that contradict each other are refused") {
  PriceShop test;
  const NewVariantPrice dollar{.currency = kDollar, .price_cents = 899};
  check_refused(test.change({.prices = {{dollar, dollar}}}), Errc::invalid_request,
                "prices[1].currency");
  check_refused(test.change({.prices = {{{.currency = kEuro, .price_cents = 1}}}}),
                Errc::invalid_request, "prices[0].currency");
  check_refused(test.change({.prices = {{{.currency = kDollar, .price_cents = -1}}}}),
                Errc::invalid_request, "prices[0].priceCents");
  check_refused(test.change({.prices = {{{.price_cents = 1}}}}), Errc::invalid_request,
                "prices[0].currency");
  check_refused(
      test.change(
          {.prices = {{{.currency = kDollar, .price_cents = 899, .compare_at_cents = 899}}}}),
      Errc::invalid_request, "prices[0].compareAtCents");
  check_refused(test.change({.compare_at_cents = 790}), Errc::invalid_request, "compareAtCents");
  test.change({.compare_at_cents = 791}).value();
  check_refused(test.change({.price_cents = 500, .currency = kDollar}), Errc::unsupported_currency,
                "currency");
  CHECK(test.tea().prices.empty());
  CHECK(test.tea().price_cents == 790);
  CHECK(test.history() == "2027-01-15 790");

  std::vector<NewVariantPrice> most;
  for (const Currency each : all_currencies()) {
    if (each != kEuro && most.size() < 51) most.push_back({each, 100, {}});
  }
  check_refused(test.change({.prices = most}), Errc::invalid_request, "prices");
  most.pop_back();
  test.change({.prices = most}).value();
  CHECK(test.tea().prices.size() == 50);

  // Of a new product with the place.
  CreateProduct request{.slug = "pot", .name = "Pot"};
  request.variants = {{.sku = "POT", .price_cents = 100, .currency = kEuro}};
  request.variants[0].compare_at_cents = 100;
  check_refused(test.shop->admin().products().create(staff(), request), Errc::invalid_request,
                "variants[0].compareAtCents");
}

TEST_CASE("a price to compare with goes when it is cleared, and when the price reaches it") {
  PriceShop test;
  test.change({.compare_at_cents = 1'000}).value();
  CHECK(test.tea().compare_at_cents == 1'000);
  test.change({.price_cents = 999}).value();
  CHECK(test.tea().compare_at_cents == 1'000);
  test.change({.price_cents = 1'000}).value();
  CHECK_FALSE(test.tea().compare_at_cents);
  test.change({.price_cents = 790, .compare_at_cents = 1'000}).value();
  test.change({.compare_at_cents = Change<std::int64_t>(std::in_place)}).value();
  CHECK_FALSE(test.tea().compare_at_cents);
}

TEST_CASE("the lowest price is that of the 30 days before the price of now began") {
  PriceShop test;  // 7.90 from the beginning
  const auto lowest = [&] { return test.tea().lowest_price_cents; };
  test.change({.compare_at_cents = 2'000}).value();
  CHECK_FALSE(lowest());  // there was no price before it
  test.wait_days(10);
  test.change({.price_cents = 900}).value();  // raised on day 10
  CHECK(lowest() == 790);
  test.wait_days(10);
  test.change({.price_cents = 700}).value();  // lowered on day 20
  CHECK(lowest() == 790);
  test.wait_days(10);
  test.change({.price_cents = 950}).value();  // raised again on day 30
  CHECK(lowest() == 700);
  test.wait_days(30);
  test.change({.price_cents = 800}).value();  // on day 60: 7.00 ended 30 days ago
  CHECK(lowest() == 950);
  // It stays while the price does, however long.
  test.wait_days(400);
  CHECK(lowest() == 950);
  // A price that stays the same is no change.
  test.change({.name = "small", .price_cents = 800}).value();
  CHECK(lowest() == 950);
  CHECK(test.history() ==
        "2027-03-16 800, 2027-02-14 950, 2027-02-04 700, 2027-01-25 900, 2027-01-15 790");

  // It is shown beside a price to compare with.
  test.change({.compare_at_cents = Change<std::int64_t>(std::in_place)}).value();
  CHECK_FALSE(lowest());
  test.change({.compare_at_cents = 2'000}).value();
  CHECK(lowest() == 950);
}

TEST_CASE("the 30 days have an exact beginning") {
  PriceShop test;
  test.change({.compare_at_cents = 2'000}).value();
  test.wait_days(1);
  test.change({.price_cents = 900}).value();  // 7.90 ends here
  test.clock->advance(30 * kMicrosPerDay - 1);
  test.change({.price_cents = 901}).value();
  CHECK(test.tea().lowest_price_cents == 790);  // it was there for a microsecond of them
  test.clock->advance(1);
  test.change({.price_cents = 902}).value();
  CHECK(test.tea().lowest_price_cents == 900);
}

TEST_CASE("of the prices of one moment only the last was one") {
  PriceShop test;
  test.change({.compare_at_cents = 2'000}).value();
  test.wait_days(1);
  test.change({.price_cents = 1}).value();
  test.change({.price_cents = 900}).value();
  CHECK(test.tea().lowest_price_cents == 790);
  test.wait_days(1);
  test.change({.price_cents = 950}).value();
  CHECK(test.tea().lowest_price_cents == 790);
  CHECK(test.history() == "2027-01-17 950, 2027-01-16 900, 2027-01-15 790");
}

TEST_CASE("each currency has its own history, also of a price that was taken away") {
  PriceShop test;
  const auto set = [&](std::optional<std::int64_t> dollars) {
    std::vector<NewVariantPrice> prices;
    if (dollars) prices.push_back({kDollar, *dollars, 5'000});
    test.change({.prices = prices}).value();
    test.wait_days(10);
  };
  set(900);
  set(std::nullopt);
  set(1'000);
  REQUIRE(test.tea().prices.size() == 1);
  CHECK(test.tea().prices[0].lowest_price_cents == 900);
  test.change({.price_cents = 100}).value();
  CHECK(test.tea().prices[0].lowest_price_cents == 900);
  set(2'000);  // day 30
  CHECK(test.tea().prices[0].lowest_price_cents == 900);
  set(std::nullopt);  // day 40
  set(3'000);         // day 50: 9.00 is older than that
  CHECK(test.tea().prices[0].lowest_price_cents == 1'000);
  CHECK(test.history({.currency = kDollar, .limit = 2}) ==
        "2027-03-06 3000, 2027-02-24 none, 2027-02-14 2000, 2027-02-04 1000, 2027-01-25 none, "
        "2027-01-15 900");
  CHECK(test.history({.currency = kYen}).empty());
  ListPriceChanges request{.sku = "TEA", .after = "1"};
  for (const char* after : {"", "1", "1/", "/1", "1/x", "x/1", "1/1x"}) {
    request.after = after;
    check_refused(test.variants().list_price_changes(staff(), request), Errc::invalid_request,
                  "after");
  }
  check_refused(test.variants().list_price_changes(staff(), {.sku = "NONE"}), Errc::not_found,
                "sku");
  check_refused(test.variants().list_price_changes(shopper(), {.sku = "TEA"}), Errc::forbidden);
}

TEST_CASE("a variant says what quantities a line may have, and what a unit weighs") {
  PriceShop test;
  CHECK(test.tea().min_quantity == 1);
  CHECK_FALSE(test.tea().max_quantity);
  CHECK(test.tea().quantity_step == 1);
  CHECK_FALSE(test.tea().weight_grams);
  test.change({.min_quantity = 4, .max_quantity = 20, .quantity_step = 6, .weight_grams = 120})
      .value();
  const Variant tea = test.tea();
  CHECK(tea.min_quantity == 4);
  CHECK(tea.max_quantity == 20);
  CHECK(tea.quantity_step == 6);
  CHECK(tea.weight_grams == 120);
  // There must be a quantity that is allowed.
  check_refused(test.change({.max_quantity = 5}), Errc::invalid_request, "maxQuantity");
  check_refused(test.change({.min_quantity = 21}), Errc::invalid_request, "maxQuantity");
  check_refused(test.change({.min_quantity = 10'000,
                             .max_quantity = Change<std::int64_t>(std::in_place),
                             .quantity_step = 6'000}),
                Errc::invalid_request, "minQuantity");
  check_refused(test.change({.min_quantity = 0}), Errc::invalid_request, "minQuantity");
  check_refused(test.change({.quantity_step = 10'001}), Errc::invalid_request, "quantityStep");
  check_refused(test.change({.weight_grams = 1'000'000'001}), Errc::invalid_request, "weightGrams");
  test.change({.max_quantity = Change<std::int64_t>(std::in_place),
               .weight_grams = Change<std::int64_t>(std::in_place)})
      .value();
  CHECK_FALSE(test.tea().max_quantity);
  CHECK_FALSE(test.tea().weight_grams);
}
