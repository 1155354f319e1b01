// What tax is due, as properties over random amounts, rates and rounding rules, and at the edges.
#include "pricing/tax.hpp"

#include <algorithm>
#include <numeric>

#include "pricing/exact.hpp"
#include "pricing/quote.hpp"
#include "support/amounts.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using domain::Area;
using pricing::AppliedRates;
using pricing::PriceRules;
using pricing::TaxedAmount;
using pricing::TaxedCustomer;
using pricing::taxes_of;
using pricing::TaxTerms;

namespace {

constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

void add_rate(PriceRules& rules, TaxRate rate) {
  const std::int64_t millionths = pricing::parse_percent(rate.rate).value();
  rules.rates.push_back({std::move(rate), millionths});
}

PriceRules german_rules() {
  PriceRules rules;
  rules.taxes.prices_include_tax = true;
  rules.taxes.home_country = "DE";
  add_rate(rules, {.name = "VAT", .rate = "19", .country = "DE", .category = "standard"});
  add_rate(rules, {.name = "VAT", .rate = "7", .country = "DE", .category = "reduced"});
  return rules;
}

// The rates of a category, as text: "State 6 + City 8.875".
std::string rates_of(const PriceRules& rules, const Area& area, std::string_view category,
                     Timestamp now = kNow) {
  std::string text;
  const TaxTerms terms(rules, area, {}, now);
  for (const auto& rate : terms.rates(category)) {
    text += (text.empty() ? "" : " + ") + rate.name + " " + pricing::percent_text(rate.millionths);
  }
  return text;
}

struct RandomTaxes {
  PriceRules rules;
  std::vector<AppliedRates> sets{4};
  std::vector<TaxedAmount> amounts;
};

RandomTaxes random_taxes(Amounts& amounts, std::int64_t largest) {
  RandomTaxes made;
  TaxSettings& settings = made.rules.taxes;
  settings.prices_include_tax = amounts.count(1) == 0;
  settings.rounding = static_cast<TaxRounding>(amounts.count(2));
  settings.rounding_level = static_cast<TaxRoundingLevel>(amounts.count(2));
  made.rules.rates.resize(6);
  for (AppliedRates& set : made.sets) {
    for (std::size_t i = amounts.count(5); i > 0; --i) {
      const auto& source = made.rules.rates[amounts.count(5)];
      set.push_back({.name = "T", .millionths = amounts.positive(1'000'000), .source = &source});
      set.back().compound = (set.size() == 2 || set.size() == 3) && amounts.count(1) == 0;
    }
  }
  // A rate's source stands for one rate: give its uses the same percentage.
  for (AppliedRates& set : made.sets) {
    for (auto& rate : set) {
      rate.millionths = 10'000 * (1 + (rate.source - made.rules.rates.data()));
    }
  }
  for (std::size_t i = 1 + amounts.count(6); i > 0; --i) {
    made.amounts.push_back(
        {amounts.positive(largest), 1 + amounts.positive(9'999), &made.sets[amounts.count(3)]});
  }
  return made;
}

std::int64_t sum_of(const std::vector<TaxLine>& lines) {
  return std::accumulate(
      lines.begin(), lines.end(), std::int64_t{0},
      [](std::int64_t sum, const TaxLine& each) { return sum + each.tax_cents; });
}

std::int64_t sum_of(const std::vector<std::vector<TaxLine>>& lines) {
  std::int64_t sum = 0;
  for (const auto& each : lines) sum += sum_of(each);
  return sum;
}

}  // namespace

TEST_CASE("no tax is negative, and one that prices include leaves a net amount") {
  Amounts amounts(1);
  for (std::int64_t i = by_tier(5'000, 50'000, 2'000'000); i > 0; --i) {
    const RandomTaxes given = random_taxes(amounts, kMaxMinor);
    const bool is_included = given.rules.taxes.prices_include_tax;
    const auto taxes = taxes_of(given.amounts, given.rules.taxes);
    REQUIRE(taxes.size() == given.amounts.size());
    for (std::size_t line = 0; line < taxes.size(); ++line) {
      const std::int64_t gross = given.amounts[line].amount_cents;
      REQUIRE(taxes[line].size() == (gross == 0 ? 0 : given.amounts[line].rates->size()));
      for (const TaxLine& tax : taxes[line]) REQUIRE(tax.tax_cents >= 0);
      if (!is_included || taxes[line].empty()) continue;
      REQUIRE(sum_of(taxes[line]) <= gross);
      REQUIRE(taxes[line].front().taxable_cents == gross - sum_of(taxes[line]));
    }
  }
}

TEST_CASE("small amounts that are taxed together have no more tax than they are") {
  PriceRules rules{
      .taxes = {.prices_include_tax = true, .rounding_level = TaxRoundingLevel::order}};
  rules.rates.resize(2);
  const AppliedRates rates{{.name = "A", .millionths = 100'000, .source = &rules.rates[0]},
                           {.name = "B", .millionths = 100'000, .source = &rules.rates[1]}};
  const auto taxes = taxes_of(std::vector<TaxedAmount>(10, {1, 1, &rates}), rules.taxes);
  CHECK(sum_of(taxes) == 2);
  for (const auto& line : taxes) {
    CHECK(sum_of(line) <= 1);
    CHECK(line.at(0).taxable_cents >= 0);
  }
}

TEST_CASE("the sum of the taxes is the same for every order of the lines") {
  Amounts amounts(2);
  std::mt19937 random(2);
  for (std::int64_t i = by_tier(2'000, 20'000, 500'000); i > 0; --i) {
    RandomTaxes given = random_taxes(amounts, 100'000);
    const std::int64_t sum = sum_of(taxes_of(given.amounts, given.rules.taxes));
    std::shuffle(given.amounts.begin(), given.amounts.end(), random);
    REQUIRE(sum_of(taxes_of(given.amounts, given.rules.taxes)) == sum);
  }
}

TEST_CASE("splitting a cart moves the tax by no more than the rounding of its parts") {
  Amounts amounts(3);
  for (std::int64_t i = by_tier(2'000, 20'000, 500'000); i > 0; --i) {
    const RandomTaxes given = random_taxes(amounts, 100'000);
    TaxSettings settings = given.rules.taxes;
    std::int64_t parts = 0;
    std::int64_t rates = 0;
    for (const TaxedAmount& amount : given.amounts) {
      parts += sum_of(taxes_of({amount}, settings));
      rates += static_cast<std::int64_t>(amount.rates->size());
    }
    const std::int64_t whole = sum_of(taxes_of(given.amounts, settings));
    REQUIRE(std::abs(whole - parts) <= rates);
    if (settings.rounding_level != TaxRoundingLevel::order) REQUIRE(whole == parts);
  }
}

TEST_CASE("an exact half is rounded as the store says") {
  PriceRules rules;
  add_rate(rules, {.name = "VAT", .rate = "5", .country = "DE", .category = "standard"});
  rules.taxes.home_country = "DE";
  const TaxTerms terms(rules, {}, {}, kNow);
  const auto tax_of = [&](std::int64_t cents, TaxRounding rounding) {
    rules.taxes.rounding = rounding;
    return sum_of(taxes_of({{cents, 1, &terms.rates("standard")}}, rules.taxes));
  };
  CHECK(tax_of(50, TaxRounding::half_up) == 3);  // 2.5
  CHECK(tax_of(50, TaxRounding::half_even) == 2);
  CHECK(tax_of(50, TaxRounding::down) == 2);
  CHECK(tax_of(70, TaxRounding::half_even) == 4);  // 3.5
  CHECK(tax_of(71, TaxRounding::half_even) == 4);  // 3.55
  CHECK(tax_of(79, TaxRounding::down) == 3);       // 3.95
}

TEST_CASE("a compound rate is taken of the tax before it, too") {
  // As in Quebec until 2012: 5 % GST, and 9.5 % QST of the price with GST.
  PriceRules rules;
  rules.taxes.home_country = "CA";
  add_rate(rules, {.name = "GST", .rate = "5", .country = "CA", .category = "standard"});
  add_rate(rules, {.name = "QST",
                   .rate = "9.5",
                   .country = "CA",
                   .region = "QC",
                   .category = "standard",
                   .priority = 2,
                   .compound = true});
  const TaxTerms terms(rules, {"CA", "QC", "H2X 1Y4"}, {}, kNow);
  const auto taxes = taxes_of({{10'000, 1, &terms.rates("standard")}}, rules.taxes).front();
  REQUIRE(taxes.size() == 2);
  CHECK(taxes[0].tax_cents == 500);
  CHECK(taxes[1].tax_cents == 998);  // 997.5
  CHECK(taxes[1].taxable_cents == 10'500);
  CHECK(taxes[1].rate == "9.5");

  rules.taxes.prices_include_tax = true;
  const auto included = taxes_of({{11'498, 1, &terms.rates("standard")}}, rules.taxes).front();
  CHECK(sum_of(included) == 1'498);
  CHECK(included[0].tax_cents == 500);
}

TEST_CASE("of the rates with one priority the closest applies, and priorities add up") {
  PriceRules rules;
  const auto add = [&](const char* name, const char* rate, const char* region, const char* prefix,
                       std::int64_t priority) {
    add_rate(rules, {.name = name,
                     .rate = rate,
                     .country = "US",
                     .region = region,
                     .postal_prefix = prefix,
                     .category = "standard",
                     .priority = priority});
  };
  add("Federal", "1", "", "", 1);
  add("State", "7.25", "CA", "", 1);
  add("City", "0.5", "", "902", 2);
  add("Hills", "2.0625", "", "90210", 2);
  CHECK(rates_of(rules, {"US", "NV", "89501"}, "standard") == "Federal 1");
  CHECK(rates_of(rules, {"US", "CA", "94016"}, "standard") == "State 7.25");
  CHECK(rates_of(rules, {"US", "CA", "90299"}, "standard") == "State 7.25 + City 0.5");
  CHECK(rates_of(rules, {"US", "CA", "90210-1234"}, "standard") == "State 7.25 + Hills 2.0625");
  CHECK(rates_of(rules, {"US", "CA", "90210"}, "reduced").empty());
  CHECK(rates_of(rules, {"DE", "", "90210"}, "standard").empty());
}

TEST_CASE("postal codes are compared without blanks, hyphens and case, regions without case") {
  PriceRules rules;
  add_rate(rules, {.name = "Islands",
                   .rate = "0",
                   .country = "GB",
                   .postal_prefix = "je2 3",
                   .category = "standard"});
  add_rate(rules, {.name = "VAT", .rate = "20", .country = "GB", .category = "standard"});
  add_rate(
      rules,
      {.name = "IGIC", .rate = "7", .country = "ES", .region = "Canarias", .category = "standard"});
  CHECK(rates_of(rules, {"GB", "", "JE23AB"}, "standard") == "Islands 0");
  CHECK(rates_of(rules, {"GB", "", "N1 9GU"}, "standard") == "VAT 20");
  CHECK(rates_of(rules, {"ES", "CANARIAS", "35001"}, "standard") == "IGIC 7");
}

TEST_CASE("a rate begins at its first moment and ends before its last") {
  PriceRules rules;
  const Timestamp change = kNow.plus(kMicrosPerDay);
  add_rate(rules, {.name = "Old",
                   .rate = "16",
                   .country = "DE",
                   .category = "standard",
                   .valid_until = change});
  add_rate(
      rules,
      {.name = "New", .rate = "19", .country = "DE", .category = "standard", .valid_from = change});
  CHECK(rates_of(rules, {"DE", "", ""}, "standard", change.plus(-1)) == "Old 16");
  CHECK(rates_of(rules, {"DE", "", ""}, "standard", change) == "New 19");
}

TEST_CASE("without an address the store's home decides, and without a home nothing is taxed") {
  PriceRules rules = german_rules();
  CHECK(rates_of(rules, {}, "standard") == "VAT 19");
  rules.taxes.home_country.clear();
  CHECK(rates_of(rules, {}, "standard").empty());
}

TEST_CASE("who is exempt, or owes the tax elsewhere, pays the net price") {
  PriceRules rules = german_rules();
  rules.taxes.reverse_charge_countries = {"DE", "FR", "GR"};
  const auto reason_of = [&](const Area& area, const TaxedCustomer& customer) {
    const TaxTerms terms(rules, area, customer, kNow);
    const auto& rates = terms.rates("standard");
    const bool is_net = rates.size() == 1 && rates[0].reason != TaxReason::rate;
    CHECK(terms.price_there(11'900, "standard") == (is_net ? 10'000 : 11'900));
    return rates.empty() ? std::string("none") : std::string(name_of(rates[0].reason));
  };
  CHECK(reason_of({"FR", "", "75001"}, {.tax_id = "FR40303265045"}) == "reverseCharge");
  CHECK(reason_of({"GR", "", "10431"}, {.tax_id = "EL094259216"}) == "reverseCharge");
  CHECK(reason_of({"DE", "", "10115"}, {.tax_id = "FR40303265045"}) == "rate");
  CHECK(reason_of({"FR", "", "75001"}, {.tax_id = "DE136695976"}) == "none");
  CHECK(reason_of({"FR", "", "75001"}, {}) == "none");
  CHECK(reason_of({"US", "NY", "10001"}, {.tax_id = "FR40303265045"}) == "none");
  CHECK(reason_of({"DE", "", "10115"}, {.is_exempt = true}) == "exemptCustomer");

  const TaxTerms exempt(rules, {"DE", "", ""}, {.is_exempt = true}, kNow);
  CHECK(exempt.rates("exempt").empty());
}

TEST_CASE("a converted price keeps its net amount") {
  Amounts amounts(4);
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t cents = amounts.positive(kMaxMinor / 8);
    const AppliedRates from{{.millionths = amounts.positive(1'000'000)}};
    const AppliedRates to{{.millionths = amounts.positive(1'000'000)}};
    REQUIRE(converted(cents, from, from, TaxRounding::down) == cents);
    const std::int64_t there = converted(cents, from, to, TaxRounding::half_up);
    const pricing::Wide exact = pricing::Wide{cents} * (1'000'000 + to[0].millionths);
    const pricing::Wide got = pricing::Wide{there} * (1'000'000 + from[0].millionths);
    const pricing::Wide off = exact > got ? exact - got : got - exact;
    REQUIRE(2 * off <= 1'000'000 + from[0].millionths);
  }
}

TEST_CASE("a rate is a percentage with at most four decimals, 100 at most") {
  const std::pair<const char*, std::int64_t> right[] = {
      {"0", 0},      {"19", 190'000},    {"8.875", 88'750}, {"9.9750", 99'750},
      {"0.0001", 1}, {"100", 1'000'000}, {"007", 70'000},   {"100.0000", 1'000'000}};
  for (const auto& [text, millionths] : right) {
    CAPTURE(text);
    CHECK(pricing::parse_percent(text).value() == millionths);
  }
  for (const char* wrong : {"", ".", "19.", ".5", "-1", "+19", "19 ", "19,5", "1e1", "0.00001",
                            "100.0001", "101", "1000", "nineteen", "19%"}) {
    CAPTURE(wrong);
    check_refused(pricing::parse_percent(wrong), Errc::invalid_request);
  }
  CHECK(pricing::percent_text(88'750) == "8.875");
  CHECK(pricing::percent_text(1'000'000) == "100");
  CHECK(pricing::percent_text(0) == "0");
}

TEST_CASE("parts by the largest remainder sum to the whole") {
  using Parts = std::vector<std::int64_t>;
  CHECK(pricing::share(100, {1, 1, 1}) == Parts{34, 33, 33});
  CHECK(pricing::share(500, {333, 333, 334}) == Parts{167, 166, 167});
  CHECK(pricing::share(0, {0, 0}) == Parts{0, 0});
  CHECK(pricing::share(7, {0, 3, 0}) == Parts{0, 7, 0});
  Amounts amounts(5);
  for (int i = 0; i < 10'000; ++i) {
    Parts weights(1 + amounts.count(5));
    for (auto& weight : weights) weight = amounts.positive();
    weights[0] += 1;
    const std::int64_t amount = amounts.positive();
    const Parts parts = pricing::share(amount, weights);
    REQUIRE(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}) == amount);
  }
}

namespace {

// A basket in a store with random rules, sent somewhere or nowhere yet.
struct TaxedBasket {
  PriceRules rules;
  pricing::Basket basket;
};

Promotion random_promotion(Amounts& amounts, std::uint64_t id, Currency currency) {
  using Kind = PromotionActionKind;
  constexpr Kind kPercents[] = {Kind::percent_off_order, Kind::percent_off_cheapest,
                                Kind::percent_off_lines, Kind::percent_off_shipping};
  constexpr Kind kAmounts[] = {Kind::fixed_off_order, Kind::fixed_off_lines};
  PromotionAction action;
  if (amounts.count(1) == 0) {
    action = {.kind = kPercents[amounts.count(3)], .basis_points = 1 + amounts.positive(9'999)};
  } else {
    action = {.kind = kAmounts[amounts.count(1)], .amount_cents = 1 + amounts.positive(100'000)};
  }
  return {.id = PromotionId({1, id}),
          .automatic = true,
          .priority = static_cast<std::int64_t>(amounts.count(1)),
          .currency = currency,
          .actions = {action}};
}

TaxedBasket random_basket(Amounts& amounts, std::string_view code) {
  TaxedBasket made;
  TaxSettings& settings = made.rules.taxes;
  settings.prices_include_tax = amounts.count(1) == 0;
  settings.rounding = static_cast<TaxRounding>(amounts.count(2));
  settings.rounding_level = static_cast<TaxRoundingLevel>(amounts.count(2));
  settings.shipping_tax = static_cast<ShippingTax>(amounts.count(2));
  settings.foreign_prices = static_cast<ForeignPrices>(amounts.count(1));
  settings.home_country = "DE";
  settings.reverse_charge_countries = {"DE", "FR"};
  const char* const categories[] = {"standard", "reduced", "zero"};
  for (const char* country : {"DE", "FR"}) {
    for (const char* category : categories) {
      for (std::int64_t priority = 1; priority <= 3; ++priority) {
        if (amounts.count(1) == 0) continue;
        add_rate(made.rules, {.name = "T" + std::to_string(priority),
                              .rate = pricing::percent_text(amounts.positive(300'000)),
                              .country = country,
                              .category = category,
                              .priority = priority,
                              .compound = priority > 1 && amounts.count(1) == 0});
      }
    }
  }
  pricing::Basket& basket = made.basket;
  basket.currency = Currency::parse(code).value();
  for (std::size_t i = 1 + amounts.count(6); i > 0; --i) {
    basket.lines.push_back(
        {1 + amounts.positive(99), amounts.positive(1'000'000), categories[amounts.count(2)]});
    basket.lines.back().variant_id = VariantId({1, i});
  }
  for (std::uint64_t id = amounts.count(3); id > 0; --id) {
    basket.promotions.offers.push_back({random_promotion(amounts, id, basket.currency)});
  }
  basket.shipping = ShippingMethod{.price_cents = amounts.positive(10'000),
                                   .currency = basket.currency,
                                   .tax_category = categories[amounts.count(2)]};
  const char* const countries[] = {"", "DE", "FR", "US"};
  basket.area.country = countries[amounts.count(3)];
  if (amounts.count(3) == 0) basket.customer.tax_id = "FR40303265045";
  basket.customer.is_exempt = amounts.count(5) == 0;
  return made;
}

}  // namespace

TEST_CASE("the parts of a taxed quote sum to its total, for every order of its lines") {
  std::mt19937 random(6);
  for (const std::string_view code : {"JPY", "EUR", "KWD"}) {
    CAPTURE(code);
    Amounts amounts(6);
    for (std::int64_t i = by_tier(1'000, 10'000, 300'000); i > 0; --i) {
      TaxedBasket given = random_basket(amounts, code);
      given.basket.rules = &given.rules;
      const pricing::Quote quote = pricing::price(given.basket, kNow).value();
      std::int64_t items = 0;
      std::int64_t discounts = 0;
      std::int64_t tax = sum_of(quote.shipment_taxes);
      for (const pricing::QuotedLine& line : quote.lines) {
        REQUIRE(line.discount_cents <= line.total_cents);
        items += line.total_cents;
        discounts += line.discount_cents;
        tax += sum_of(line.taxes);
      }
      REQUIRE(quote.item_total_cents == items);
      REQUIRE(quote.discount_total_cents == discounts);
      REQUIRE(quote.tax_total_cents + quote.included_tax_total_cents == tax);
      REQUIRE((quote.tax_total_cents == 0 || quote.included_tax_total_cents == 0));
      REQUIRE(quote.included_tax_total_cents <= quote.total_cents);
      REQUIRE(quote.total_cents ==
              items - discounts + quote.shipment_total_cents + quote.tax_total_cents);

      std::shuffle(given.basket.lines.begin(), given.basket.lines.end(), random);
      const pricing::Quote other = pricing::price(given.basket, kNow).value();
      REQUIRE(other.total_cents == quote.total_cents);
      REQUIRE(other.discount_total_cents == quote.discount_total_cents);
      REQUIRE(other.shipment_total_cents == quote.shipment_total_cents);
      REQUIRE(other.included_tax_total_cents == quote.included_tax_total_cents);
    }
  }
}

TEST_CASE(
    "a cart that is bought in two parts costs the same, but for the rounding of their taxes") {
  for (const std::string_view code : {"JPY", "EUR", "KWD"}) {
    CAPTURE(code);
    Amounts amounts(7);
    for (std::int64_t i = by_tier(1'000, 10'000, 300'000); i > 0; --i) {
      TaxedBasket given = random_basket(amounts, code);
      given.basket.rules = &given.rules;
      given.basket.promotions = {};
      given.basket.shipping.reset();
      pricing::Basket first = given.basket;
      pricing::Basket second = given.basket;
      for (std::size_t line = 0; line < given.basket.lines.size(); ++line) {
        const std::int64_t units = given.basket.lines[line].quantity;
        first.lines[line].quantity = amounts.positive(units);
        second.lines[line].quantity = units - first.lines[line].quantity;
      }
      const auto is_empty = [](const pricing::BasketLine& line) { return line.quantity == 0; };
      std::erase_if(first.lines, is_empty);
      std::erase_if(second.lines, is_empty);
      const pricing::Quote whole = pricing::price(given.basket, kNow).value();
      const pricing::Quote one = pricing::price(first, kNow).value();
      const pricing::Quote other = pricing::price(second, kNow).value();
      REQUIRE(one.item_total_cents + other.item_total_cents == whole.item_total_cents);
      // A line has up to three rates, in the whole and in each part.
      const auto roundings = static_cast<std::int64_t>(9 * given.basket.lines.size());
      REQUIRE(std::abs(one.total_cents + other.total_cents - whole.total_cents) <= roundings);
      if (given.rules.taxes.prices_include_tax) {
        REQUIRE(one.total_cents + other.total_cents == whole.total_cents);
      }
    }
  }
}
