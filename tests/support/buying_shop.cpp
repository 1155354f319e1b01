// A database with the goods is made once; each shop begins with a copy of it.
#include "support/buying_shop.hpp"

#include <fstream>
#include <iterator>

#include "support/promotions.hpp"

namespace resys::test {
namespace {

void stock(Shop& shop) {
  const Currency eur = Currency::parse("EUR").value();
  const std::vector<NewVariant> variants{
      {.sku = "TEA",
       .name = "100 g",
       .options = {{"size", "100 g"}},
       .price_cents = 790,
       .currency = eur},
      {.sku = "MUG", .name = "Mug", .price_cents = 1'200, .currency = eur}};
  shop.admin()
      .products()
      .create(staff(), {.slug = "tea", .name = "Tea", .variants = variants})
      .value();
  shop.admin().locations().create(staff(), {.name = "Shelf"}).value();
  for (const NewVariant& variant : variants) {
    shop.admin().stock().set(staff(), {.sku = variant.sku, .on_hand = 100}).value();
  }
  shop.admin()
      .shipping_methods()
      .create(staff(), {.name = "Post", .price_cents = 490, .currency = eur})
      .value();
  add(shop, percent_off("TEN", 1'000));
  for (const auto& [name, processor] : {std::pair("Card", "test"), {"Transfer", "manual"}}) {
    shop.admin().payment_methods().create(staff(), {.name = name, .processor = processor}).value();
  }
}

ShopOptions complete(ShopOptions options, const std::string& file) {
  options.database = "sqlite:" + file;
  if (options.processors.empty()) options.processors = {test_processor(), manual_processor()};
  options.secret_keys = {{"k1", std::string(32, 'k')}};
  options.secret_key_id = "k1";
  return options;
}

std::string make_stocked_database() {
  const TemporaryDirectory directory;
  const std::string file = directory.file("stocked.db");
  ShopOptions options = complete({}, file);
  options.clock = std::make_shared<TestClock>();
  stock(*Shop::open(std::move(options)).value());
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

ShopOptions stocked(ShopOptions options, const std::string& file) {
  static const std::string bytes = make_stocked_database();
  std::ofstream(file, std::ios::binary) << bytes;
  return complete(std::move(options), file);
}

ShopOptions with_ports(ShopOptions options, const BuyingShop& test) {
  options.clock = test.clock;
  options.log = test.log;
  options.mailer = test.mailer;
  return options;
}

PaymentMethodId method_of(Shop& shop, std::string_view processor) {
  const auto methods = shop.admin().payment_methods().list(staff()).value().items;
  for (const PaymentMethod& method : methods) {
    if (method.processor == processor) return method.id;
  }
  return {};
}

}  // namespace

BuyingShop::BuyingShop(ShopOptions options)
    : options_(with_ports(stocked(std::move(options), file), *this)),
      shop(open()),
      post(shop->admin().shipping_methods().list(staff()).value().items.at(0).id),
      card(method_of(*shop, "test")),
      transfer(method_of(*shop, "manual")) {}

}  // namespace resys::test
