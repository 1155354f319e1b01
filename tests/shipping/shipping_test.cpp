// The shipping methods that staff keep.
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

CreateShippingMethod post() { return {.name = "Post", .price_cents = 490, .currency = kEuro}; }

}  // namespace

TEST_CASE("a shipping method is kept as it was given") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  const ShippingMethod made = methods
                                  .create(staff(), {.name = "Courier",
                                                    .kind = ShippingKind::per_item,
                                                    .price_cents = 900,
                                                    .free_over_cents = 5'000,
                                                    .currency = kEuro,
                                                    .countries = {"DE", "AT"},
                                                    .active = false,
                                                    .position = 7})
                                  .value();
  CHECK_FALSE(made.id.empty());
  const auto listed = methods.list(staff()).value().items;
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].id == made.id);
  CHECK(listed[0].name == "Courier");
  CHECK(listed[0].kind == ShippingKind::per_item);
  CHECK(listed[0].price_cents == 900);
  CHECK(listed[0].free_over_cents == 5'000);
  CHECK(listed[0].currency == kEuro);
  CHECK(listed[0].countries == std::vector<std::string>{"DE", "AT"});
  CHECK_FALSE(listed[0].active);
  CHECK(listed[0].position == 7);
}

TEST_CASE("shipping methods are listed by position, then as they were made") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  for (const auto& [name, position] :
       std::vector<std::pair<std::string, std::int64_t>>{{"a", 2}, {"b", 1}, {"c", 1}}) {
    CreateShippingMethod method = post();
    method.name = name;
    method.position = position;
    methods.create(staff(), method).value();
  }
  std::string order;
  const auto page = methods.list(staff()).value();
  for (const ShippingMethod& method : page.items) order += method.name;
  CHECK(order == "bca");
  CHECK_FALSE(page.next_after);
}

TEST_CASE("a shipping method is changed field by field") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  CreateShippingMethod method = post();
  method.countries = {"DE"};
  const ShippingMethodId id = methods.create(staff(), method).value().id;

  ShippingMethod changed =
      methods.update(staff(), {.shipping_method_id = id, .price_cents = 0, .active = false})
          .value();
  CHECK(changed.name == "Post");
  CHECK(changed.kind == ShippingKind::flat);
  CHECK(changed.price_cents == 0);
  CHECK(changed.countries == std::vector<std::string>{"DE"});
  CHECK_FALSE(changed.active);

  changed = methods
                .update(staff(), {.shipping_method_id = id,
                                  .name = "Parcel",
                                  .kind = ShippingKind::per_item,
                                  .free_over_cents = 100,
                                  .countries = std::vector<std::string>(),
                                  .active = true,
                                  .position = 3})
                .value();
  CHECK(changed.name == "Parcel");
  CHECK(changed.kind == ShippingKind::per_item);
  CHECK(changed.free_over_cents == 100);
  CHECK(changed.countries.empty());
  CHECK(changed.active);
  CHECK(changed.position == 3);
  CHECK(changed.price_cents == 0);
}

TEST_CASE("a method may be free from an amount on, until that is taken away") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  CreateShippingMethod method = post();
  method.free_over_cents = 0;
  check_refused(methods.create(staff(), method), Errc::invalid_request, "freeOverCents");
  CHECK(methods.list(staff()).value().items.empty());
  const ShippingMethodId id = methods.create(staff(), post()).value().id;
  CHECK_FALSE(methods.list(staff()).value().items[0].free_over_cents);
  methods.update(staff(), {.shipping_method_id = id, .free_over_cents = 1}).value();
  CHECK(methods.update(staff(), {.shipping_method_id = id}).value().free_over_cents == 1);
  const UpdateShippingMethod never{.shipping_method_id = id,
                                   .free_over_cents = Change<std::int64_t>(std::in_place)};
  CHECK_FALSE(methods.update(staff(), never).value().free_over_cents);
}

TEST_CASE("tiers are of the kind of the method, and ascend") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  const NewShippingTier light{.min_weight_grams = 0, .price_cents = 490};
  const NewShippingTier heavy{.min_weight_grams = 5'000, .price_cents = 990, .currency = kEuro};
  const NewShippingTier dear{.min_total_cents = 5'000, .price_cents = 0};
  const auto create = [&](ShippingKind kind, std::vector<NewShippingTier> tiers) {
    CreateShippingMethod method = post();
    method.kind = kind;
    method.tiers = std::move(tiers);
    return methods.create(staff(), method);
  };
  check_refused(create(ShippingKind::by_weight, {}), Errc::invalid_request, "tiers");
  check_refused(create(ShippingKind::by_total, {}), Errc::invalid_request, "tiers");
  check_refused(create(ShippingKind::flat, {light}), Errc::invalid_request, "tiers");
  check_refused(create(ShippingKind::per_item, {dear}), Errc::invalid_request, "tiers");
  check_refused(create(ShippingKind::by_weight, {heavy, light}), Errc::invalid_request,
                "tiers[1].minWeightGrams");
  check_refused(create(ShippingKind::by_weight, {heavy, heavy}), Errc::invalid_request,
                "tiers[1].minWeightGrams");
  check_refused(create(ShippingKind::by_weight, {dear}), Errc::invalid_request,
                "tiers[0].minWeightGrams");
  check_refused(create(ShippingKind::by_total, {dear, light}), Errc::invalid_request,
                "tiers[1].minTotalCents");
  NewShippingTier both = dear;
  both.min_weight_grams = 1;
  check_refused(create(ShippingKind::by_total, {both}), Errc::invalid_request,
                "tiers[0].minTotalCents");
  NewShippingTier yen = dear;
  yen.currency = Currency::parse("JPY").value();
  check_refused(create(ShippingKind::by_total, {yen}), Errc::unsupported_currency,
                "tiers[0].currency");
  check_refused(create(ShippingKind::by_total, std::vector<NewShippingTier>(51, dear)),
                Errc::invalid_request, "tiers");

  const ShippingMethod made = create(ShippingKind::by_weight, {light, heavy}).value();
  CHECK(made.tiers == std::vector<ShippingTier>{{0, std::nullopt, 490, kEuro},
                                                {5'000, std::nullopt, 990, kEuro}});
  CHECK(methods.list(staff()).value().items.at(0).tiers == made.tiers);
  // They stay until they are replaced; another kind has none.
  UpdateShippingMethod change{.shipping_method_id = made.id, .kind = ShippingKind::flat};
  check_refused(methods.update(staff(), change), Errc::invalid_request, "tiers");
  change.tiers = std::vector<NewShippingTier>();
  CHECK(methods.update(staff(), change).value().tiers.empty());
}

TEST_CASE("parts of a country stand with exactly one country, regions by their code") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  const auto create = [&](std::vector<std::string> countries, std::vector<std::string> regions,
                          std::vector<std::string> postal_prefixes) {
    CreateShippingMethod method = post();
    method.countries = std::move(countries);
    method.regions = std::move(regions);
    method.postal_prefixes = std::move(postal_prefixes);
    return methods.create(staff(), method);
  };
  check_refused(create({}, {"CA"}, {}), Errc::invalid_request, "regions");
  check_refused(create({"US", "MX"}, {"CA"}, {"9"}), Errc::invalid_request, "regions");
  check_refused(create({}, {}, {"9"}), Errc::invalid_request, "postalPrefixes");
  check_refused(create({"US"}, {"CA", "Bavaria"}, {}), Errc::invalid_request, "regions[1]");
  check_refused(create({"US"}, {}, {""}), Errc::invalid_request, "postalPrefixes[0]");
  check_refused(create({"US"}, {}, std::vector<std::string>(201, "9")), Errc::invalid_request,
                "postalPrefixes");
  check_refused(create({"US"}, std::vector<std::string>(101, "CA"), {}), Errc::invalid_request,
                "regions");
  const ShippingMethod made = create({"US"}, {"california", "NV"}, {"9"}).value();
  CHECK(made.regions == std::vector<std::string>{"CA", "NV"});
  CHECK(made.postal_prefixes == std::vector<std::string>{"9"});
  const UpdateShippingMethod change{.shipping_method_id = made.id,
                                    .countries = std::vector<std::string>()};
  check_refused(methods.update(staff(), change), Errc::invalid_request, "regions");
}

TEST_CASE("shipping methods go only to countries that exist") {
  EmptyShop test;
  CreateShippingMethod method = post();
  method.countries = {"DE", "ZZ"};
  check_refused(test.shop->admin().shipping_methods().create(staff(), method),
                Errc::invalid_request, "countries[1]");
}

TEST_CASE("shipping methods are each store's own, and for staff") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  const ShippingMethodId id = methods.create(staff(), post()).value().id;
  const Caller elsewhere = in_store("elsewhere", staff());
  CHECK(methods.list(elsewhere).value().items.empty());
  check_refused(methods.update(elsewhere, {.shipping_method_id = id}), Errc::not_found,
                "shippingMethodId");

  check_refused(methods.list(shopper()), Errc::forbidden);
  check_refused(methods.create(shopper(), {}), Errc::forbidden);
  check_refused(methods.update(shopper(), {}), Errc::forbidden);
}

TEST_CASE("a repeated shipping method is made once") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  const Caller once = with_key("once", staff());
  const ShippingMethodId id = methods.create(once, post()).value().id;
  CHECK(methods.create(once, post()).value().id == id);
  CHECK(methods.list(staff()).value().items.size() == 1);
}
