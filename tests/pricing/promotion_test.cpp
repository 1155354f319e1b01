// The promotions that staff keep, their codes, and the uses that are taken of them.
#include <latch>
#include <numeric>
#include <thread>

#include "pricing/promotion_rows.hpp"
#include "support/bare_context.hpp"
#include "support/empty_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;
using rows::TakenUse;
using Action = PromotionActionKind;
using Condition = PromotionConditionKind;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

std::vector<std::string> codes_of(Shop& shop, const PromotionId& id) {
  std::vector<std::string> codes;
  ListPromotionCodes request{.promotion_id = id, .limit = 2};
  do {
    const auto page = shop.admin().promotions().list_codes(staff(), request).value();
    for (const PromotionCode& each : page.items) codes.push_back(each.code);
    request.after = page.next_after;
  } while (request.after);
  return codes;
}

// Takes and returns uses as placing and closing an order do. Asserts nothing, so that threads may
// use it.
class Uses {
 public:
  Uses(EmptyShop& test, const PromotionId& promotion)
      : context_(test.file, test.clock), promotion_(promotion) {}

  TakenUse take(const std::vector<std::string>& customers, const std::string& code = "TEN") {
    TakenUse taken = TakenUse::taken;
    const auto outcome = context_.write("default", [&](const Scope& scope) -> Result<void> {
      taken = rows::take_use(scope, {promotion_, code, customers});
      return success();  // what is not taken has changed nothing
    });
    outcome.value();
    return taken;
  }
  void give_back(const std::vector<std::string>& customers, const std::string& code = "TEN") {
    context_
        .write("default",
               [&](const Scope& scope) -> Result<void> {
                 rows::return_use(scope, {promotion_, code, customers});
                 return success();
               })
        .value();
  }

 private:
  BareContext context_;
  PromotionId promotion_;
};

// A product with a variant of each SKU.
ProductId sell(Shop& shop, const std::string& slug, const std::vector<std::string>& skus) {
  CreateProduct product{.slug = slug, .name = slug};
  for (const std::string& sku : skus) {
    product.variants.push_back({.sku = sku, .price_cents = 100, .currency = kEuro});
  }
  return shop.admin().products().create(staff(), product).value().id;
}

// Has something of everything; `product` has the variants A and B C.
CreatePromotion complete(const Timestamp& now, const ProductId& product) {
  return {.name = "Spring",
          .codes = {"Spring-20_a", " second "},
          .priority = -3,
          .stacking = PromotionStacking::best_deal,
          .group = "season",
          .currency = kEuro,
          .conditions = {minimum(2'000),
                         {.kind = Condition::minimum_quantity, .quantity = 3},
                         {.kind = Condition::products,
                          .skus = {"A", "B C"},
                          .product_ids = {product},
                          .categories = {"tea"}},
                         {.kind = Condition::customer_groups, .groups = {"friends"}},
                         {.kind = Condition::first_order},
                         {.kind = Condition::countries, .countries = {"de", "FR"}},
                         {.kind = Condition::local_time,
                          .weekdays = {1, 7},
                          .from_minute = 60,
                          .until_minute = 120}},
          .actions = {{.kind = Action::buy_x_get_y,
                       .basis_points = 5'000,
                       .categories = {"tea"},
                       .buy = 2,
                       .get = 1,
                       .max_times = 4},
                      {.kind = Action::percent_off_every_nth, .basis_points = 100, .nth = 3},
                      {.kind = Action::tiered,
                       .tiers = {{.from_cents = 100, .basis_points = 1'000},
                                 {.from_cents = 200, .amount_cents = 50}}},
                      {.kind = Action::fixed_off_shipping, .amount_cents = 490}},
          .starts_at = now,
          .ends_at = now.plus(kMicrosPerDay),
          .usage_limit = 100,
          .per_customer_limit = 2,
          .per_code_limit = 3,
          .active = false};
}

}  // namespace

TEST_CASE("a promotion is kept as it was given, its codes in upper case") {
  EmptyShop test;
  const Timestamp now = test.clock->now();
  AdminPromotions promotions = test.shop->admin().promotions();
  const ProductId product = sell(*test.shop, "goods", {"A", "B C"});
  const PromotionId id = promotions.create(staff(), complete(now, product)).value().id;
  const Promotion kept = promotions.get(staff(), {id}).value();
  CHECK(kept.name == "Spring");
  CHECK_FALSE(kept.automatic);
  CHECK(kept.priority == -3);
  CHECK(kept.stacking == PromotionStacking::best_deal);
  CHECK(kept.group == "season");
  CHECK(kept.currency == kEuro);
  REQUIRE(kept.conditions.size() == 7);
  CHECK(kept.conditions[0].amount_cents == 2'000);
  CHECK_FALSE(kept.conditions[0].quantity);
  CHECK(kept.conditions[1].quantity == 3);
  CHECK(kept.conditions[2].skus == std::vector<std::string>{"A", "B C"});
  CHECK(kept.conditions[2].product_ids == std::vector{product});
  CHECK(kept.conditions[2].categories == std::vector<std::string>{"tea"});
  CHECK(kept.conditions[3].groups == std::vector<std::string>{"friends"});
  CHECK(kept.conditions[4].kind == Condition::first_order);
  CHECK(kept.conditions[5].countries == std::vector<std::string>{"DE", "FR"});
  CHECK(kept.conditions[6].weekdays == std::vector<std::int64_t>{1, 7});
  CHECK(kept.conditions[6].from_minute == 60);
  CHECK(kept.conditions[6].until_minute == 120);
  REQUIRE(kept.actions.size() == 4);
  CHECK(kept.actions[0].buy == 2);
  CHECK(kept.actions[0].get == 1);
  CHECK(kept.actions[0].max_times == 4);
  CHECK(kept.actions[0].basis_points == 5'000);
  CHECK(kept.actions[0].categories == std::vector<std::string>{"tea"});
  CHECK(kept.actions[1].nth == 3);
  REQUIRE(kept.actions[2].tiers.size() == 2);
  CHECK(kept.actions[2].tiers[0].from_cents == 100);
  CHECK(kept.actions[2].tiers[0].basis_points == 1'000);
  CHECK_FALSE(kept.actions[2].tiers[0].amount_cents);
  CHECK_FALSE(kept.actions[2].tiers[1].from_quantity);
  CHECK(kept.actions[2].tiers[1].amount_cents == 50);
  CHECK(kept.actions[3].amount_cents == 490);
  CHECK(kept.starts_at == now);
  CHECK(kept.ends_at == now.plus(kMicrosPerDay));
  CHECK(kept.usage_limit == 100);
  CHECK(kept.per_customer_limit == 2);
  CHECK(kept.per_code_limit == 3);
  CHECK(kept.used == 0);
  CHECK_FALSE(kept.active);
  CHECK(codes_of(*test.shop, id) == std::vector<std::string>{"SECOND", "SPRING-20_A"});

  const Promotion plain = add(*test.shop, automatic(percent_off("ten", 1'000)));
  CHECK(plain.automatic);
  CHECK(plain.conditions.empty());
  CHECK_FALSE(plain.group);
  CHECK_FALSE(plain.currency);
  CHECK_FALSE(plain.starts_at);
  CHECK_FALSE(plain.ends_at);
  CHECK_FALSE(plain.usage_limit);
  CHECK_FALSE(plain.per_customer_limit);
  CHECK_FALSE(plain.per_code_limit);
  CHECK(plain.active);
}

TEST_CASE("promotions are listed in pages, with their parts") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  for (const char* code : {"C", "A", "B"}) add(*test.shop, percent_off(code, 1'000));
  const Page<Promotion> first = promotions.list(staff(), {.limit = 2}).value();
  REQUIRE(first.items.size() == 2);
  CHECK(first.items[0].name == "C");
  CHECK(first.items[1].actions.size() == 1);
  const Page<Promotion> second =
      promotions.list(staff(), {.limit = 2, .after = first.next_after}).value();
  REQUIRE(second.items.size() == 1);
  CHECK(second.items[0].name == "B");
  CHECK(second.items[0].actions.size() == 1);
  CHECK_FALSE(second.next_after);
  check_refused(promotions.list(staff(), {.after = "x"}), Errc::invalid_request, "after");
}

TEST_CASE("a promotion that does not go together is refused at its field") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const auto refuse = [&](auto change, const char* field) {
    CreatePromotion request = percent_off("A", 1'000);
    change(request);
    CAPTURE(field);
    check_refused(promotions.create(staff(), request), Errc::invalid_request, field);
  };
  refuse([](auto& it) { it.actions.clear(); }, "actions");
  refuse([](auto& it) { it.actions[0].basis_points = 10'001; }, "actions[0].basisPoints");
  refuse([](auto& it) { it.actions[0].basis_points.reset(); }, "actions[0].basisPoints");
  refuse([](auto& it) { it.actions[0] = {.kind = Action::bundle_price, .amount_cents = 1}; },
         "actions[0].skus");
  refuse([](auto& it) { it.conditions = {minimum(1)}; }, "currency");
  refuse([](auto& it) { it.codes = {"A", "a"}; }, "codes[1]");
  refuse([](auto& it) { it.codes = {"A B"}; }, "codes[0]");
  refuse([](auto& it) { it.automatic = true; }, "codes");
  refuse([](auto& it) { it.group = "x"; }, "group");
  refuse([&](auto& it) { it.starts_at = it.ends_at = test.clock->now(); }, "endsAt");
  refuse([](auto& it) { it.usage_limit = 0; }, "usageLimit");
  refuse([](auto& it) { it.name = " "; }, "name");
  refuse(
      [](auto& it) { it.conditions = {{.kind = Condition::customer_groups, .groups = {"VIP"}}}; },
      "conditions[0].groups[0]");
  CreatePromotion by_itself = automatic(percent_off("A", 1));
  by_itself.per_code_limit = 1;
  check_refused(promotions.create(staff(), by_itself), Errc::invalid_request, "perCodeLimit");
  CHECK(promotions.list(staff()).value().items.empty());
}

TEST_CASE("lists of a promotion have their limits") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const auto refused = [&](auto change) {
    CreatePromotion request = percent_off("A", 1'000);
    change(request);
    auto made = promotions.create(staff(), request);
    return made.has_error() ? std::string(made.error().field()) : std::string();
  };
  const auto codes = [](std::size_t count) {
    return [count](CreatePromotion& it) {
      it.codes.clear();
      for (std::size_t i = 0; i < count; ++i) {
        it.codes.push_back("C" + std::to_string(count) + "-" + std::to_string(i));
      }
    };
  };
  CHECK(refused(codes(200)).empty());
  CHECK(refused(codes(201)) == "codes");
  const auto actions = [](std::size_t count) {
    return [count](CreatePromotion& it) {
      it.codes.clear();
      it.actions.assign(count, it.actions[0]);
    };
  };
  CHECK(refused(actions(10)).empty());
  CHECK(refused(actions(11)) == "actions");
  const auto code = [](std::size_t size) {
    return [size](CreatePromotion& it) { it.codes = {std::string(size, 'X')}; };
  };
  CHECK(refused(code(50)).empty());
  CHECK(refused(code(51)) == "codes[0]");
  // As those of callers, customers and price lists.
  const auto groups = [](std::size_t count, std::size_t size) {
    return [=](CreatePromotion& it) {
      it.codes.clear();
      it.conditions = {{.kind = Condition::customer_groups,
                        .groups = std::vector<std::string>(count, std::string(size, 'g'))}};
    };
  };
  CHECK(refused(groups(20, 64)).empty());
  CHECK(refused(groups(21, 1)) == "conditions[0].groups");
  CHECK(refused(groups(1, 65)) == "conditions[0].groups[0]");
}

TEST_CASE("a promotion names variants and products that exist") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const ProductId product = sell(*test.shop, "goods", {"A", "B"});
  CreatePromotion request = percent_off("A", 1'000);
  const auto refuse = [&](auto change, const char* field) {
    CreatePromotion wrong = request;
    change(wrong);
    CAPTURE(field);
    check_refused(promotions.create(staff(), wrong), Errc::not_found, field);
  };
  request.conditions = {
      {.kind = Condition::products, .skus = {"A"}, .product_ids = {product}, .categories = {"no"}}};
  request.actions = {{.kind = Action::percent_off_lines, .basis_points = 1, .skus = {"A", "B"}},
                     {.kind = Action::gift_line, .sku = "B"}};
  refuse([](auto& it) { it.conditions[0].skus = {"A", "no"}; }, "conditions[0].skus[1]");
  refuse(
      [](auto& it) {
        it.conditions[0].product_ids = {ProductId({1, 2})};
      },
      "conditions[0].productIds[0]");
  refuse([](auto& it) { it.actions[0].skus[1] = "no"; }, "actions[0].skus[1]");
  refuse(
      [](auto& it) {
        it.actions[0].product_ids = {ProductId({1, 2})};
      },
      "actions[0].productIds[0]");
  refuse([](auto& it) { it.actions[1].sku = "no"; }, "actions[1].sku");
  CHECK(promotions.list(staff()).value().items.empty());

  // What it has named stays, though the variant is deleted; what is new must be there.
  const PromotionId id = promotions.create(staff(), request).value().id;
  test.shop->admin().variants().remove(staff(), {.sku = "B"}).value();
  CHECK(promotions.update(staff(), {.promotion_id = id, .name = "New"}).value().name == "New");
  CHECK(promotions.update(staff(), {.promotion_id = id, .actions = request.actions}).has_value());
  check_refused(promotions.create(staff(), request), Errc::not_found, "actions[0].skus[1]");
  request.actions[1].sku = "no";
  const auto wrong = promotions.update(staff(), {.promotion_id = id, .actions = request.actions});
  CHECK(refusal(wrong, Errc::not_found, "actions[1].sku").fact("sku") == "no");
  // It gives nothing that is gone, and the cart is as without it.
  const Cart cart = test.shop->cart().add_item(shopper(), {.sku = "A"}).value();
  CHECK(test.shop->cart().apply_coupon(shopper(), {"A"}).value().line_items.size() == 1);
  CHECK(cart.item_total_cents == 100);
}

TEST_CASE("a promotion is changed field by field, and null takes a limit or a date off") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const Timestamp now = test.clock->now();
  const PromotionId id = add(*test.shop, complete(now, sell(*test.shop, "goods", {"A", "B C"}))).id;
  Promotion changed = promotions
                          .update(staff(), {.promotion_id = id,
                                            .name = "Summer",
                                            .ends_at = now.plus(2 * kMicrosPerDay),
                                            .usage_limit = 5,
                                            .active = true})
                          .value();
  CHECK(changed.name == "Summer");
  CHECK(changed.ends_at == now.plus(2 * kMicrosPerDay));
  CHECK(changed.usage_limit == 5);
  CHECK(changed.active);
  CHECK(changed.per_customer_limit == 2);
  CHECK(changed.conditions.size() == 7);
  CHECK(changed.actions.size() == 4);
  CHECK(codes_of(*test.shop, id).size() == 2);

  changed = promotions
                .update(staff(),
                        {.promotion_id = id,
                         .stacking = PromotionStacking::stackable,
                         .group = cleared,
                         .currency = cleared,
                         .conditions = std::vector<PromotionCondition>{},
                         .actions = std::vector<PromotionAction>{{.kind = Action::free_shipping}},
                         .starts_at = cleared,
                         .ends_at = cleared,
                         .usage_limit = cleared,
                         .per_customer_limit = cleared,
                         .per_code_limit = cleared})
                .value();
  CHECK_FALSE(changed.group);
  CHECK_FALSE(changed.currency);
  CHECK(changed.conditions.empty());
  REQUIRE(changed.actions.size() == 1);
  CHECK(changed.actions[0].kind == Action::free_shipping);
  CHECK_FALSE(changed.starts_at);
  CHECK_FALSE(changed.ends_at);
  CHECK_FALSE(changed.usage_limit);
  CHECK_FALSE(changed.per_customer_limit);
  CHECK_FALSE(changed.per_code_limit);
  CHECK(changed.name == "Summer");
}

TEST_CASE("a change must fit what the promotion is") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const PromotionId id = add(*test.shop, percent_off("TEN", 1'000)).id;
  const Timestamp now = test.clock->now();
  const auto refuse = [&](UpdatePromotion request, const char* field) {
    request.promotion_id = id;
    check_refused(promotions.update(staff(), request), Errc::invalid_request, field);
  };
  refuse({.conditions = std::vector{minimum(1)}}, "currency");
  refuse({.actions = std::vector<PromotionAction>{}}, "actions");
  refuse({.group = "x"}, "group");
  promotions.update(staff(), {.promotion_id = id, .starts_at = now}).value();
  refuse({.ends_at = now}, "endsAt");
  const Promotion kept = promotions.get(staff(), {id}).value();
  CHECK(kept.conditions.empty());
  CHECK_FALSE(kept.ends_at);
  const PromotionId none({1, 1});
  check_refused(promotions.update(staff(), {.promotion_id = none}), Errc::not_found, "promotionId");
  check_refused(promotions.get(staff(), {none}), Errc::not_found, "promotionId");
}

TEST_CASE("a code belongs to one promotion, in any case") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  add(*test.shop, percent_off("TEN", 1'000));
  CreatePromotion other = cents_off("FIVE", 500);
  other.codes = {"new", "ten"};
  const auto refused = promotions.create(staff(), other);
  check_refused(refused, Errc::conflict, "codes[1]");
  CHECK(refused.error().fact("code") == "TEN");
  CHECK(promotions.list(staff()).value().items.size() == 1);
  other.codes = {"new"};
  const PromotionId id = add(*test.shop, other).id;
  check_refused(promotions.create_codes(staff(), {.promotion_id = id, .codes = {"A", "NEW"}}),
                Errc::conflict, "codes[1]");
  CHECK(codes_of(*test.shop, id) == std::vector<std::string>{"NEW"});
}

TEST_CASE("codes are added to a promotion, given or random") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const PromotionId id = add(*test.shop, percent_off("TEN", 1'000)).id;
  const auto given =
      promotions.create_codes(staff(), {.promotion_id = id, .codes = {"b", " A "}}).value();
  CHECK(given.codes == std::vector<std::string>{"A", "B"});
  const Caller once = with_key("once", staff());
  const CreatePromotionCodes request{
      .promotion_id = id, .count = 500, .prefix = "spring-", .length = 8};
  const auto random = promotions.create_codes(once, request).value();
  REQUIRE(random.codes.size() == 500);
  CHECK(std::is_sorted(random.codes.begin(), random.codes.end()));
  CHECK(std::adjacent_find(random.codes.begin(), random.codes.end()) == random.codes.end());
  for (const std::string& code : random.codes) {
    REQUIRE(code.size() == 15);
    REQUIRE(code.starts_with("SPRING-"));
    REQUIRE(code.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 7) == code.npos);
  }
  // Those of one call are together, and a repetition returns them.
  std::vector<std::string> all{"TEN", "A", "B"};
  all.insert(all.end(), random.codes.begin(), random.codes.end());
  CHECK(codes_of(*test.shop, id) == all);
  CHECK(promotions.create_codes(once, request).value().codes == random.codes);
  CHECK(codes_of(*test.shop, id).size() == all.size());
  CHECK(promotions.create_codes(staff(), {.promotion_id = id, .count = 10'000})
            .value()
            .codes.size() == 10'000);

  const auto refuse = [&](CreatePromotionCodes wrong, const char* field) {
    wrong.promotion_id = id;
    check_refused(promotions.create_codes(staff(), wrong), Errc::invalid_request, field);
  };
  refuse({}, "count");
  refuse({.codes = {"C"}, .count = 1}, "count");
  refuse({.count = 0}, "count");
  refuse({.count = 10'001}, "count");
  refuse({.count = 1, .length = 7}, "length");
  refuse({.count = 1, .length = 31}, "length");
  refuse({.count = 1, .prefix = std::string(21, 'A')}, "prefix");
  refuse({.count = 1, .prefix = "a b"}, "prefix");
  refuse({.codes = {"C", "c"}}, "codes[1]");
  const PromotionId by_itself = add(*test.shop, automatic(percent_off("X", 1))).id;
  check_refused(promotions.create_codes(staff(), {.promotion_id = by_itself, .count = 1}),
                Errc::invalid_state, "promotionId");
  const PromotionId none({1, 1});
  check_refused(promotions.create_codes(staff(), {.promotion_id = none, .count = 1}),
                Errc::not_found, "promotionId");
  check_refused(promotions.list_codes(staff(), {.promotion_id = none}), Errc::not_found,
                "promotionId");
  check_refused(promotions.list_codes(staff(), {.promotion_id = id, .after = "x"}),
                Errc::invalid_request, "after");
}

TEST_CASE("promotions are each store's own, and for staff") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const PromotionId id = add(*test.shop, percent_off("TEN", 1'000)).id;
  const Caller elsewhere = in_store("elsewhere", staff());
  CHECK(promotions.list(elsewhere).value().items.empty());
  check_refused(promotions.get(elsewhere, {id}), Errc::not_found, "promotionId");
  check_refused(promotions.update(elsewhere, {.promotion_id = id}), Errc::not_found, "promotionId");
  check_refused(promotions.create_codes(elsewhere, {.promotion_id = id, .count = 1}),
                Errc::not_found, "promotionId");
  check_refused(promotions.list_codes(elsewhere, {.promotion_id = id}), Errc::not_found,
                "promotionId");
  CHECK(add(*test.shop, cents_off("TEN", 500), elsewhere).actions[0].amount_cents == 500);

  check_refused(promotions.list(shopper(), {.limit = 0}), Errc::forbidden);
  check_refused(promotions.get(shopper(), {}), Errc::forbidden);
  check_refused(promotions.create(shopper(), {}), Errc::forbidden);
  check_refused(promotions.update(shopper(), {}), Errc::forbidden);
  check_refused(promotions.create_codes(shopper(), {}), Errc::forbidden);
  check_refused(promotions.list_codes(shopper(), {}), Errc::forbidden);
}

TEST_CASE("a repeated promotion is made once") {
  EmptyShop test;
  AdminPromotions promotions = test.shop->admin().promotions();
  const Caller once = with_key("once", staff());
  const PromotionId id = promotions.create(once, percent_off("TEN", 1'000)).value().id;
  CHECK(promotions.create(once, percent_off("TEN", 1'000)).value().id == id);
  CHECK(promotions.list(staff()).value().items.size() == 1);
}

// ---- uses

TEST_CASE("uses are taken within all limits, for each name of a person, and returned") {
  EmptyShop test;
  CreatePromotion request = percent_off("TEN", 1'000);
  request.codes.push_back("MORE");
  request.usage_limit = 4;
  request.per_customer_limit = 2;
  request.per_code_limit = 3;
  const PromotionId id = add(*test.shop, request).id;
  const auto used = [&] { return promotion_named(*test.shop, "TEN").used; };
  Uses uses(test, id);
  const std::vector<std::string> ada{"user:ada", "email:a@x.de"};

  CHECK(uses.take(ada) == TakenUse::taken);
  CHECK(uses.take({"email:a@x.de"}) == TakenUse::taken);  // as a guest
  CHECK(uses.take(ada) == TakenUse::used_up_by_customer);
  CHECK(uses.take({"user:eve", "email:a@x.de"}) == TakenUse::used_up_by_customer);
  CHECK(used() == 2);
  CHECK(uses.take({"user:eve"}) == TakenUse::taken);
  CHECK(uses.take({"user:eve"}) == TakenUse::code_used_up);
  CHECK(uses.take({"user:eve"}, "MORE") == TakenUse::taken);
  CHECK(uses.take({"user:bob"}, "MORE") == TakenUse::used_up);
  CHECK(used() == 4);

  uses.give_back(ada);
  CHECK(used() == 3);
  CHECK(uses.take({"user:ada"}) == TakenUse::taken);
  CHECK(uses.take({"email:a@x.de"}, "MORE") == TakenUse::used_up);
  uses.give_back({"user:ada"});
  uses.give_back({"email:a@x.de"});
  uses.give_back({"user:eve"});
  uses.give_back({"user:eve"}, "MORE");
  CHECK(used() == 0);
}

TEST_CASE("a promotion without limits is used any number of times") {
  EmptyShop test;
  Uses uses(test, add(*test.shop, percent_off("TEN", 1'000)).id);
  for (int i = 0; i < 5; ++i) CHECK(uses.take({"user:ada"}) == TakenUse::taken);
  for (int i = 0; i < 5; ++i) uses.give_back({"user:ada"});
}

TEST_CASE("the last uses are taken once each, however many try", "[concurrent]") {
  constexpr int kThreads = 16;
  EmptyShop test;
  CreatePromotion request = percent_off("TEN", 1'000);
  for (int i = 0; i < kThreads / 4; ++i) request.codes.push_back("CODE" + std::to_string(i));
  request.usage_limit = 20;
  request.per_customer_limit = 3;
  request.per_code_limit = 6;
  const PromotionId id = add(*test.shop, request).id;
  // Two threads for each of eight customers, and two customers for each code: they would like 24
  // uses together.
  const auto customer = [](int thread) {
    const std::string name = std::to_string(thread / 2);
    return std::vector<std::string>{"user:" + name, "email:" + name + "@example.com"};
  };
  const auto code = [](int thread) { return "CODE" + std::to_string(thread / 4); };
  std::latch start(kThreads);
  std::vector<int> taken(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Uses uses(test, id);
      start.arrive_and_wait();
      while (uses.take(customer(i), code(i)) == TakenUse::taken) {
        ++taken[static_cast<std::size_t>(i)];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  const auto used = [&] { return promotion_named(*test.shop, "TEN").used; };
  CHECK(std::accumulate(taken.begin(), taken.end(), 0) == 20);
  CHECK(used() == 20);
  for (std::size_t i = 0; i < kThreads; i += 2) CHECK(taken[i] + taken[i + 1] <= 3);
  for (std::size_t i = 0; i < kThreads; i += 4) {
    CHECK(taken[i] + taken[i + 1] + taken[i + 2] + taken[i + 3] <= 6);
  }

  Uses uses(test, id);
  for (int i = 0; i < kThreads; ++i) {
    for (int use = taken[static_cast<std::size_t>(i)]; use > 0; --use) {
      uses.give_back(customer(i), code(i));
    }
  }
  CHECK(used() == 0);
}
