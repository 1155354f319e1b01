// A shop in a file of its own that has products and locations and nothing else: for what is about
// stock alone.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "resys/shop.hpp"
#include "support/catch.hpp"
#include "support/invariants.hpp"
#include "support/ports.hpp"
#include "support/temporary.hpp"

namespace resys::test {

// When it ends, the database must be sound.
struct StockShop {
  explicit StockShop(const std::vector<std::string>& skus, int locations = 1) {
    CreateProduct product{.slug = "things", .name = "Things"};
    for (const std::string& sku : skus) {
      product.variants.push_back({.sku = sku,
                                  .name = sku,
                                  .price_cents = 500,
                                  .currency = Currency::parse("EUR").value()});
    }
    shop->catalog().create_product(staff, product).value();
    for (int i = 0; i < locations; ++i) {
      const std::string name = "Shelf " + std::to_string(i);
      shelves.push_back(
          shop->inventory().create_location(staff, {.name = name, .position = i}).value().id);
    }
  }
  ~StockShop() { CHECK(broken_invariants(file) == std::vector<std::string>{}); }
  StockShop(const StockShop&) = delete;
  StockShop& operator=(const StockShop&) = delete;

  std::unique_ptr<Shop> open() {
    return Shop::open(
               {.database = "sqlite:" + file, .clock = clock, .log = stderr_log(LogLevel::error)})
        .value();
  }
  Stock set(const std::string& sku, std::int64_t on_hand, std::size_t shelf = 0) {
    return shop->inventory()
        .set_stock(staff, {.sku = sku, .location_id = shelves[shelf], .on_hand = on_hand})
        .value();
  }
  Stock stock(const std::string& sku) { return shop->inventory().get_stock(staff, {sku}).value(); }
  std::vector<StockMovement> movements(const std::string& sku) {
    return shop->inventory().list_movements(staff, {.sku = sku, .limit = 200}).value().items;
  }

  TemporaryDirectory directory;
  std::string file = directory.file("shop.db");
  std::shared_ptr<TestClock> clock = std::make_shared<TestClock>();
  std::unique_ptr<Shop> shop = open();
  Caller staff{.user_id = "staff", .audience = Audience::staff};
  std::vector<LocationId> shelves;
};

}  // namespace resys::test
