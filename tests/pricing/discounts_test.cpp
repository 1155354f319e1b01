// What promotions take off a basket: tables without a shop, and properties over random baskets.
#include <algorithm>
#include <numeric>
#include <set>

#include "pricing/promotion.hpp"
#include "pricing/promotion_check.hpp"
#include "support/amounts.hpp"
#include "support/catch.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using pricing::Discounts;
using pricing::PromotionBasket;
using pricing::PromotionLine;
using pricing::PromotionOffer;
using Action = PromotionActionKind;
using Condition = PromotionConditionKind;
using Reason = PromotionReason;
using Cents = std::vector<std::int64_t>;

namespace {

// A Friday, 2027-01-15, 08:00 UTC.
constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

// Lines refer to their texts.
template <class Value>
const Value& kept(Value value) {
  static std::set<Value> all;
  return *all.insert(std::move(value)).first;
}

// The number of a line is also that of its variant and of its SKU: "1", "2", ...
PromotionLine line(std::uint64_t number, std::int64_t unit_price_cents, std::int64_t quantity = 1,
                   std::vector<std::string> categories = {}) {
  return {.variant_id = VariantId({1, number}),
          .product_id = ProductId({1, number}),
          .sku = kept(std::to_string(number)),
          .categories = kept(std::move(categories)),
          .quantity = quantity,
          .unit_price_cents = unit_price_cents,
          .total_cents = unit_price_cents * quantity};
}

PromotionBasket basket(std::vector<PromotionLine> lines, std::string_view code = "EUR") {
  return {.currency = currency(code),
          .lines = std::move(lines),
          .gift_units = {{"1", 9}, {"2", 9}, {"3", 9}, {"4", 9}, {"G", 2}}};
}

PromotionAction percent(Action kind, std::int64_t basis_points) {
  return {.kind = kind, .basis_points = basis_points};
}
PromotionAction fixed(Action kind, std::int64_t cents) {
  return {.kind = kind, .amount_cents = cents};
}

// `id` decides the order of promotions with the same priority.
Promotion promotion(std::uint64_t id, std::vector<PromotionAction> actions,
                    std::vector<PromotionCondition> conditions = {}) {
  return {.id = PromotionId({1, id}),
          .name = "P" + std::to_string(id),
          .automatic = true,
          .currency = currency("EUR"),
          .conditions = std::move(conditions),
          .actions = std::move(actions)};
}

PromotionOffer with_code(Promotion promotion, std::string code) {
  promotion.automatic = false;
  return {.promotion = std::move(promotion), .code = std::move(code)};
}

Discounts discounts(const PromotionBasket& basket, std::vector<PromotionOffer> offers,
                    Timestamp now = kNow) {
  for (PromotionOffer& offer : offers) {
    pricing::check_promotion(offer.promotion).value();
    if (offer.promotion.currency == currency("EUR")) offer.promotion.currency = basket.currency;
  }
  return pricing::discounts_of(offers, basket, now);
}
Discounts discounts(const PromotionBasket& basket, PromotionAction action) {
  return discounts(basket, {{promotion(1, {std::move(action)})}});
}

std::int64_t sum(const Cents& cents) {
  return std::accumulate(cents.begin(), cents.end(), std::int64_t{0});
}

// Of each line.
Cents shares(const Discounts& discounts) {
  Cents sums;
  for (const auto& line : discounts.lines) {
    sums.push_back(
        std::accumulate(line.begin(), line.end(), std::int64_t{0},
                        [](std::int64_t sum, const auto& each) { return sum + each.cents; }));
  }
  return sums;
}

// Of the promotions that apply, by their number.
std::vector<std::string> names(const Discounts& discounts) {
  std::vector<std::string> all;
  for (const auto& each : discounts.applied) all.push_back(each.name);
  return all;
}

// Why the code does not apply, which is the only one.
RejectedCode rejected(const Discounts& discounts) {
  REQUIRE(discounts.rejected.size() == 1);
  return discounts.rejected.front();
}
Reason reason(PromotionBasket basket, Promotion promotion) {
  return rejected(discounts(std::move(basket), {with_code(std::move(promotion), "CODE")})).reason;
}

Promotion ten_percent(std::uint64_t id = 1) {
  return promotion(id, {percent(Action::percent_off_order, 1'000)});
}

}  // namespace

// ---- actions

// Real engines were run on these carts; where they differ, this is what was agreed.
TEST_CASE("a discount on the order has the agreed cents") {
  const auto percent_off = [](PromotionBasket of, std::int64_t basis_points) {
    return shares(discounts(std::move(of), percent(Action::percent_off_order, basis_points)));
  };
  const auto fixed_off = [](PromotionBasket of, std::int64_t cents) {
    return shares(discounts(std::move(of), fixed(Action::fixed_off_order, cents)));
  };
  CHECK(percent_off(basket({line(1, 333, 3), line(2, 1)}), 1'000) == Cents{100, 0});  // K7
  CHECK(fixed_off(basket({line(1, 100), line(2, 100), line(3, 100)}), 500) ==
        Cents{100, 100, 100});  // K9
  CHECK(fixed_off(basket({line(1, 333), line(2, 333), line(3, 334)}), 500) ==
        Cents{167, 166, 167});  // K10
  CHECK(fixed_off(basket({line(1, 333), line(2, 333), line(3, 333)}), 100) ==
        Cents{34, 33, 33});                                             // K11
  CHECK(percent_off(basket({line(1, 10)}), 2'500) == Cents{2});         // K17
  CHECK(percent_off(basket({line(1, 333, 3)}), 10'000) == Cents{999});  // K18
  CHECK(percent_off(basket({line(1, 15), line(2, 15), line(3, 15)}), 1'000) ==
        Cents{2, 1, 1});  // K22
}

TEST_CASE("a percentage is rounded to the nearest unit, an exact half in the shop's favor") {
  const auto off = [](std::int64_t cents, std::int64_t basis_points, std::string_view code) {
    return discounts(basket({line(1, cents)}, code),
                     percent(Action::percent_off_order, basis_points))
        .item_cents;
  };
  CHECK(off(14, 1'000, "EUR") == 1);
  CHECK(off(15, 1'000, "EUR") == 1);
  CHECK(off(16, 1'000, "EUR") == 2);
  CHECK(off(5, 10'000, "JPY") == 5);
  // What cards could be charged before, they can be charged after it.
  CHECK(off(7'950, 1'000, "KWD") == 790);
  CHECK(off(7'960, 1'000, "KWD") == 800);
  CHECK(off(7'950, 10'000, "KWD") == 7'950);
  CHECK(off(7'955, 1'000, "KWD") == 795);
}

TEST_CASE("an action on lines concerns those that it names, or its promotion, or all") {
  const PromotionBasket three =
      basket({line(1, 1'000, 1, {"shoes"}), line(2, 1'000), line(3, 500)});
  PromotionAction action = percent(Action::percent_off_lines, 1'000);
  CHECK(shares(discounts(three, action)) == Cents{100, 100, 50});
  action.skus = {"3", "none"};
  action.categories = {"shoes"};
  CHECK(shares(discounts(three, action)) == Cents{100, 0, 50});
  const PromotionCondition second{.kind = Condition::products, .product_ids = {ProductId({1, 2})}};
  CHECK(shares(discounts(three, {{promotion(1, {action}, {second})}})) == Cents{100, 0, 50});
  const PromotionAction plain = percent(Action::percent_off_lines, 1'000);
  CHECK(shares(discounts(three, {{promotion(1, {plain}, {second})}})) == Cents{0, 100, 0});
}

TEST_CASE("an amount off each unit takes at most the unit's price") {
  const PromotionBasket two = basket({line(1, 1'000, 3), line(2, 200, 2)});
  CHECK(shares(discounts(two, fixed(Action::fixed_off_lines, 300))) == Cents{900, 400});
}

TEST_CASE("the cheapest units are discounted") {
  const PromotionBasket of = basket({line(1, 300, 2), line(2, 100), line(3, 500, 4)});
  CHECK(shares(discounts(of, percent(Action::percent_off_cheapest, 5'000))) == Cents{0, 50, 0});
  PromotionAction nth = percent(Action::percent_off_every_nth, 10'000);
  nth.nth = 3;
  CHECK(shares(discounts(of, nth)) == Cents{300, 100, 0});
  PromotionAction get = percent(Action::buy_x_get_y, 10'000);
  get.buy = 2;
  get.get = 1;
  CHECK(shares(discounts(of, get)) == Cents{300, 100, 0});
  get.max_times = 1;
  CHECK(shares(discounts(of, get)) == Cents{0, 100, 0});
  get.get = 2;
  get.max_times.reset();
  CHECK(shares(discounts(of, get)) == Cents{300, 100, 0});
}

TEST_CASE("the last tier that is reached counts") {
  PromotionAction by_quantity{.kind = Action::tiered,
                              .tiers = {{.from_quantity = 2, .basis_points = 1'000},
                                        {.from_quantity = 4, .amount_cents = 700}}};
  const auto off = [](std::int64_t quantity, const PromotionAction& action) {
    return discounts(basket({line(1, 500, quantity)}), action).item_cents;
  };
  CHECK(off(1, by_quantity) == 0);
  CHECK(off(3, by_quantity) == 150);
  CHECK(off(4, by_quantity) == 700);
  PromotionAction by_amount{.kind = Action::tiered,
                            .tiers = {{.from_cents = 1'000, .basis_points = 1},
                                      {.from_cents = 1'500, .basis_points = 2'000}}};
  CHECK(off(2, by_amount) == 0);
  CHECK(off(3, by_amount) == 300);
}

TEST_CASE("a bundle has its price as often as all its parts are there") {
  PromotionAction bundle{
      .kind = Action::bundle_price, .amount_cents = 1'000, .skus = {"1", "2", "1"}};
  CHECK(shares(discounts(basket({line(1, 400, 5), line(2, 700, 3), line(3, 1)}), bundle)) ==
        Cents{533, 467, 0});
  bundle.amount_cents = 2'000;
  CHECK(discounts(basket({line(1, 400, 5), line(2, 700, 3)}), bundle).item_cents == 0);
}

TEST_CASE("shipping promotions come last, and see what the goods cost then") {
  PromotionBasket of = basket({line(1, 2'000)});
  of.shipping = [](const Cents& left) { return left.at(0) >= 1'900 ? 0 : 500; };
  const Promotion half = promotion(1, {percent(Action::percent_off_shipping, 5'000)});
  const Promotion three = promotion(2, {fixed(Action::fixed_off_shipping, 300)});
  const Promotion free = promotion(3, {{.kind = Action::free_shipping}});
  CHECK(discounts(of, {{half}}).applied.empty());
  CHECK(reason(of, half) == Reason::nothing_left);
  CHECK(discounts(of, {{half}, {ten_percent(9)}}).shipping_cents == 250);
  const Discounts all = discounts(of, {{free}, {three}, {half}, {ten_percent(9)}});
  CHECK(names(all) == std::vector<std::string>{"P9", "P1", "P2"});
  CHECK(all.applied[1].shipping_discount_cents == 250);
  CHECK(all.applied[2].shipping_discount_cents == 250);
  CHECK(all.shipping_cents == 500);
  // While there is no method, the code is not refused.
  of.shipping = {};
  const Discounts early = discounts(of, {with_code(free, "FREE")});
  CHECK(early.rejected.empty());
  CHECK(early.applied.at(0).code == "FREE");
}

TEST_CASE("a gift is a line to add") {
  const Discounts gifted =
      discounts(basket({line(1, 100)}), {.kind = Action::gift_line, .sku = "G"});
  REQUIRE(gifted.gifts.size() == 1);
  CHECK(gifted.gifts[0].sku == "G");
  CHECK(gifted.gifts[0].quantity == 1);
  CHECK(gifted.applied[gifted.gifts[0].promotion].name == "P1");
  CHECK(gifted.item_cents == 0);
  CHECK(discounts(basket({}), {.kind = Action::gift_line, .sku = "G"}).gifts.empty());
}

TEST_CASE("a gift that is not there is left out, and its promotion says so") {
  const PromotionBasket of = basket({line(1, 100)});
  const auto gift = [](std::uint64_t id, const char* sku, std::int64_t quantity) {
    return promotion(id, {{.kind = Action::gift_line, .sku = sku, .quantity = quantity}});
  };
  // There are two of G.
  Discounts got = discounts(of, {{gift(1, "G", 2)}});
  CHECK(got.gifts.at(0).quantity == 2);
  CHECK(got.hints.empty());
  got = discounts(of, {{gift(1, "G", 3)}, {gift(2, "X", 1)}});
  CHECK(got.gifts.empty());
  CHECK(got.applied.empty());
  REQUIRE(got.hints.size() == 2);
  CHECK(got.hints[0].unavailable_sku == "G");
  CHECK(got.hints[1].unavailable_sku == "X");
  CHECK(reason(of, gift(1, "X", 1)) == Reason::gift_unavailable);
  // Two promotions have the last ones to give.
  got = discounts(of, {{gift(1, "G", 2)}, {gift(2, "G", 1)}});
  REQUIRE(got.gifts.size() == 1);
  CHECK(got.gifts[0].promotion == 0);
  CHECK(got.hints.at(0).unavailable_sku == "G");
  got = discounts(of, {{gift(1, "G", 2)}, with_code(gift(2, "G", 1), "CODE")});
  CHECK(names(got) == std::vector<std::string>{"P1"});
  CHECK(rejected(got).reason == Reason::gift_unavailable);
  // Its other actions are applied.
  Promotion more = ten_percent();
  more.actions.push_back({.kind = Action::gift_line, .sku = "X"});
  got = discounts(of, {{more}});
  CHECK(got.item_cents == 10);
  CHECK(got.hints.at(0).unavailable_sku == "X");
}

// ---- conditions

TEST_CASE("a minimum looks at the matching lines before discounts, and says what is missing") {
  const PromotionBasket of = basket({line(1, 1'000, 2), line(2, 500, 1, {"toys"})});
  Promotion above = ten_percent(2);
  above.conditions = {{.kind = Condition::minimum_amount, .amount_cents = 2'500}};
  CHECK(discounts(of, {{ten_percent(1)}, {above}}).item_cents == 250 + 225);
  above.conditions[0].amount_cents = 3'300;
  RejectedCode code = rejected(discounts(of, {with_code(above, "CODE")}));
  CHECK(code.code == "CODE");
  CHECK(code.reason == Reason::minimum_amount);
  CHECK(code.missing_cents == 800);
  CHECK_FALSE(code.missing_quantity);
  above.conditions.push_back({.kind = Condition::products, .categories = {"toys"}});
  above.conditions.push_back({.kind = Condition::minimum_quantity, .quantity = 3});
  code = rejected(discounts(of, {with_code(above, "CODE")}));
  CHECK(code.missing_cents == 2'800);
  CHECK(code.missing_quantity == 2);

  const Discounts hinted = discounts(of, {{above}});
  REQUIRE(hinted.hints.size() == 1);
  CHECK(hinted.hints[0].name == "P2");
  CHECK(hinted.hints[0].missing_cents == 2'800);
  CHECK(hinted.rejected.empty());
}

TEST_CASE("an action that needs more units says how many") {
  PromotionAction get = percent(Action::buy_x_get_y, 10'000);
  get.buy = 2;
  get.get = 1;
  const Discounts hinted = discounts(basket({line(1, 100, 2)}), get);
  REQUIRE(hinted.hints.size() == 1);
  CHECK(hinted.hints[0].missing_quantity == 1);
  const PromotionAction tiered{.kind = Action::tiered,
                               .tiers = {{.from_cents = 500, .basis_points = 1'000}}};
  CHECK(discounts(basket({line(1, 100, 2)}), tiered).hints.at(0).missing_cents == 300);
}

TEST_CASE("each condition has its reason") {
  const PromotionBasket one = basket({line(1, 1'000)});
  const auto only = [&](PromotionCondition condition, PromotionBasket of) {
    Promotion made = ten_percent();
    made.conditions = {std::move(condition)};
    return reason(std::move(of), made);
  };
  CHECK(only({.kind = Condition::products, .skus = {"2"}}, one) == Reason::products);
  CHECK(only({.kind = Condition::countries, .countries = {"DE"}}, one) == Reason::country);
  CHECK(only({.kind = Condition::customer_groups, .groups = {"b2b"}}, one) ==
        Reason::customer_group);
  PromotionBasket known = one;
  known.customer = {.groups = {"press"}, .is_first_order = false, .country = "FR"};
  CHECK(only({.kind = Condition::countries, .countries = {"DE"}}, known) == Reason::country);
  CHECK(only({.kind = Condition::customer_groups, .groups = {"b2b"}}, known) ==
        Reason::customer_group);
  CHECK(only({.kind = Condition::first_order}, known) == Reason::first_order);
  // Of several, the first of PromotionReason.
  Promotion two = ten_percent();
  two.conditions = {{.kind = Condition::first_order},
                    {.kind = Condition::countries, .countries = {"DE"}}};
  CHECK(reason(known, two) == Reason::country);
  std::swap(two.conditions[0], two.conditions[1]);
  CHECK(reason(known, two) == Reason::country);

  known.customer = {.groups = {"press", "b2b"}, .is_first_order = true, .country = "DE"};
  const Promotion all = promotion(1, {percent(Action::percent_off_order, 1'000)},
                                  {{.kind = Condition::customer_groups, .groups = {"b2b"}},
                                   {.kind = Condition::first_order},
                                   {.kind = Condition::countries, .countries = {"AT", "DE"}},
                                   {.kind = Condition::products, .skus = {"1"}}});
  CHECK(discounts(known, {{all}}).item_cents == 100);
  known.customer.is_first_order.reset();  // a guest whose e-mail address is not known yet
  CHECK(discounts(known, {{all}}).item_cents == 100);
}

TEST_CASE("hours are those of the store") {
  Promotion happy = ten_percent();
  happy.conditions = {{.kind = Condition::local_time,
                       .weekdays = {5},
                       .from_minute = 9 * 60,
                       .until_minute = 10 * 60}};
  const auto applies = [&](Timestamp now, std::int64_t offset_minutes) {
    PromotionBasket of = basket({line(1, 1'000)});
    of.local_offset_minutes = offset_minutes;
    return !discounts(of, {{happy}}, now).applied.empty();
  };
  CHECK_FALSE(applies(kNow, 59));
  CHECK(applies(kNow, 60));
  CHECK(applies(kNow, 119));
  CHECK_FALSE(applies(kNow, 120));
  CHECK_FALSE(applies(kNow.plus(kMicrosPerDay), 60));
  CHECK(applies(kNow.plus(7 * kMicrosPerDay), 60));
  CHECK(applies({-8 * kMicrosPerDay - 14 * kMicrosPerHour}, -60) == false);
  // 1969-12-26 was a Friday.
  CHECK(applies({-6 * kMicrosPerDay + 10 * kMicrosPerHour}, -60));
  happy.conditions[0].weekdays = {};
  CHECK(applies(kNow.plus(kMicrosPerDay), 60));
}

TEST_CASE("a promotion that is not open has its reason, and so has one that is used up") {
  const PromotionBasket one = basket({line(1, 1'000)});
  const auto changed = [&](auto change) {
    Promotion made = ten_percent();
    change(made);
    return reason(one, made);
  };
  CHECK(changed([](auto& made) { made.active = false; }) == Reason::inactive);
  CHECK(changed([](auto& made) { made.starts_at = kNow.plus(1); }) == Reason::not_started);
  CHECK(changed([](auto& made) { made.ends_at = kNow; }) == Reason::ended);
  CHECK(changed([](auto& made) { made.currency = currency("JPY"); }) == Reason::currency);
  CHECK(changed([](auto& made) { made.usage_limit = made.used = 3; }) == Reason::used_up);
  PromotionOffer offer = with_code(ten_percent(), "CODE");
  offer.used_by_customer = 1;
  offer.used_of_code = 1;
  CHECK(discounts(one, {offer}).item_cents == 100);
  offer.promotion.per_code_limit = 1;
  CHECK(rejected(discounts(one, {offer})).reason == Reason::code_used_up);
  offer.promotion.per_customer_limit = 1;
  CHECK(rejected(discounts(one, {offer})).reason == Reason::used_up_by_customer);
  offer.promotion.starts_at = kNow;
  offer.promotion.ends_at = kNow.plus(1);
  offer.promotion.per_code_limit = offer.promotion.per_customer_limit = 2;
  CHECK(discounts(one, {offer}).item_cents == 100);
}

// ---- how promotions go together

TEST_CASE("lines come before the order, then priority decides, never the order of codes") {
  const PromotionBasket one = basket({line(1, 1'000)});
  const Promotion order = promotion(1, {fixed(Action::fixed_off_order, 100)});
  const Promotion half = promotion(2, {percent(Action::percent_off_lines, 5'000)});
  CHECK(discounts(one, {with_code(order, "A"), with_code(half, "B")}).item_cents == 600);
  Promotion early = ten_percent(3);
  early.priority = -1;
  for (const bool is_first : {true, false}) {
    std::vector<PromotionOffer> offers{with_code(order, "A"), with_code(early, "B")};
    if (is_first) std::swap(offers[0], offers[1]);
    const Discounts got = discounts(one, offers);
    CHECK(names(got) == std::vector<std::string>{"P3", "P1"});
    CHECK(got.item_cents == 200);
    CHECK(got.applied[0].discount_cents == 100);
  }
}

TEST_CASE("promotions are listed as they apply: on lines, on the order, on shipping") {
  const Promotion on_lines = promotion(3, {percent(Action::percent_off_lines, 1'000)});
  const Promotion on_shipping = promotion(1, {{.kind = Action::free_shipping}});
  const Discounts got =
      discounts(basket({line(1, 1'000)}), {{on_shipping}, {ten_percent(2)}, {on_lines}});
  CHECK(names(got) == std::vector<std::string>{"P3", "P2", "P1"});
}

TEST_CASE("a promotion applies once, whatever number of its codes was entered") {
  const PromotionBasket one = basket({line(1, 1'000)});
  PromotionOffer first = with_code(ten_percent(), "A");
  const PromotionOffer second = with_code(ten_percent(), "B");
  Discounts got = discounts(one, {second, first});
  CHECK(got.item_cents == 100);
  CHECK(got.applied.at(0).code == "A");
  CHECK(rejected(got).reason == Reason::already_applied);
  first.promotion.per_code_limit = 1;
  first.used_of_code = 1;
  got = discounts(one, {second, first});
  CHECK(got.applied.at(0).code == "B");
  CHECK(rejected(got).reason == Reason::code_used_up);
}

TEST_CASE("the first exclusive promotion that takes something off applies alone") {
  const PromotionBasket one = basket({line(1, 1'000)});
  Promotion alone = promotion(5, {fixed(Action::fixed_off_order, 50)});
  alone.stacking = PromotionStacking::exclusive;
  Promotion idle = promotion(4, {percent(Action::percent_off_order, 1)});
  idle.stacking = PromotionStacking::exclusive;
  Promotion near = ten_percent(3);
  near.conditions = {{.kind = Condition::minimum_amount, .amount_cents = 9'000}};
  const Discounts got = discounts(
      one, {with_code(ten_percent(1), "A"), with_code(alone, "B"), with_code(idle, "C"), {near}});
  CHECK(names(got) == std::vector<std::string>{"P5"});
  CHECK(got.item_cents == 50);
  REQUIRE(got.rejected.size() == 2);
  CHECK(got.rejected[0].reason == Reason::excluded);
  CHECK(got.rejected[1].reason == Reason::nothing_left);
  CHECK(got.hints.empty());
  alone.usage_limit = 0;
  CHECK(names(discounts(one, {{ten_percent(1)}, {alone}, {near}})) ==
        std::vector<std::string>{"P1"});
}

TEST_CASE("of a group only the best counts, by what is left when its first has its turn") {
  const PromotionBasket two = basket({line(1, 1'000), line(2, 400)});
  const auto grouped = [](Promotion made) {
    made.stacking = PromotionStacking::best_deal;
    made.group = "spring";
    return made;
  };
  PromotionAction off_first = percent(Action::percent_off_lines, 5'000);
  off_first.skus = {"1"};
  const Promotion line_deal = grouped(promotion(2, {off_first}));
  const Promotion order_deal = grouped(promotion(3, {fixed(Action::fixed_off_order, 300)}));
  const Promotion late_deal = grouped(promotion(4, {fixed(Action::fixed_off_order, 300)}));
  Discounts got = discounts(two, {with_code(order_deal, "A"), with_code(line_deal, "B")});
  CHECK(names(got) == std::vector<std::string>{"P2"});
  CHECK(rejected(got).reason == Reason::better_deal);
  // A discount before them makes the other one the better.
  off_first.basis_points = 6'000;
  const Promotion before = promotion(1, {off_first});
  got = discounts(two, {{before}, {line_deal}, {order_deal}, {late_deal}});
  CHECK(names(got) == std::vector<std::string>{"P1", "P3"});
  CHECK(got.item_cents == 900);
}

// ---- properties

namespace {

std::int64_t pick(Amounts& amounts, std::int64_t least, std::int64_t most) {
  return least + static_cast<std::int64_t>(amounts.count(static_cast<std::size_t>(most - least)));
}

PromotionAction random_action(Amounts& amounts) {
  constexpr std::int64_t kRates[] = {10'000, 5'000, 1'000, 333};
  PromotionAction made{.kind = static_cast<Action>(amounts.count(12))};
  const std::int64_t rate = kRates[amounts.count(3)];
  const std::int64_t cents = 1 + amounts.positive(100'000);
  const std::string sku = std::to_string(pick(amounts, 1, 4));
  switch (made.kind) {
    case Action::percent_off_every_nth:
      made.nth = pick(amounts, 1, 4);
      break;
    case Action::buy_x_get_y:
      made.buy = pick(amounts, 1, 3);
      made.get = pick(amounts, 1, 2);
      break;
    case Action::tiered:
      made.tiers = {{.from_cents = 1, .basis_points = rate},
                    {.from_cents = 1 + cents, .amount_cents = cents}};
      return made;
    case Action::bundle_price:
      made.skus = {sku, std::to_string(pick(amounts, 1, 4))};
      made.amount_cents = cents;
      return made;
    case Action::gift_line:
      made.sku = sku;
      return made;
    case Action::fixed_off_lines:
    case Action::fixed_off_order:
    case Action::fixed_off_shipping:
      made.amount_cents = cents;
      return made;
    case Action::free_shipping:
      return made;
    default:
      break;
  }
  made.basis_points = rate;
  const bool is_on_lines = made.kind < Action::percent_off_order;
  if (is_on_lines && amounts.count(1) == 0) made.skus = {sku, "1"};
  return made;
}

Promotion random_promotion(Amounts& amounts, std::uint64_t id) {
  Promotion made = promotion(id, {random_action(amounts)});
  if (amounts.count(2) == 0 && made.actions[0].kind != Action::gift_line) {
    made.actions.push_back(random_action(amounts));
  }
  made.priority = pick(amounts, 0, 2);
  return made;
}

struct RandomBasket : PromotionBasket {
  std::vector<PromotionOffer> offers{};
};

// With groups and exclusive promotions if `is_mixed`.
RandomBasket random_basket(Amounts& amounts, std::string_view code, bool is_mixed) {
  RandomBasket made{basket({}, code)};
  for (std::uint64_t i = amounts.count(6); i > 0; --i) {
    made.lines.push_back(line(i, amounts.positive(1'000'000), pick(amounts, 1, 9)));
  }
  for (std::uint64_t i = amounts.count(6); i > 0; --i) {
    PromotionOffer offer{random_promotion(amounts, 2 * i)};
    const std::size_t stacking = is_mixed ? amounts.count(9) : 9;
    if (stacking == 0) offer.promotion.stacking = PromotionStacking::exclusive;
    if (stacking >= 1 && stacking <= 4 && offer.promotion.actions[0].kind != Action::gift_line &&
        offer.promotion.actions.size() == 1) {
      offer.promotion.stacking = PromotionStacking::best_deal;
      offer.promotion.group = "group";
    }
    if (amounts.count(1) == 0) offer = with_code(offer.promotion, "C" + std::to_string(i));
    made.offers.push_back(offer);
  }
  if (amounts.count(2) > 0) {
    const std::int64_t price = amounts.positive(10'000);
    made.shipping = [price](const Cents& left) { return sum(left) > 100'000 ? 0 : price; };
  }
  return made;
}

Discounts discounts(const RandomBasket& basket) { return discounts(basket, basket.offers); }

}  // namespace

TEST_CASE("the parts of all discounts sum to the whole, and nothing is negative") {
  for (const std::string_view code : {"JPY", "EUR", "KWD"}) {
    Amounts amounts(17);
    for (std::int64_t round = by_tier(1'000, 10'000, 500'000); round > 0; --round) {
      const RandomBasket of = random_basket(amounts, code, true);
      const Discounts got = discounts(of);
      Cents by_promotion(got.applied.size());
      REQUIRE(got.lines.size() == of.lines.size());
      for (const auto& each : got.lines) {
        for (const auto& part : each) {
          REQUIRE(part.cents > 0);
          by_promotion.at(part.promotion) += part.cents;
        }
      }
      const Cents by_line = shares(got);
      for (std::size_t i = 0; i < by_line.size(); ++i) {
        REQUIRE(by_line[i] <= of.lines[i].total_cents);
      }
      std::int64_t shipping = 0;
      for (std::size_t i = 0; i < by_promotion.size(); ++i) {
        REQUIRE(by_promotion[i] == got.applied[i].discount_cents);
        REQUIRE(got.applied[i].shipping_discount_cents >= 0);
        shipping += got.applied[i].shipping_discount_cents;
      }
      REQUIRE(sum(by_line) == got.item_cents);
      REQUIRE(shipping == got.shipping_cents);
      Cents left;
      for (std::size_t i = 0; i < by_line.size(); ++i) {
        left.push_back(of.lines[i].total_cents - by_line[i]);
      }
      REQUIRE(shipping <= (of.shipping ? of.shipping(left) : 0));
    }
  }
}

TEST_CASE("neither the order of lines nor that of codes changes a discount") {
  Amounts amounts(19);
  for (std::int64_t round = by_tier(1'000, 10'000, 500'000); round > 0; --round) {
    RandomBasket of = random_basket(amounts, "EUR", true);
    const Discounts before = discounts(of);
    std::reverse(of.lines.begin(), of.lines.end());
    std::rotate(of.offers.begin(), of.offers.begin() + (of.offers.empty() ? 0 : 1),
                of.offers.end());
    const Discounts after = discounts(of);
    Cents reversed = shares(after);
    std::reverse(reversed.begin(), reversed.end());
    REQUIRE(shares(before) == reversed);
    REQUIRE(names(before) == names(after));
    REQUIRE(before.shipping_cents == after.shipping_cents);
    REQUIRE(before.rejected.size() == after.rejected.size());
    for (std::size_t i = 0; i < before.rejected.size(); ++i) {
      REQUIRE(before.rejected[i].code == after.rejected[i].code);
      REQUIRE(before.rejected[i].reason == after.rejected[i].reason);
    }
  }
}

// Shares are whole cents: a cent that a line gets more may be what the next promotion takes off.
TEST_CASE("one more stackable promotion makes no basket dearer, but for rounding") {
  Amounts amounts(23);
  std::int64_t dearer = 0;
  const std::int64_t rounds = by_tier(2'000, 20'000, 1'000'000);
  for (std::int64_t round = rounds; round > 0; --round) {
    RandomBasket of = random_basket(amounts, "EUR", false);
    const std::int64_t before = discounts(of).item_cents;
    const std::uint64_t between = 1 + 2 * amounts.count(6);
    of.offers.push_back({random_promotion(amounts, between)});
    const std::int64_t after = discounts(of).item_cents;
    REQUIRE(after >= before - static_cast<std::int64_t>(of.offers.size()));
    if (after < before) ++dearer;
  }
  CHECK(dearer * 1'000 < rounds);
}
