// What a basket costs, as properties over currencies with 0, 2 and 3 decimals, held against 128-bit
// arithmetic.
#include "pricing/quote.hpp"

#include <algorithm>
#include <numeric>

#include "resys/cart.hpp"
#include "support/amounts.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using pricing::Basket;
using pricing::BasketLine;
using pricing::Quote;

namespace {

__extension__ using Wide = __int128;

const std::string_view kCodes[] = {"JPY", "EUR", "KWD"};
constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

Result<Quote> price(const Basket& basket) { return pricing::price(basket, kNow); }

// Every magnitude, so that about half of them are too large.
Basket random_basket(Amounts& amounts, Currency in) {
  Basket basket{.currency = in};
  for (std::size_t i = amounts.count(6); i > 0; --i) {
    basket.lines.push_back({1 + amounts.positive(kMaxUnitsPerLine - 1), amounts.positive(), "",
                            amounts.positive(1'000'000'000)});
  }
  for (std::size_t i = 0; i < basket.lines.size(); ++i) {
    basket.lines[i].variant_id = VariantId({1, i});
  }
  for (std::uint64_t i = amounts.count(4); i > 0; --i) {
    Promotion promotion{.id = PromotionId({1, i}), .priority = static_cast<std::int64_t>(i)};
    if (amounts.count(1) == 0) {
      promotion.actions = {{.kind = PromotionActionKind::percent_off_order,
                            .basis_points = 1 + amounts.positive(9'999)}};
    } else {
      promotion.actions = {{.kind = PromotionActionKind::fixed_off_order,
                            .amount_cents = 1 + amounts.positive(kMaxMinor - 1)}};
      promotion.currency = in;
    }
    promotion.active = amounts.count(4) > 0;
    basket.promotions.offers.push_back({.promotion = promotion});
  }
  if (amounts.count(3) > 0) {
    ShippingMethod method{.price_cents = amounts.positive(), .currency = in};
    method.kind = static_cast<ShippingKind>(amounts.count(3));
    if (amounts.count(1) > 0) method.free_over_cents = amounts.positive();
    std::int64_t from = amounts.positive();
    for (std::size_t i = amounts.count(3); i > 0; --i) {
      method.tiers.push_back({from, from, amounts.positive(), in});
      from += 1 + amounts.positive();
    }
    basket.shipping = method;
  }
  return basket;
}

// What the totals are, without any limit on amounts.
struct Expected {
  Wide count = 0;
  Wide grams = 0;
  Wide items = 0;
  Wide discount = 0;
  Wide shipment = 0;
  Wide largest = 0;  // of all amounts on the way to the total

  Wide total() const { return items - discount + shipment; }
};

Expected expected(const Basket& basket) {
  Expected all;
  for (const BasketLine& line : basket.lines) {
    all.count += line.quantity;
    all.grams += static_cast<Wide>(line.quantity) * line.weight_grams;
    all.items += static_cast<Wide>(line.quantity) * line.listed_price_cents;
  }
  // The last offer has the first place, and each sees what those before it have left.
  for (auto offer = basket.promotions.offers.rbegin(); offer != basket.promotions.offers.rend();
       ++offer) {
    const PromotionAction& action = offer->promotion.actions.at(0);
    const Wide left = all.items - all.discount;
    if (!offer->promotion.active) continue;
    Wide discount = action.amount_cents.value_or(0);
    if (action.basis_points) {
      // To the nearest step, an exact half down.
      const Wide step = basket.currency.code() == "KWD" && left % 10 == 0 ? 10 : 1;
      const Wide exact = left * *action.basis_points;
      const Wide whole = exact / (10'000 * step) * step;
      discount = whole + (2 * (exact - 10'000 * whole) > 10'000 * step ? step : 0);
    }
    all.discount += std::min(discount, left);
  }
  if (basket.shipping && all.count > 0) {
    const ShippingMethod& method = *basket.shipping;
    const Wide goods = all.items - all.discount;
    all.shipment = method.price_cents;
    if (method.kind == ShippingKind::per_item) all.shipment *= all.count;
    for (const ShippingTier& tier : method.tiers) {
      const bool is_by_weight = method.kind == ShippingKind::by_weight;
      if (!is_by_weight && method.kind != ShippingKind::by_total) break;
      if ((is_by_weight ? all.grams : goods) >= *tier.min_total_cents)
        all.shipment = tier.price_cents;
    }
    if (method.free_over_cents && goods >= *method.free_over_cents) all.shipment = 0;
  }
  all.largest = std::max({all.items, all.shipment, all.total()});
  return all;
}

ShippingMethod method(ShippingKind kind, std::int64_t price_cents,
                      std::vector<ShippingTier> tiers = {}) {
  return {.kind = kind,
          .price_cents = price_cents,
          .tiers = std::move(tiers),
          .currency = currency("EUR")};
}

// Of so many items, which cost `goods_cents` together.
Result<std::int64_t> shipping_price(const ShippingMethod& method, std::int64_t item_count,
                                    std::int64_t goods_cents) {
  RESYS_TRY(quote, price({.currency = method.currency,
                          .lines = {{item_count - 1, 0}, {1, goods_cents}},
                          .shipping = method}));
  return quote.shipment_total_cents;
}

}  // namespace

TEST_CASE("totals are exact, or refused as too large") {
  std::int64_t exact = 0;
  std::int64_t refused = 0;
  for (const std::string_view code : kCodes) {
    CAPTURE(code);
    Amounts amounts(7);
    for (std::int64_t i = by_tier(2'000, 20'000, 1'000'000); i > 0; --i) {
      const Basket basket = random_basket(amounts, currency(code));
      const Expected wanted = expected(basket);
      const auto quote = price(basket);
      if (wanted.largest > kMaxMinor) {
        check_refused(quote, Errc::too_large);
        ++refused;
        continue;
      }
      REQUIRE(quote.has_value());
      const Quote& got = quote.value();
      const bool is_right =
          got.item_count == wanted.count && got.item_total_cents == wanted.items &&
          got.discount_total_cents == wanted.discount &&
          got.shipment_total_cents == wanted.shipment && got.total_cents == wanted.total();
      REQUIRE(is_right);
      ++exact;
    }
  }
  CHECK(exact > 1'000);
  CHECK(refused > 1'000);
}

TEST_CASE("whatever the discounts, the columns add up and nothing is negative") {
  for (const std::string_view code : kCodes) {
    CAPTURE(code);
    Amounts amounts(11);
    for (std::int64_t i = by_tier(2'000, 20'000, 1'000'000); i > 0; --i) {
      const auto quote = price(random_basket(amounts, currency(code)));
      if (quote.has_error()) continue;
      const Quote& got = quote.value();
      REQUIRE(got.total_cents ==
              got.item_total_cents - got.discount_total_cents + got.shipment_total_cents);
      REQUIRE(got.discount_total_cents <= got.item_total_cents);
      REQUIRE(got.total_cents >= 0);
      std::int64_t of_promotions = 0;
      for (const AppliedPromotion& each : got.promotions) {
        REQUIRE(each.discount_cents > 0);
        of_promotions += each.discount_cents;
      }
      REQUIRE(of_promotions == got.discount_total_cents);
      std::int64_t of_lines = 0;
      for (const auto& line : got.lines) {
        REQUIRE(line.discount_cents >= 0);
        REQUIRE(line.discount_cents <= line.total_cents);
        of_lines += line.discount_cents;
        std::int64_t of_parts = 0;
        for (const auto& each : line.discounts) of_parts += each.cents;
        REQUIRE(of_parts == line.discount_cents);
      }
      REQUIRE(of_lines == got.discount_total_cents);
    }
  }
}

TEST_CASE("the order of the lines does not matter") {
  Amounts amounts(13);
  for (std::int64_t i = by_tier(500, 5'000, 100'000); i > 0; --i) {
    Basket basket = random_basket(amounts, currency("EUR"));
    const auto before = price(basket);
    std::reverse(basket.lines.begin(), basket.lines.end());
    const auto after = price(basket);
    REQUIRE(before.has_value() == after.has_value());
    if (before.has_value()) REQUIRE(before.value().total_cents == after.value().total_cents);
  }
}

TEST_CASE("nothing costs nothing, wherever it is sent") {
  const Currency eur = currency("EUR");
  const Quote quote =
      price({.currency = eur, .shipping = ShippingMethod{.price_cents = 490, .currency = eur}})
          .value();
  CHECK(quote.item_count == 0);
  CHECK(quote.shipment_total_cents == 0);
  CHECK(quote.total_cents == 0);
}

TEST_CASE("amounts up to the largest are taken, and one more is not") {
  const Currency eur = currency("EUR");
  const auto total = [&](std::vector<BasketLine> lines, std::int64_t shipping) {
    return price({.currency = eur,
                  .lines = std::move(lines),
                  .shipping = ShippingMethod{.price_cents = shipping, .currency = eur}});
  };
  CHECK(total({{1, kMaxMinor}}, 0).value().total_cents == kMaxMinor);
  CHECK(total({{1, kMaxMinor - 490}}, 490).value().total_cents == kMaxMinor);
  check_refused(total({{1, kMaxMinor}}, 1), Errc::too_large);
  check_refused(total({{1, kMaxMinor}, {1, 1}}, 0), Errc::too_large);
  check_refused(total({{2, kMaxMinor / 2 + 1}}, 0), Errc::too_large);
  check_refused(total({{kMaxUnitsPerLine, kMaxMinor}}, 0), Errc::too_large);
}

// ---- shipping

TEST_CASE("a flat price is one price, whatever is sent") {
  const ShippingMethod flat = method(ShippingKind::flat, 490);
  for (const std::int64_t goods : {std::int64_t{0}, std::int64_t{1'000}, kMaxMinor - 490}) {
    CHECK(shipping_price(flat, 1, goods).value() == 490);
    CHECK(shipping_price(flat, 2'000'000, goods).value() == 490);
  }
}

TEST_CASE("shipping of each kind is free once the goods reach the amount") {
  for (const ShippingKind kind : {ShippingKind::flat, ShippingKind::per_item,
                                  ShippingKind::by_weight, ShippingKind::by_total}) {
    ShippingMethod free_over = method(kind, 490);
    free_over.free_over_cents = 5'000;
    CHECK(shipping_price(free_over, 1, 0).value() == 490);
    CHECK(shipping_price(free_over, 1, 4'999).value() == 490);
    CHECK(shipping_price(free_over, 1, 5'000).value() == 0);
    CHECK(shipping_price(free_over, 1, kMaxMinor).value() == 0);
  }
}

TEST_CASE("the last tier that is reached counts, and below the first the method's price") {
  const ShippingMethod by_total = method(ShippingKind::by_total, 900,
                                         {{.min_total_cents = 1'000, .price_cents = 600},
                                          {.min_total_cents = 5'000, .price_cents = 0}});
  CHECK(shipping_price(by_total, 1, 999).value() == 900);
  CHECK(shipping_price(by_total, 1, 1'000).value() == 600);
  CHECK(shipping_price(by_total, 1, 4'999).value() == 600);
  CHECK(shipping_price(by_total, 1, 5'000).value() == 0);

  const ShippingMethod by_weight = method(ShippingKind::by_weight, 490,
                                          {{.min_weight_grams = 1'000, .price_cents = 690},
                                           {.min_weight_grams = 5'000, .price_cents = 1'490}});
  const auto price_of = [&](std::int64_t quantity, std::int64_t grams) {
    return price({.currency = by_weight.currency,
                  .lines = {{quantity, 100, "", grams}, {1, 100}},
                  .shipping = by_weight})
        .value()
        .shipment_total_cents;
  };
  CHECK(price_of(3, 333) == 490);
  CHECK(price_of(4, 250) == 690);
  CHECK(price_of(1, 4'999) == 690);
  CHECK(price_of(2, 2'500) == 1'490);
}

TEST_CASE("what free shipping counts is the goods after or before discounts, with or without tax") {
  pricing::PriceRules rules;
  rules.taxes.home_country = "DE";
  rules.rates = {{{.rate = "20", .country = "DE", .category = "standard", .priority = 1}, 200'000}};
  ShippingMethod post = method(ShippingKind::flat, 500);
  const Promotion tenth{
      .actions = {{.kind = PromotionActionKind::percent_off_order, .basis_points = 1'000}}};
  // The largest amount from which on it is free.
  const auto counted = [&](bool is_included, GoodsTotal total, GoodsTax tax) {
    rules.taxes.prices_include_tax = is_included;
    rules.prices.goods_total = total;
    rules.prices.goods_tax = tax;
    std::int64_t most = 0;
    for (std::int64_t from = 7'000; from <= 12'000; from += 100) {
      post.free_over_cents = from;
      const Quote quote = price({.currency = post.currency,
                                 .lines = {{2, 5'000, "standard"}},
                                 .shipping = post,
                                 .rules = &rules,
                                 .promotions = {.offers = {{.promotion = tenth}}}})
                              .value();
      if (quote.shipment_total_cents == 0) most = from;
    }
    return most;
  };
  constexpr auto kAfter = GoodsTotal::after_discounts;
  constexpr auto kBefore = GoodsTotal::before_discounts;
  CHECK(counted(false, kAfter, GoodsTax::as_priced) == 9'000);
  CHECK(counted(false, kAfter, GoodsTax::without_tax) == 9'000);
  CHECK(counted(false, kAfter, GoodsTax::with_tax) == 10'800);
  CHECK(counted(false, kBefore, GoodsTax::as_priced) == 10'000);
  CHECK(counted(false, kBefore, GoodsTax::with_tax) == 12'000);
  CHECK(counted(true, kAfter, GoodsTax::as_priced) == 9'000);
  CHECK(counted(true, kAfter, GoodsTax::with_tax) == 9'000);
  CHECK(counted(true, kAfter, GoodsTax::without_tax) == 7'500);
  CHECK(counted(true, kBefore, GoodsTax::without_tax) == 8'300);
}

TEST_CASE("tiers go by what discounts leave, and what is taken off shipping is of their price") {
  const ShippingMethod by_total =
      method(ShippingKind::by_total, 900, {{.min_total_cents = 1'000, .price_cents = 600}});
  pricing::PriceRules rules;
  Basket basket{
      .currency = by_total.currency, .lines = {{2, 600}}, .shipping = by_total, .rules = &rules};
  CHECK(price(basket).value().shipment_total_cents == 600);
  const Promotion both{
      .actions = {{.kind = PromotionActionKind::percent_off_order, .basis_points = 2'500},
                  {.kind = PromotionActionKind::percent_off_shipping, .basis_points = 5'000}}};
  basket.promotions.offers = {{.promotion = both}};
  CHECK(price(basket).value().shipment_total_cents == 450);
  CHECK(price(basket).value().shipping_discount_cents == 450);
  rules.prices.goods_total = GoodsTotal::before_discounts;
  CHECK(price(basket).value().shipment_total_cents == 300);
  CHECK(price(basket).value().shipping_discount_cents == 300);
}

TEST_CASE("a price of shipping that is too large is refused, whatever is taken off it") {
  const Promotion free{.actions = {{.kind = PromotionActionKind::free_shipping}}};
  Basket basket{.currency = currency("EUR"),
                .lines = {{2, 600}},
                .shipping = method(ShippingKind::per_item, kMaxMinor)};
  basket.promotions.offers = {{.promotion = free}};
  (void)refusal(price(basket), Errc::too_large);
  basket.shipping->free_over_cents = 1'200;
  CHECK(price(basket).value().shipment_total_cents == 0);
}

TEST_CASE("a price per item is exact, or too large") {
  Amounts amounts(1);
  for (const std::string_view code : kCodes) {
    ShippingMethod per_item = method(ShippingKind::per_item, 0);
    per_item.currency = currency(code);
    for (std::int64_t round = by_tier(1'000, 20'000, 1'000'000); round > 0; --round) {
      per_item.price_cents = amounts.positive();
      const std::int64_t count = 1 + amounts.positive(1'999'999);
      const auto price = shipping_price(per_item, count, 0);
      const bool fits = per_item.price_cents <= kMaxMinor / count;
      REQUIRE(price.has_value() == fits);
      if (fits) {
        REQUIRE(price.value() == per_item.price_cents * count);
      } else {
        REQUIRE(price.error().code() == Errc::too_large);
      }
    }
  }
}
