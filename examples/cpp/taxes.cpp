// Two stores in one shop: a German one whose prices include tax, and one in New York that adds the
// taxes of state and city. Build it with:
// c++ -std=c++20 taxes.cpp -o taxes $(pkg-config --cflags --libs resys)
#include <cstdio>
#include <resys/resys.hpp>
#include <string>

using namespace resys;

namespace {

// Sells tea and a mug in that currency. Food is taxed less in Germany, and not at all in New York.
void stock(Shop& shop, const Caller& staff, const char* code, const char* food) {
  const Currency currency = Currency::parse(code).value();
  const NewVariant tea{
      .sku = "TEA", .price_cents = 790, .currency = currency, .tax_category = food};
  const NewVariant mug{.sku = "MUG", .price_cents = 1'200, .currency = currency};
  Admin admin = shop.admin();
  admin.products().create(staff, {.slug = "tea", .name = "Tea", .variants = {tea}}).value();
  admin.products().create(staff, {.slug = "mug", .name = "Mug", .variants = {mug}}).value();
  admin.shipping_methods()
      .create(staff, {.name = "Post", .price_cents = 490, .currency = currency})
      .value();
}

Caller german_staff() {
  return {.store = "berlin", .user_id = "grace", .audience = Audience::staff};
}
Caller american_staff() {
  return {.store = "new-york", .user_id = "grace", .audience = Audience::staff};
}

void open_german_store(Shop& shop) {
  const Caller staff = german_staff();
  Admin admin = shop.admin();
  admin.settings()
      .update_taxes(staff, {.prices_include_tax = true,
                            .shipping_tax = ShippingTax::proportional,
                            .home_country = "DE"})
      .value();
  admin.tax_rates().create(staff, {.name = "VAT", .rate = "19", .country = "DE"}).value();
  admin.tax_rates()
      .create(staff, {.name = "VAT", .rate = "7", .country = "DE", .category = "reduced"})
      .value();
  stock(shop, staff, "EUR", "reduced");
}

void open_american_store(Shop& shop) {
  const Caller staff = american_staff();
  Admin admin = shop.admin();
  admin.settings().update_taxes(staff, {.home_country = "US", .home_region = "NY"}).value();
  admin.tax_rates()
      .create(staff, {.name = "State", .rate = "4", .country = "US", .region = "NY"})
      .value();
  admin.tax_rates()
      .create(staff, {.name = "City and district",
                      .rate = "4.875",
                      .country = "US",
                      .postal_prefix = "100",
                      .priority = 2})
      .value();
  stock(shop, staff, "USD", "exempt");
}

std::string amount(std::int64_t cents, const Cart& cart) {
  return Money(cents, cart.currency).text();
}

void print(const Order& order) {
  std::printf("items      %s\nshipping   %s\n", amount(order.item_total_cents, order).c_str(),
              amount(order.shipment_total_cents, order).c_str());
  for (const TaxLine& tax : order.tax_lines) {
    std::printf("%s %s %% of %s: %s%s\n", tax.name.c_str(), tax.rate.c_str(),
                amount(tax.taxable_cents, order).c_str(), amount(tax.tax_cents, order).c_str(),
                tax.included ? ", included" : "");
  }
  std::printf("total      %s\n\n", amount(order.total_cents, order).c_str());
}

// Fills a cart and shows what it costs there.
void buy(Shop& shop, const char* store, const AddressInput& home) {
  const Caller ada{.store = store, .user_id = "ada"};
  shop.cart().add_item(ada, {.sku = "TEA", .quantity = 2}).value();
  shop.cart().add_item(ada, {.sku = "MUG"}).value();
  shop.checkout().set_addresses(ada, {.shipping_address = home}).value();
  const auto methods = shop.checkout().list_shipping_methods(ada).value();
  std::printf("%s\n", store);
  print(shop.checkout().select_shipping_method(ada, {methods.items.at(0).id}).value());
}

}  // namespace

int main() {
  const auto shop =
      Shop::open({.database = "sqlite::memory:", .processors = {test_processor()}}).value();
  open_german_store(*shop);
  open_american_store(*shop);
  AddressInput home{.first_name = "Ada",
                    .last_name = "Lovelace",
                    .line1 = "1 Main Street",
                    .city = "Berlin",
                    .postal_code = "10115",
                    .country = "DE"};
  buy(*shop, "berlin", home);
  home.city = "New York";
  home.region = "NY";
  home.postal_code = "10001";
  home.country = "US";
  buy(*shop, "new-york", home);
}
