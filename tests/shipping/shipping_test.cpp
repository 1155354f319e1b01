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
                                                    .kind = ShippingKind::free_over,
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
  CHECK(listed[0].kind == ShippingKind::free_over);
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
                                  .kind = ShippingKind::free_over,
                                  .free_over_cents = 100,
                                  .countries = std::vector<std::string>(),
                                  .active = true,
                                  .position = 3})
                .value();
  CHECK(changed.name == "Parcel");
  CHECK(changed.kind == ShippingKind::free_over);
  CHECK(changed.free_over_cents == 100);
  CHECK(changed.countries.empty());
  CHECK(changed.active);
  CHECK(changed.position == 3);
  CHECK(changed.price_cents == 0);
}

TEST_CASE("a method that becomes free over an amount has that amount") {
  EmptyShop test;
  AdminShippingMethods methods = test.shop->admin().shipping_methods();
  CreateShippingMethod method = post();
  method.kind = ShippingKind::free_over;
  check_refused(methods.create(staff(), method), Errc::invalid_request, "freeOverCents");
  method.free_over_cents = 0;
  check_refused(methods.create(staff(), method), Errc::invalid_request, "freeOverCents");
  CHECK(methods.list(staff()).value().items.empty());

  const ShippingMethodId id = methods.create(staff(), post()).value().id;
  const UpdateShippingMethod change{.shipping_method_id = id, .kind = ShippingKind::free_over};
  check_refused(methods.update(staff(), change), Errc::invalid_request, "freeOverCents");
  CHECK(methods.list(staff()).value().items[0].kind == ShippingKind::flat);
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
