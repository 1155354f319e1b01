// Stores in which something comes due, and hosts with other ports.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/paying_shop.hpp"

namespace resys::test {

// A store that sells TEA and MUG as the default one does.
inline void stock_store(PayingShop& world, const std::string& store) {
  const Caller there = in_store(store, staff());
  const Currency eur = Currency::parse("EUR").value();
  const NewVariant tea{.sku = "TEA", .name = "Tea", .price_cents = 790, .currency = eur};
  world.shop->admin()
      .products()
      .create(there, {.slug = "tea", .name = "Tea", .variants = {tea}})
      .value();
  world.shop->admin().locations().create(there, {.name = "Shelf"}).value();
  world.shop->admin().stock().set(there, {.sku = "TEA", .on_hand = 1'000}).value();
}

// A host's own order that holds one TEA.
inline void reserve(PayingShop& world, const std::string& store, const std::string& order,
                    std::int64_t holds_for) {
  world.shop->reservations()
      .reserve(in_store(store, staff()), {.order_ref = order,
                                          .lines = {{.line_ref = "1", .sku = "TEA", .quantity = 1}},
                                          .expires_at = world.clock->now().plus(holds_for)})
      .value();
}

inline std::int64_t reserved(PayingShop& world, const std::string& store) {
  return world.shop->admin().stock().get(in_store(store, staff()), {"TEA"}).value().reserved;
}

// The same database, opened with another mailer.
inline std::unique_ptr<Shop> open_with(const PayingShop& world,
                                       const std::shared_ptr<Mailer>& mailer,
                                       std::vector<EventHandler> handlers = {}) {
  ShopOptions options = world.options();
  options.mailer = mailer;
  options.handlers = std::move(handlers);
  return Shop::open(std::move(options)).value();
}

}  // namespace resys::test
