// Which promotions are refused, and at which field.
#include "pricing/promotion_check.hpp"

#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;
using Action = PromotionActionKind;
using Condition = PromotionConditionKind;

namespace {

constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

// A promotion of ten percent and of an amount.
Promotion complete() {
  return {.name = "Spring",
          .currency = Currency::parse("EUR").value(),
          .conditions = {{.kind = Condition::minimum_amount, .amount_cents = 100}},
          .actions = {{.kind = Action::percent_off_order, .basis_points = 1'000}}};
}

void check_field(const Promotion& promotion, std::string_view field) {
  check_refused(pricing::check_promotion(promotion), Errc::invalid_request, field);
}
void check_action(const PromotionAction& action, std::string_view field) {
  Promotion promotion = complete();
  promotion.actions.push_back(action);
  if (field.empty()) {
    CHECK(pricing::check_promotion(promotion).has_value());
  } else {
    check_field(promotion, "actions[1]." + std::string(field));
  }
}
void check_condition(const PromotionCondition& condition, std::string_view field) {
  Promotion promotion = complete();
  promotion.conditions.push_back(condition);
  if (field.empty()) {
    CHECK(pricing::check_promotion(promotion).has_value());
  } else {
    check_field(promotion, "conditions[1]." + std::string(field));
  }
}

}  // namespace

TEST_CASE("an action has the members of its kind, and no others") {
  using A = Action;
  check_action({.kind = A::percent_off_order}, "basisPoints");
  check_action({.kind = A::percent_off_order, .basis_points = 1, .amount_cents = 1}, "amountCents");
  check_action({.kind = A::percent_off_order, .basis_points = 1, .skus = {"A"}}, "skus");
  check_action({.kind = A::fixed_off_order}, "amountCents");
  check_action({.kind = A::fixed_off_order, .amount_cents = 0}, "amountCents");
  check_action({.kind = A::percent_off_lines, .basis_points = 1, .categories = {"a"}}, "");
  check_action({.kind = A::fixed_off_lines, .amount_cents = 1, .buy = 1}, "buy");
  check_action({.kind = A::percent_off_cheapest, .basis_points = 1}, "");
  check_action({.kind = A::percent_off_every_nth, .basis_points = 1}, "nth");
  check_action({.kind = A::buy_x_get_y, .basis_points = 1, .buy = 2}, "get");
  check_action({.kind = A::buy_x_get_y, .basis_points = 1, .buy = 2, .get = 1, .max_times = 3}, "");
  check_action({.kind = A::percent_off_shipping}, "basisPoints");
  check_action({.kind = A::fixed_off_shipping, .amount_cents = 1}, "");
  check_action({.kind = A::free_shipping}, "");
  check_action({.kind = A::free_shipping, .basis_points = 1}, "basisPoints");
  check_action({.kind = A::gift_line}, "sku");
  check_action({.kind = A::gift_line, .sku = "A", .quantity = 2}, "");
}

TEST_CASE("a bundle has parts and a price, which may be nothing") {
  check_action({.kind = Action::bundle_price, .amount_cents = 100}, "skus");
  check_action({.kind = Action::bundle_price, .skus = {"A"}}, "amountCents");
  check_action({.kind = Action::bundle_price, .amount_cents = 0, .skus = {"A", "A"}}, "");
}

TEST_CASE("tiers ascend, by one measure, and each has one discount") {
  const auto check = [](std::vector<PromotionTier> tiers, std::string_view field) {
    check_action({.kind = Action::tiered, .tiers = std::move(tiers)}, field);
  };
  check({}, "tiers");
  check({{.from_quantity = 2, .basis_points = 1}, {.from_quantity = 3, .amount_cents = 1}}, "");
  check({{.from_cents = 2, .basis_points = 1}, {.from_cents = 3, .basis_points = 2}}, "");
  check({{.basis_points = 1}}, "tiers[0].fromQuantity");
  check({{.from_quantity = 1, .from_cents = 1, .basis_points = 1}}, "tiers[0].fromCents");
  check({{.from_quantity = 1}}, "tiers[0].basisPoints");
  check({{.from_quantity = 1, .basis_points = 1, .amount_cents = 1}}, "tiers[0].amountCents");
  check({{.from_quantity = 2, .basis_points = 1}, {.from_quantity = 2, .basis_points = 2}},
        "tiers[1].fromQuantity");
  check({{.from_cents = 2, .basis_points = 1}, {.from_cents = 1, .basis_points = 2}},
        "tiers[1].fromCents");
  check({{.from_quantity = 2, .basis_points = 1}, {.from_cents = 3, .basis_points = 2}},
        "tiers[1].fromCents");
}

TEST_CASE("a condition has the members of its kind, and no others") {
  using C = Condition;
  check_condition({.kind = C::minimum_quantity}, "quantity");
  check_condition({.kind = C::minimum_quantity, .amount_cents = 1, .quantity = 1}, "amountCents");
  check_condition({.kind = C::products}, "skus");
  check_condition({.kind = C::products, .skus = {"A"}, .categories = {"a"}}, "");
  check_condition({.kind = C::customer_groups}, "groups");
  check_condition({.kind = C::first_order}, "");
  check_condition({.kind = C::first_order, .groups = {"a"}}, "groups");
  check_condition({.kind = C::countries}, "countries");
  check_condition({.kind = C::local_time}, "weekdays");
  check_condition({.kind = C::local_time, .weekdays = {1}}, "");
  check_condition({.kind = C::local_time, .from_minute = 60, .until_minute = 60}, "untilMinute");
  check_condition({.kind = C::minimum_amount, .amount_cents = 1}, "kind");
}

TEST_CASE("the parts of a promotion go together") {
  const auto check = [](auto change, std::string_view field) {
    Promotion promotion = complete();
    change(promotion);
    check_field(promotion, field);
  };
  CHECK(pricing::check_promotion(complete()).has_value());
  check([](Promotion& each) { each.actions.clear(); }, "actions");
  check(
      [](Promotion& each) {
        each.actions = {{.kind = Action::gift_line, .sku = "A"},
                        {.kind = Action::gift_line, .sku = "B"}};
      },
      "actions[1].kind");
  check([](Promotion& each) { each.currency.reset(); }, "currency");
  check([](Promotion& each) { each.group = "a"; }, "group");
  check([](Promotion& each) { each.stacking = PromotionStacking::best_deal; }, "group");
  check(
      [](Promotion& each) {
        each.stacking = PromotionStacking::best_deal;
        each.group = "a";
        each.actions.push_back({.kind = Action::gift_line, .sku = "A"});
      },
      "actions[1].kind");
  check([](Promotion& each) { each.ends_at = each.starts_at = kNow; }, "endsAt");
  check(
      [](Promotion& each) {
        each.automatic = true;
        each.per_code_limit = 1;
      },
      "perCodeLimit");
  Promotion any_currency = complete();
  any_currency.conditions.clear();
  any_currency.currency.reset();
  CHECK(pricing::check_promotion(any_currency).has_value());
}

TEST_CASE("a promotion has each code once") {
  CHECK(pricing::check_codes({}).has_value());
  CHECK(pricing::check_codes({"A", "B"}).has_value());
  check_refused(pricing::check_codes({"A", "B", "A", "B"}), Errc::invalid_request, "codes[2]");
}
