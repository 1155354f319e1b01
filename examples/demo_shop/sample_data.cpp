// What the demo shop sells. Products are listed by slug, so the first of them are the first that
// shoppers see: those are in stock and not backorderable.
#include "sample_data.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {
namespace {

using resys::Caller;
using resys::Result;

struct SampleVariant {
  std::string_view sku;
  std::string_view name;    // empty: the only one
  std::string_view option;  // what the variants of a product differ in: "Size"
  std::int64_t price_cents = 0;
  std::int64_t on_hand = 0;
  bool backorderable = false;
  std::string_view picture = {};  // empty: the product's
  std::optional<std::int64_t> compare_at_cents = {};
};

struct SampleProduct {
  std::string_view slug;  // pages/pictures/SLUG.svg is its picture
  std::string_view name;
  std::string_view category;
  std::string_view description;
  std::vector<SampleVariant> variants;
};

const std::vector<SampleProduct>& sample_products() {
  static const std::vector<SampleProduct> all{
      {"assam-breakfast",
       "Assam Breakfast",
       "Tea",
       "A malty black tea from the Brahmaputra valley. Strong enough for milk, and for Mondays.",
       {{"TEA-ASSAM-100", "100 g", "Size", 790, 240},
        {"TEA-ASSAM-250", "250 g", "Size", 1690, 120}}},
      {"biscuit-tin",
       "Butter Biscuits",
       "Pantry",
       "Thirty-two crisp butter biscuits in a tin you will keep for buttons.",
       {{"PAN-BISCUITS", "", "", 1250, 180}}},
      {"blue-bowl",
       "Blue Bowl",
       "Ceramics",
       "Thrown by hand, glazed in the blue of a late evening. Holds soup, fruit or keys.",
       {{"CER-BOWL-BLUE", "", "", 2400, 160, false, "", 2900}}},
      {"bread-board",
       "Bread Board",
       "Kitchen",
       "Oiled beech with a groove for the crumbs, cut from one piece.",
       {{"KIT-BOARD", "", "", 3200, 90}}},
      {"camomile-blossoms",
       "Camomile Blossoms",
       "Tea",
       "Whole blossoms, dried slowly. Smells of hay and honey, and asks for an early night.",
       {{"TEA-CAMOMILE-50", "50 g", "Size", 590, 200},
        {"TEA-CAMOMILE-150", "150 g", "Size", 1390, 80}}},
      {"cast-iron-kettle",
       "Cast Iron Kettle",
       "Kitchen",
       "Heavy, black and patient: keeps its heat for the second cup, and the third.",
       {{"KIT-KETTLE", "", "", 7900, 60}}},
      {"ceylon-orange",
       "Ceylon Orange",
       "Tea",
       "Bright high-grown Ceylon with orange peel. Good hot, better over ice.",
       {{"TEA-CEYLON-100", "100 g", "Size", 850, 150}}},
      {"coffee-grinder",
       "Coffee Grinder",
       "Kitchen",
       "Conical steel burrs and a crank of ash. Eighteen clicks from espresso to French press.",
       {{"KIT-GRINDER", "", "", 6400, 45}}},
      {"cold-brew-bottle",
       "Cold Brew Bottle",
       "Kitchen",
       "A litre of glass with a filter in its neck. Fill it in the evening, pour it at noon.",
       {{"KIT-COLDBREW", "", "", 2990, 70}}},
      {"darjeeling-first-flush",
       "Darjeeling First Flush",
       "Tea",
       "The first leaves of spring: light, green-gold, with a note of apricot.",
       {{"TEA-DARJEELING-100", "100 g", "Size", 1490, 85}}},
      {"dark-chocolate",
       "Dark Chocolate",
       "Pantry",
       "Seventy-two per cent, with a pinch of sea salt. Snaps as it should.",
       {{"PAN-CHOCOLATE", "", "", 520, 300}}},
      {"earl-grey",
       "Earl Grey",
       "Tea",
       "Black tea with oil of real bergamot and a few cornflowers for the eye.",
       {{"TEA-EARLGREY-100", "100 g", "Size", 820, 210},
        {"TEA-EARLGREY-250", "250 g", "Size", 1790, 95}}},
      {"espresso-cups",
       "Espresso Cups",
       "Ceramics",
       "A pair of small thick cups that keep a short drink warm.",
       {{"CER-ESPRESSO-SAND", "Sand", "Color", 2600, 40},
        {"CER-ESPRESSO-SEA", "Sea", "Color", 2600, 35, false, "espresso-cups-sea"},
        {"CER-ESPRESSO-PLUM", "Plum", "Color", 2600, 0, false, "espresso-cups-plum"}}},
      {"filter-coffee",
       "Filter Coffee",
       "Coffee",
       "A medium roast from Huila: red apple, caramel, a clean finish. Whole beans.",
       {{"COF-FILTER-250", "250 g", "Size", 990, 140},
        {"COF-FILTER-1000", "1 kg", "Size", 3390, 50}}},
      {"forest-honey",
       "Forest Honey",
       "Pantry",
       "Dark honey from fir and chestnut. One beekeeper, forty hives.",
       {{"PAN-HONEY", "", "", 890, 110}}},
      {"glass-teapot",
       "Glass Teapot",
       "Kitchen",
       "So that you can watch the leaves unfold. 1.2 litres, with a glass sieve.",
       {{"KIT-TEAPOT-GLASS", "", "", 3450, 55}}},
      {"hand-poured-candle",
       "Hand-poured Candle",
       "Home",
       "Rapeseed wax, cotton wick, a quiet scent of cedar. Burns for forty hours.",
       {{"HOM-CANDLE", "", "", 1800, 75}}},
      {"house-espresso",
       "House Espresso",
       "Coffee",
       "A dark, sweet blend that forgives any machine: cocoa, hazelnut, a little smoke.",
       {{"COF-ESPRESSO-250", "250 g", "Size", 1050, 130},
        {"COF-ESPRESSO-1000", "1 kg", "Size", 3590, 40}}},
      {"jasmine-pearls",
       "Jasmine Pearls",
       "Tea",
       "Green tea rolled by hand and scented with jasmine for five nights.",
       {{"TEA-JASMINE-100", "100 g", "Size", 1890, 30}}},
      {"kitchen-scale",
       "Kitchen Scale",
       "Kitchen",
       "Measures a tenth of a gram and a whole loaf, with a timer for the pour.",
       {{"KIT-SCALE", "", "", 3900, 38}}},
      {"linen-apron",
       "Linen Apron",
       "Home",
       "Washed linen with one deep pocket and straps that cross at the back.",
       {{"HOM-APRON-S", "S", "Size", 4200, 12},
        {"HOM-APRON-M", "M", "Size", 4200, 18},
        {"HOM-APRON-L", "L", "Size", 4200, 9}}},
      {"linen-towel",
       "Linen Towel",
       "Home",
       "Dries without fuss, softens with every wash. 50 by 70 centimetres.",
       {{"HOM-TOWEL-FLAX", "Flax", "Color", 1450, 60},
        {"HOM-TOWEL-CLAY", "Clay", "Color", 1450, 44, false, "linen-towel-clay"}}},
      {"matcha-set",
       "Matcha Set",
       "Tea",
       "Bowl, bamboo whisk and 30 g of stone-ground matcha from Uji.",
       {{"TEA-MATCHA-SET", "", "", 5400, 22}}},
      {"milk-jug",
       "Milk Jug",
       "Ceramics",
       "A small jug that does not drip. It took eleven tries.",
       {{"CER-JUG", "", "", 1950, 33}}},
      {"oat-cookies",
       "Oat Cookies",
       "Pantry",
       "Oats, butter, dark sugar. Eight large ones, baked on Thursdays.",
       {{"PAN-COOKIES", "", "", 640, 48}}},
      {"peppermint-leaves",
       "Peppermint Leaves",
       "Tea",
       "Cool, green and loud. Nothing but peppermint.",
       {{"TEA-PEPPERMINT-50", "50 g", "Size", 560, 90}}},
      {"pour-over-dripper",
       "Pour-over Dripper",
       "Ceramics",
       "A stoneware cone with deep ribs, for one mug or a small pot.",
       {{"CER-DRIPPER", "", "", 2750, 26}}},
      {"recipe-notebook",
       "Recipe Notebook",
       "Home",
       "Cloth cover, thread-stitched, pages that take a stain well.",
       {{"HOM-NOTEBOOK", "", "", 1600, 64}}},
      {"rooibos-vanilla",
       "Rooibos Vanilla",
       "Tea",
       "Red bush with vanilla pods. No caffeine at all. Sold out; the next harvest is on its way.",
       {{"TEA-ROOIBOS-100", "100 g", "Size", 690, 0, true}}},
      {"stoneware-mug",
       "Stoneware Mug",
       "Ceramics",
       "Three hundred millilitres and a handle for a whole hand.",
       {{"CER-MUG-MOSS", "Moss", "Color", 1850, 52},
        {"CER-MUG-CLAY", "Clay", "Color", 1850, 3, false, "stoneware-mug-clay"},
        {"CER-MUG-NIGHT", "Night", "Color", 1850, 0, true, "stoneware-mug-night"}}},
      {"tote-bag",
       "Tote Bag",
       "Home",
       "Heavy organic cotton that carries a week of groceries.",
       {{"HOM-TOTE", "", "", 1500, 5, true}}},
      {"winter-blend",
       "Winter Blend",
       "Tea",
       "Cinnamon, clove and orange. Comes back when it snows.",
       {{"TEA-WINTER-100", "100 g", "Size", 920, 0}}}};
  return all;
}

std::string picture_address(std::string_view picture) {
  return std::string("/pictures/").append(picture) + ".svg";
}

bool is_food(std::string_view category) {
  return category == "Tea" || category == "Coffee" || category == "Pantry";
}

resys::CreateProduct product_of(const SampleProduct& sample, resys::Currency currency) {
  resys::CreateProduct product{.slug = std::string(sample.slug),
                               .name = std::string(sample.name),
                               .description = std::string(sample.description),
                               .categories = {std::string(sample.category)}};
  for (const SampleVariant& each : sample.variants) {
    resys::NewVariant variant{.sku = std::string(each.sku),
                              .name = std::string(each.name),
                              .price_cents = each.price_cents,
                              .currency = currency,
                              .compare_at_cents = each.compare_at_cents};
    if (is_food(sample.category)) variant.tax_category = "reduced";
    variant.image_url = picture_address(each.picture.empty() ? sample.slug : each.picture);
    if (!each.option.empty()) {
      variant.options = {{std::string(each.option), std::string(each.name)}};
    }
    product.variants.push_back(std::move(variant));
  }
  return product;
}

// Each step has an idempotency key: filling that was interrupted goes on, and two processes that
// fill one database at once fill it once.
Caller step(std::string_view name) {
  return {.user_id = "sample data",
          .audience = resys::Audience::staff,
          .idempotency_key = std::string("sample-data:").append(name)};
}

Result<void> seed_product(resys::Shop& shop, const SampleProduct& product,
                          resys::Currency currency) {
  RESYS_TRYV(shop.admin().products().create(step(product.slug), product_of(product, currency)));
  return resys::success();
}

Result<void> seed_stock(resys::Shop& shop, const SampleVariant& variant) {
  RESYS_TRYV(shop.admin().stock().set(step(variant.sku), {.sku = std::string(variant.sku),
                                                          .on_hand = variant.on_hand,
                                                          .backorderable = variant.backorderable,
                                                          .reason = "first delivery"}));
  return resys::success();
}

// A German shop: prices include tax, also for buyers elsewhere.
Result<void> seed_taxes(resys::Shop& shop) {
  RESYS_TRYV(shop.admin().settings().update_taxes(
      step("taxes"), {.prices_include_tax = true,
                      .shipping_tax = resys::ShippingTax::proportional,
                      .home_country = "DE",
                      .reverse_charge_countries = {{"AT", "BE", "DE", "FR", "NL"}}}));
  RESYS_TRYV(
      shop.admin().tax_rates().create(step("VAT"), {.name = "VAT", .rate = "19", .country = "DE"}));
  RESYS_TRYV(shop.admin().tax_rates().create(
      step("reduced VAT"), {.name = "VAT", .rate = "7", .country = "DE", .category = "reduced"}));
  return resys::success();
}

resys::PromotionCondition minimum(std::int64_t cents) {
  return {.kind = resys::PromotionConditionKind::minimum_amount, .amount_cents = cents};
}

Result<void> seed_promotions(resys::Shop& shop, resys::Currency currency) {
  using Action = resys::PromotionActionKind;
  resys::AdminPromotions promotions = shop.admin().promotions();
  RESYS_TRYV(promotions.create(
      step("WELCOME10"), {.name = "Welcome",
                          .codes = {"WELCOME10"},
                          .actions = {{.kind = Action::percent_off_order, .basis_points = 1000}}}));
  RESYS_TRYV(promotions.create(step("TEATIME"),
                               {.name = "Teatime",
                                .codes = {"TEATIME"},
                                .currency = currency,
                                .conditions = {minimum(3000)},
                                .actions = {{.kind = Action::fixed_off_order, .amount_cents = 500}},
                                .per_customer_limit = 1}));
  RESYS_TRYV(promotions.create(step("biscuits"),
                               {.name = "Biscuits on us",
                                .currency = currency,
                                .conditions = {minimum(15000)},
                                .actions = {{.kind = Action::gift_line, .sku = "PAN-BISCUITS"}}}));
  return resys::success();
}

Result<void> seed_store(resys::Shop& shop, resys::Currency currency) {
  RESYS_TRYV(shop.admin().locations().create(step("location"), {.name = "Back room"}));
  RESYS_TRYV(shop.admin().shipping_methods().create(step("standard"), {.name = "Standard delivery",
                                                                       .price_cents = 490,
                                                                       .free_over_cents = 6000,
                                                                       .currency = currency,
                                                                       .position = 1}));
  RESYS_TRYV(shop.admin().shipping_methods().create(step("express"),
                                                    {.name = "Express, next working day",
                                                     .price_cents = 1290,
                                                     .currency = currency,
                                                     .countries = {"AT", "BE", "DE", "FR", "NL"},
                                                     .position = 2}));
  RESYS_TRYV(shop.admin().payment_methods().create(
      step("test"), {.name = "Test card", .processor = "test", .position = 1}));
  RESYS_TRYV(shop.admin().payment_methods().create(
      step("stripe"),
      {.name = "Card and more, with Stripe", .processor = "stripe", .position = 2}));
  RESYS_TRYV(shop.admin().payment_methods().create(
      step("manual"), {.name = "Bank transfer",
                       .processor = "manual",
                       .instructions = "Kettle & Clay\nIBAN DE89 3704 0044 0532 0130 00",
                       .position = 3}));
  return seed_promotions(shop, currency);
}

// Whether a product of that slug was ever made, for sale or not.
Result<bool> exists(resys::Shop& shop, std::string_view slug) {
  const Caller staff{.user_id = "sample data", .audience = resys::Audience::staff};
  std::optional<std::string> after;
  do {
    RESYS_TRY(page, shop.admin().products().list(staff, {.limit = 200, .after = after}));
    for (const resys::Product& product : page.items) {
      if (product.slug == slug) return true;
    }
    after = page.next_after;
  } while (after);
  return false;
}

Result<bool> is_empty(resys::Shop& shop) {
  const Caller staff{.user_id = "sample data", .audience = resys::Audience::staff};
  RESYS_TRY(products, shop.admin().products().list(staff, {.limit = 1}));
  RESYS_TRY(locations, shop.admin().locations().list(staff));
  RESYS_TRY(methods, shop.admin().payment_methods().list(staff));
  return products.items.empty() && locations.items.empty() && methods.items.empty();
}

// The last product is made last of all, so a database without it was filled in part.
Result<bool> is_half_filled(resys::Shop& shop) {
  RESYS_TRY(begun, exists(shop, sample_products().front().slug));
  RESYS_TRY(finished, exists(shop, sample_products().back().slug));
  return begun && !finished;
}

}  // namespace

Result<void> seed(resys::Shop& shop) {
  RESYS_TRY(empty, is_empty(shop));
  RESYS_TRY(half_filled, is_half_filled(shop));
  if (!empty && !half_filled) return resys::success();
  RESYS_TRY(currency, resys::Currency::parse("EUR"));
  const std::vector<SampleProduct>& products = sample_products();
  for (std::size_t i = 0; i + 1 < products.size(); ++i) {
    RESYS_TRYV(seed_product(shop, products[i], currency));
  }
  RESYS_TRYV(seed_store(shop, currency));
  RESYS_TRYV(seed_taxes(shop));
  for (const SampleProduct& product : products) {
    for (const SampleVariant& variant : product.variants) {
      if (variant.on_hand == 0 && !variant.backorderable) continue;
      RESYS_TRYV(seed_stock(shop, variant));
    }
  }
  return seed_product(shop, products.back(), currency);
}

}  // namespace demo
