// Products and variants.
#pragma once

#include <optional>
#include <string_view>

#include "db/database.hpp"
#include "resys/catalog.hpp"

namespace resys::store {

// A variant as an order's line copies it.
struct Sellable {
  VariantId variant_id;
  std::string sku;
  std::string name;  // the product's, and the variant's where it has another: "Tea, 100 g"
  Options options;
  std::string image_url;
  std::int64_t price_cents = 0;
  Currency currency;
  bool for_sale = true;  // it and its product are active
};

std::optional<Sellable> find_sellable(db::Transaction& tx, std::string_view store,
                                      std::string_view sku);
std::optional<Sellable> find_sellable(db::Transaction& tx, std::string_view store,
                                      const VariantId& variant);

}  // namespace resys::store
