// Products and variants: what staff make of them and what shoppers see.
#include <algorithm>
#include <latch>
#include <thread>

#include "catalog/rows.hpp"
#include "support/bare_context.hpp"
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
const ProductId kNobodys = ProductId::parse("product_01h455vb4pex5vsknk084sn02q").value();

CreateProduct tea(std::string slug = "tea", std::string sku = "TEA") {
  return {.slug = std::move(slug),
          .name = "Tea",
          .description = "Black.\nStrong.",
          .categories = {"drinks", R"(hot \ cold)"},
          .variants = {{.sku = std::move(sku),
                        .name = "100 g",
                        .options = {{"weight", "100 g"}, {"form", "loose"}},
                        .price_cents = 790,
                        .currency = kEuro,
                        .image_url = "/tea.jpg"}}};
}

std::vector<std::string> slugs(const Page<Product>& page) {
  std::vector<std::string> found;
  for (const Product& product : page.items) found.push_back(product.slug);
  return found;
}

std::vector<std::string> skus(const Product& product) {
  std::vector<std::string> found;
  for (const Variant& variant : product.variants) found.push_back(variant.sku);
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a product is kept as it was given") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  const Product made = admin.products().create(staff(), tea()).value();
  CHECK_FALSE(made.id.empty());
  const Product found = shop.products().get({}, {"tea"}).value();
  CHECK(found.id == made.id);
  CHECK(found.slug == "tea");
  CHECK(found.name == "Tea");
  CHECK(found.description == "Black.\nStrong.");
  CHECK(found.categories == Texts{"drinks", R"(hot \ cold)"});
  CHECK(found.active);
  REQUIRE(found.variants.size() == 1);
  const Variant& variant = found.variants[0];
  CHECK(variant.id == made.variants.at(0).id);
  CHECK(variant.sku == "TEA");
  CHECK(variant.name == "100 g");
  CHECK(variant.options == Pairs{{"weight", "100 g"}, {"form", "loose"}});
  CHECK(variant.price_cents == 790);
  CHECK(variant.currency == kEuro);
  CHECK(variant.image_url == "/tea.jpg");
  CHECK(variant.available_quantity == 0);
  CHECK_FALSE(variant.backorderable);
  CHECK(variant.active);
}

TEST_CASE("variants are listed in the order they were made") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  CreateProduct product = tea();
  product.variants.push_back({.sku = "ALL", .price_cents = 0, .currency = kEuro});
  const ProductId id = admin.products().create(staff(), product).value().id;
  const Product added =
      admin.variants()
          .create(staff(), {.product_id = id, .sku = "MUG", .price_cents = 5, .currency = kEuro})
          .value();
  CHECK(skus(added) == Texts{"TEA", "ALL", "MUG"});
  CHECK(skus(shop.products().get({}, {"tea"}).value()) == Texts{"TEA", "ALL", "MUG"});
}

TEST_CASE("products are listed by slug in pages, each with its own variants") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  CreateProduct bare = tea("d");
  bare.variants.clear();
  admin.products().create(staff(), bare).value();
  for (const char* name : {"e", "a", "c", "b"}) {
    admin.products().create(staff(), tea(name, std::string("SKU-") + name)).value();
  }
  std::vector<Texts> pages;
  std::optional<std::string> after;
  do {
    const Page<Product> page = shop.products().list({}, {.limit = 2, .after = after}).value();
    pages.push_back(slugs(page));
    for (const Product& product : page.items) {
      CHECK(skus(product) == (product.slug == "d" ? Texts{} : Texts{"SKU-" + product.slug}));
    }
    after = page.next_after;
  } while (after);
  CHECK(pages == std::vector<Texts>{{"a", "b"}, {"c", "d"}, {"e"}});
  check_refused(shop.products().list({}, {.limit = 201}), Errc::invalid_request, "limit");
}

TEST_CASE("shoppers see active products with their active variants, staff see all") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  for (const char* name : {"a", "b", "c"}) {
    CreateProduct product = tea(name, std::string("SKU-") + name);
    product.variants.push_back(
        {.sku = std::string("OLD-") + name, .price_cents = 1, .currency = kEuro});
    product.active = product.slug != "b";
    const Product made = admin.products().create(staff(), product).value();
    CHECK(made.active == product.active);
    admin.variants().update(staff(), {.sku = std::string("OLD-") + name, .active = false}).value();
  }
  const Page<Product> seen = shop.products().list(staff()).value();
  CHECK(slugs(seen) == Texts{"a", "c"});
  CHECK(skus(seen.items[1]) == Texts{"SKU-c"});
  CHECK(skus(shop.products().get({}, {"a"}).value()) == Texts{"SKU-a"});
  check_refused(shop.products().get({}, {"b"}), Errc::not_found, "slug");

  const Page<Product> all = admin.products().list(staff()).value();
  CHECK(slugs(all) == Texts{"a", "b", "c"});
  CHECK(skus(all.items[1]) == Texts{"SKU-b", "OLD-b"});
  CHECK_FALSE(all.items[1].active);
  CHECK_FALSE(all.items[1].variants[1].active);
}

TEST_CASE("what is available is on hand and not reserved, at active locations") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  CreateProduct product = tea();
  product.variants.push_back({.sku = "MUG", .price_cents = 1, .currency = kEuro});
  admin.products().create(staff(), product).value();
  const auto shelf = [&](const char* name, std::int64_t on_hand, bool backorderable) {
    const LocationId id = admin.locations().create(staff(), {.name = name}).value().id;
    admin.stock()
        .set(staff(),
             {.sku = "TEA", .location_id = id, .on_hand = on_hand, .backorderable = backorderable})
        .value();
    return id;
  };
  const auto shown = [&] { return shop.products().get({}, {"tea"}).value().variants.at(0); };

  shelf("near", 5, false);
  const LocationId far = shelf("far", 30, true);
  CHECK(shown().available_quantity == 35);
  CHECK(shown().backorderable);
  test.shop->reservations().reserve(staff(), {"a", {{"1", "TEA", 3}}, {}}).value();
  CHECK(shown().available_quantity == 32);
  admin.locations().update(staff(), {.location_id = far, .active = false}).value();
  CHECK(shown().available_quantity == 2);
  CHECK_FALSE(shown().backorderable);

  const Variant mug = shop.products().list({}, {}).value().items.at(0).variants.at(1);
  CHECK(mug.sku == "MUG");
  CHECK(mug.available_quantity == 0);
}

TEST_CASE("a product is changed field by field") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  const ProductId id = admin.products().create(staff(), tea()).value().id;
  const Product renamed =
      admin.products().update(staff(), {.product_id = id, .name = "Black tea"}).value();
  CHECK(renamed.name == "Black tea");
  CHECK(renamed.slug == "tea");
  CHECK(renamed.categories.size() == 2);
  CHECK(skus(renamed) == Texts{"TEA"});

  // Its own slug is not another product's.
  const Product changed = admin.products()
                              .update(staff(), {.product_id = id,
                                                .slug = "tea",
                                                .description = "",
                                                .categories = Texts{},
                                                .active = false})
                              .value();
  CHECK(changed.name == "Black tea");
  CHECK(changed.description.empty());
  CHECK(changed.categories.empty());
  CHECK_FALSE(changed.active);
  CHECK(admin.products()
            .update(staff(), {.product_id = id, .slug = "teas", .active = true})
            .value()
            .slug == "teas");
  CHECK(shop.products().get({}, {"teas"}).value().id == id);
  check_refused(shop.products().get({}, {"tea"}), Errc::not_found, "slug");
}

TEST_CASE("a variant is changed field by field") {
  EmptyShop test;
  Admin admin = test.shop->admin();
  admin.products().create(staff(), tea()).value();
  const auto change = [&](const UpdateVariant& request) {
    return admin.variants().update(staff(), request).value().variants.at(0);
  };
  const Variant cheaper = change({.sku = "TEA", .price_cents = 0});
  CHECK(cheaper.price_cents == 0);
  CHECK(cheaper.name == "100 g");
  CHECK(cheaper.options.size() == 2);
  CHECK(cheaper.image_url == "/tea.jpg");
  CHECK(cheaper.active);
  const Variant other = change(
      {.sku = "TEA", .name = "", .options = Pairs{}, .image_url = "/2.jpg", .active = false});
  CHECK(other.name.empty());
  CHECK(other.options.empty());
  CHECK(other.image_url == "/2.jpg");
  CHECK_FALSE(other.active);
  CHECK(other.price_cents == 0);
  CHECK(other.currency == kEuro);
}

TEST_CASE("a taken slug or SKU is a conflict that names it, and nothing is written") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  const ProductId id = admin.products().create(staff(), tea()).value().id;
  const auto slug = admin.products().create(staff(), tea("tea", "NEW"));
  check_refused(slug, Errc::conflict, "slug");
  CHECK(slug.error().fact("slug") == "tea");

  CreateProduct second = tea("second", "NEW");
  second.variants.push_back({.sku = "TEA", .price_cents = 1, .currency = kEuro});
  const auto sku = admin.products().create(staff(), second);
  check_refused(sku, Errc::conflict, "variants[1].sku");
  CHECK(sku.error().fact("sku") == "TEA");
  second.variants[1].sku = "NEW";
  check_refused(admin.products().create(staff(), second), Errc::conflict, "variants[1].sku");
  check_refused(admin.variants().create(
                    staff(), {.product_id = id, .sku = "TEA", .price_cents = 1, .currency = kEuro}),
                Errc::conflict, "sku");
  CHECK(slugs(admin.products().list(staff()).value()) == Texts{"tea"});

  const ProductId other = admin.products().create(staff(), tea("other", "OTHER")).value().id;
  const UpdateProduct steal{.product_id = other, .slug = "tea", .name = "Stolen"};
  check_refused(admin.products().update(staff(), steal), Errc::conflict, "slug");
  CHECK(shop.products().get({}, {"other"}).value().name == "Tea");
}

TEST_CASE("a SKU with a blank behind it is the same SKU") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  CHECK(skus(admin.products().create(staff(), tea("tea", " TEA\t")).value()) == Texts{"TEA"});
  check_refused(admin.products().create(staff(), tea("other", "TEA ")), Errc::conflict,
                "variants[0].sku");
  admin.variants().update(staff(), {.sku = "TEA ", .name = " 200 g "}).value();
  CHECK(shop.products().get({}, {" tea "}).value().variants[0].name == "200 g");
}

TEST_CASE("a price in a currency that was withdrawn since is shown, and no new one is taken") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  admin.products().create(staff(), tea()).value();
  const auto database = db::open_sqlite("sqlite:" + test.file).value();
  database
      ->write([&](db::Transaction& tx) -> Result<void> {
        static constexpr db::Sql kOld{R"sql(UPDATE variant SET currency = 'BGN')sql"};
        tx.execute(kOld, {});
        return success();
      })
      .value();
  const Variant old = shop.products().get({}, {"tea"}).value().variants.at(0);
  CHECK(Money(old.price_cents, old.currency).text() == "7.90 BGN");
  CreateProduct product = tea("other", "OTHER");
  product.variants[0].currency = old.currency;
  check_refused(admin.products().create(staff(), product), Errc::invalid_request,
                "variants[0].currency");

  const auto currencies = shop.currencies().list({}, {}).value().items;
  const auto of = [&](std::string_view code) {
    return *std::find_if(currencies.begin(), currencies.end(),
                         [&](const CurrencyInfo& each) { return each.code.code() == code; });
  };
  CHECK(of("KWD").decimals == 3);
  CHECK(of("HUF").decimals == 2);
  CHECK_FALSE(of("HUF").withdrawn_since);
  CHECK(of("BGN").withdrawn_since == "2026-01-01");
  CHECK(of("BGN").successor == kEuro);
}

TEST_CASE("one of many who take a slug at once gets it, the others a conflict", "[concurrent]") {
  constexpr int kThreads = 8;
  EmptyShop test;
  std::latch start(kThreads);
  std::vector<std::string> outcomes(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const CreateProduct request = tea("tea", "SKU-" + std::to_string(i));
      start.arrive_and_wait();
      const auto made = test.shop->admin().products().create(staff(), request);
      outcomes[static_cast<std::size_t>(i)] =
          made ? "made" : std::string(error_info(made.error().code()).name);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(std::count(outcomes.begin(), outcomes.end(), "made") == 1);
  CHECK(std::count(outcomes.begin(), outcomes.end(), "conflict") == kThreads - 1);
}

TEST_CASE("what does not exist cannot be changed") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  admin.products().create(staff(), tea()).value();
  check_refused(shop.products().get({}, {"coffee"}), Errc::not_found, "slug");
  check_refused(admin.products().update(staff(), {.product_id = kNobodys}), Errc::not_found,
                "productId");
  const CreateVariant variant{
      .product_id = kNobodys, .sku = "NEW", .price_cents = 1, .currency = kEuro};
  check_refused(admin.variants().create(staff(), variant), Errc::not_found, "productId");
  check_refused(admin.variants().update(staff(), {.sku = "NEW"}), Errc::not_found, "sku");
}

TEST_CASE("stores know nothing of each other's products") {
  EmptyShop test;
  Shop& shop = *test.shop;
  Admin admin = test.shop->admin();
  const Caller elsewhere = in_store("elsewhere", staff());
  const ProductId id = admin.products().create(staff(), tea()).value().id;
  check_refused(shop.products().get(elsewhere, {"tea"}), Errc::not_found, "slug");
  CHECK(admin.products().list(elsewhere).value().items.empty());
  check_refused(admin.products().update(elsewhere, {.product_id = id}), Errc::not_found,
                "productId");
  check_refused(admin.variants().update(elsewhere, {.sku = "TEA"}), Errc::not_found, "sku");

  CHECK(admin.products().create(elsewhere, tea()).value().id != id);
  admin.variants().update(elsewhere, {.sku = "TEA", .price_cents = 1}).value();
  CHECK(shop.products().get({}, {"tea"}).value().variants[0].price_cents == 790);
}

TEST_CASE("the catalog is changed by staff") {
  EmptyShop test;
  Admin admin = test.shop->admin();
  // The audience is checked before anything else of the request.
  check_refused(admin.products().list(shopper(), {.limit = 0}), Errc::forbidden);
  check_refused(admin.products().create(shopper(), {}), Errc::forbidden);
  check_refused(admin.products().update(shopper(), {}), Errc::forbidden);
  check_refused(admin.variants().create(shopper(), {}), Errc::forbidden);
  check_refused(admin.variants().update(shopper(), {}), Errc::forbidden);
  check_refused(admin.variants().remove(shopper(), {}), Errc::forbidden);
}

TEST_CASE("a repeated product is made once, and answered as it is now") {
  EmptyShop test;
  Admin admin = test.shop->admin();
  const Caller once = with_key("once", staff());
  const Product made = admin.products().create(once, tea()).value();
  admin.products().update(staff(), {.product_id = made.id, .name = "Black tea"}).value();
  const Product again = admin.products().create(once, tea()).value();
  CHECK(again.id == made.id);
  CHECK(again.name == "Black tea");
  check_refused(admin.products().create(once, tea("coffee", "COFFEE")), Errc::idempotency_mismatch,
                "idempotencyKey");

  const CreateVariant variant{
      .product_id = made.id, .sku = "BIG", .price_cents = 1, .currency = kEuro};
  CHECK(skus(admin.variants().create(once, variant).value()) == Texts{"TEA", "BIG"});
  CHECK(skus(admin.variants().create(once, variant).value()) == Texts{"TEA", "BIG"});
}

TEST_CASE("an order's line names the product, and the variant where it has a name of its own") {
  EmptyShop test;
  Admin admin = test.shop->admin();
  CreateProduct product = tea();
  product.variants.push_back({.sku = "SAME", .name = "Tea", .price_cents = 1, .currency = kEuro});
  product.variants.push_back({.sku = "BARE", .price_cents = 2, .currency = kEuro});
  const Product made = admin.products().create(staff(), product).value();
  const BareContext context(test.file, test.clock);
  const auto sellable = [&](const auto& key) {
    return context
        .read("default",
              [&](const Scope& scope) -> Result<std::optional<rows::Sellable>> {
                return rows::find_sellable(scope, key);
              })
        .value();
  };
  const auto found = sellable(std::string("TEA"));
  REQUIRE(found);
  CHECK(found->variant_id == made.variants[0].id);
  CHECK(found->sku == "TEA");
  CHECK(found->name == "Tea, 100 g");
  CHECK(found->options == made.variants[0].options);
  CHECK(found->image_url == "/tea.jpg");
  CHECK(found->prices.at(0).price_cents == 790);
  CHECK(found->currency == kEuro);
  CHECK(found->for_sale);
  CHECK(sellable(made.variants[1].id)->name == "Tea");
  CHECK(sellable(made.variants[2].id)->name == "Tea");
  CHECK_FALSE(sellable(std::string("NONE")));

  admin.variants().update(staff(), {.sku = "SAME", .active = false}).value();
  CHECK_FALSE(sellable(made.variants[1].id)->for_sale);
  CHECK(sellable(made.variants[2].id)->for_sale);
  admin.products().update(staff(), {.product_id = made.id, .active = false}).value();
  CHECK_FALSE(sellable(made.variants[2].id)->for_sale);
}
