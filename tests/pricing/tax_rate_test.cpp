// The tax rates and tax settings that staff keep.
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

CreateTaxRate german(std::string rate = "19") {
  return {.name = "VAT", .rate = std::move(rate), .country = "DE"};
}

std::size_t count(EmptyShop& test) {
  return test.shop->admin().tax_rates().list(staff()).value().items.size();
}

}  // namespace

TEST_CASE("a tax rate is kept as it was given, its region by its code") {
  EmptyShop test;
  const Timestamp now = test.clock->now();
  AdminTaxRates rates = test.shop->admin().tax_rates();
  const TaxRate made = rates
                           .create(staff(), {.name = "City",
                                             .rate = "4.5000",
                                             .country = "us",
                                             .region = "new york",
                                             .postal_prefix = "100",
                                             .category = "reduced",
                                             .priority = 2,
                                             .compound = true,
                                             .valid_from = now,
                                             .valid_until = now.plus(1)})
                           .value();
  const TaxRate kept = rates.list(staff()).value().items.at(0);
  CHECK(kept.id == made.id);
  CHECK(kept.name == "City");
  CHECK(kept.rate == "4.5");
  CHECK(kept.country == "US");
  CHECK(kept.region == "NY");
  CHECK(kept.postal_prefix == "100");
  CHECK(kept.category == "reduced");
  CHECK(kept.priority == 2);
  CHECK(kept.compound);
  CHECK(kept.valid_from == now);
  CHECK(kept.valid_until == now.plus(1));

  const TaxRate changed =
      rates.update(staff(), {.tax_rate_id = made.id, .rate = "4", .valid_until = cleared}).value();
  CHECK(changed.name == "City");
  CHECK(changed.rate == "4");
  CHECK(changed.valid_from == now);
  CHECK_FALSE(changed.valid_until);

  CHECK(rates.remove(staff(), {made.id}).value().removed);
  CHECK(count(test) == 0);
  check_refused(rates.remove(staff(), {made.id}), Errc::not_found, "taxRateId");
  check_refused(rates.update(staff(), {.tax_rate_id = made.id}), Errc::not_found, "taxRateId");
}

TEST_CASE("tax rates are listed in pages, oldest first") {
  EmptyShop test;
  AdminTaxRates rates = test.shop->admin().tax_rates();
  for (const char* country : {"DE", "FR", "AT"}) {
    rates.create(staff(), {.name = "VAT", .rate = "20", .country = country}).value();
  }
  const auto first = rates.list(staff(), {.limit = 2}).value();
  CHECK(first.items.at(1).country == "FR");
  const auto second = rates.list(staff(), {.limit = 2, .after = first.next_after}).value();
  REQUIRE(second.items.size() == 1);
  CHECK(second.items[0].country == "AT");
  CHECK_FALSE(second.next_after);
  check_refused(rates.list(staff(), {.after = "nonsense"}), Errc::invalid_request, "after");
}

TEST_CASE("two rates for the same goods and place are valid at different times") {
  EmptyShop test;
  AdminTaxRates rates = test.shop->admin().tax_rates();
  const Timestamp change = test.clock->now();
  CreateTaxRate old_rate = german("16");
  old_rate.valid_until = change;
  const TaxRate first = rates.create(staff(), old_rate).value();

  CreateTaxRate new_rate = german();
  const auto overlapping = rates.create(staff(), new_rate);
  check_refused(overlapping, Errc::conflict, "validFrom");
  CHECK(overlapping.error().fact("taxRateId") == first.id.text());
  new_rate.valid_from = change.plus(-1);
  check_refused(rates.create(staff(), new_rate), Errc::conflict, "validFrom");
  new_rate.valid_from = change;
  const TaxRate second = rates.create(staff(), new_rate).value();
  check_refused(rates.update(staff(), {.tax_rate_id = first.id, .valid_until = cleared}),
                Errc::conflict, "validFrom");
  CHECK(rates.list(staff()).value().items.at(0).valid_until == change);

  // However the place is written.
  CreateTaxRate island{
      .name = "VAT", .rate = "7", .country = "ES", .region = "Canarias", .postal_prefix = "35 1"};
  rates.create(staff(), island).value();
  island.region = "CANARIAS";
  island.postal_prefix = "351";
  check_refused(rates.create(staff(), island), Errc::conflict, "validFrom");

  // Another region, postal code, category or priority is another rate.
  CreateTaxRate other = german();
  other.region = "Helgoland";
  rates.create(staff(), other).value();
  other.postal_prefix = "27498";
  rates.create(staff(), other).value();
  other.category = "reduced";
  rates.create(staff(), other).value();
  other.priority = 2;
  rates.create(staff(), other).value();
  CHECK(count(test) == 7);
}

TEST_CASE("a tax rate that cannot be is refused, and nothing is kept") {
  EmptyShop test;
  const auto refused = [&](const char* field, const CreateTaxRate& request) {
    CAPTURE(field);
    check_refused(test.shop->admin().tax_rates().create(staff(), request), Errc::invalid_request,
                  field);
    CHECK(count(test) == 0);
  };
  const auto with = [](auto&& change) {
    CreateTaxRate request = german();
    change(request);
    return request;
  };
  refused("rate", german("100.0001"));
  refused("rate", german("-1"));
  refused("rate", german("19%"));
  refused("country", with([](auto& rate) { rate.country = "XX"; }));
  refused("region", with([](auto& rate) { rate.country = "US", rate.region = "Bavaria"; }));
  refused("category", with([](auto& rate) { rate.category = "books"; }));
  refused("category", with([](auto& rate) { rate.category = "exempt"; }));
  refused("priority", with([](auto& rate) { rate.priority = 0; }));
  refused("priority", with([](auto& rate) { rate.priority = kMaxTaxPriority + 1; }));
  refused("compound", with([](auto& rate) { rate.compound = true; }));
  refused("compound", with([](auto& rate) { rate.compound = true, rate.priority = 4; }));
  const Timestamp now = test.clock->now();
  refused("validUntil", with([&](auto& rate) { rate.valid_from = rate.valid_until = now; }));
  test.shop->admin().tax_rates().create(staff(), german("100")).value();
}

TEST_CASE("tax settings are the defaults until staff write them, and absent ones stay") {
  EmptyShop test;
  AdminSettings settings = test.shop->admin().settings();
  const TaxSettings before = settings.get_taxes(staff()).value();
  CHECK_FALSE(before.prices_include_tax);
  CHECK(before.rounding == TaxRounding::half_up);
  CHECK(before.rounding_level == TaxRoundingLevel::line);
  CHECK(before.shipping_tax == ShippingTax::category);
  CHECK(before.foreign_prices == ForeignPrices::keep_gross);
  CHECK(before.home_country.empty());
  CHECK(before.categories == std::vector<std::string>{"standard", "reduced", "zero", "exempt"});

  settings
      .update_taxes(staff(), {.prices_include_tax = true,
                              .home_country = "de",
                              .seller_tax_id = "de 136 695 976",
                              .reverse_charge_countries = {{"DE", "FR"}}})
      .value();
  settings.update_taxes(staff(), {.rounding = TaxRounding::down}).value();
  const TaxSettings after = settings.get_taxes(staff()).value();
  CHECK(after.prices_include_tax);
  CHECK(after.rounding == TaxRounding::down);
  CHECK(after.home_country == "DE");
  CHECK(after.seller_tax_id == "DE136695976");
  CHECK(after.reverse_charge_countries == std::vector<std::string>{"DE", "FR"});
  settings.update_taxes(staff(), {.home_country = "", .seller_tax_id = ""}).value();
  CHECK(settings.get_taxes(staff()).value().home_country.empty());
}

TEST_CASE("tax settings that cannot be are refused, and stay as they were") {
  EmptyShop test;
  AdminSettings settings = test.shop->admin().settings();
  const auto refused = [&](const char* field, const UpdateTaxSettings& request) {
    check_refused(settings.update_taxes(staff(), request), Errc::invalid_request, field);
    CHECK(settings.get_taxes(staff()).value().home_country.empty());
  };
  refused("sellerTaxId", {.home_country = "DE", .seller_tax_id = "DE136695977"});
  refused("homeRegion", {.home_region = "CA"});
  refused("homeRegion", {.home_country = "US", .home_region = "Bavaria"});
  const std::vector<std::string> fewer{"standard", "reduced", "zero", "books"};
  refused("reverseChargeCountries",
          {.home_country = "DE", .reverse_charge_countries = {{"AT", "FR"}}});
  refused("categories", {.home_country = "DE", .categories = fewer});
}

TEST_CASE("a tax category is one of those in the settings") {
  EmptyShop test;
  const Currency eur = Currency::parse("EUR").value();
  Admin admin = test.shop->admin();
  NewVariant book{.sku = "BOOK", .price_cents = 1'000, .currency = eur, .tax_category = "books"};
  const CreateProduct product{.slug = "book", .name = "Book", .variants = {book}};
  check_refused(admin.products().create(staff(), product), Errc::invalid_request,
                "variants[0].taxCategory");
  check_refused(admin.shipping_methods().create(
                    staff(), {.name = "Post", .currency = eur, .tax_category = "books"}),
                Errc::invalid_request, "taxCategory");
  const std::vector<std::string> more{"standard", "reduced", "zero", "exempt", "books"};
  admin.settings().update_taxes(staff(), {.categories = more}).value();
  const Product made = admin.products().create(staff(), product).value();
  CHECK(made.variants.at(0).tax_category == "books");
  check_refused(admin.variants().update(staff(), {.sku = "BOOK", .tax_category = "papers"}),
                Errc::invalid_request, "taxCategory");
  const Product changed =
      admin.variants().update(staff(), {.sku = "BOOK", .tax_category = "reduced"}).value();
  CHECK(changed.variants.at(0).tax_category == "reduced");
}
