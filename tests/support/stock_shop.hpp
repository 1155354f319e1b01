// A shop in a file of its own that has products and locations and nothing else: for what is about
// stock alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/empty_shop.hpp"

namespace resys::test {

struct StockShop : EmptyShop {
  explicit StockShop(const std::vector<std::string>& skus, int locations = 1) {
    CreateProduct product{.slug = "things", .name = "Things"};
    for (const std::string& sku : skus) {
      product.variants.push_back({.sku = sku,
                                  .name = sku,
                                  .price_cents = 500,
                                  .currency = Currency::parse("EUR").value()});
    }
    shop->admin().products().create(staff, product).value();
    for (int i = 0; i < locations; ++i) {
      const std::string name = "Shelf " + std::to_string(i);
      shelves.push_back(
          shop->admin().locations().create(staff, {.name = name, .position = i}).value().id);
    }
  }
  Stock set(const std::string& sku, std::int64_t on_hand, std::size_t shelf = 0) {
    return shop->admin()
        .stock()
        .set(staff, {.sku = sku, .location_id = shelves[shelf], .on_hand = on_hand})
        .value();
  }
  Stock stock(const std::string& sku) { return shop->admin().stock().get(staff, {sku}).value(); }
  std::vector<StockMovement> movements(const std::string& sku) {
    return shop->admin().stock().list_movements(staff, {.sku = sku, .limit = 200}).value().items;
  }

  Caller staff{.user_id = "staff", .audience = Audience::staff};
  std::vector<LocationId> shelves;
};

}  // namespace resys::test
