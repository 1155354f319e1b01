// Products and variants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

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

// Which products and variants are looked at.
enum class Shown { all, active };

// With their variants, in the order of their slugs beyond `after`.
std::vector<Product> list_products(db::Transaction& tx, std::string_view store, Shown shown,
                                   std::string_view after, std::int64_t limit);
std::optional<Product> find_product(db::Transaction& tx, std::string_view store, Shown shown,
                                    std::string_view slug);
std::optional<Product> find_product(db::Transaction& tx, std::string_view store,
                                    const ProductId& id);
// Without its variants. False if the slug is taken.
bool insert_product(db::Transaction& tx, std::string_view store, const Product& product,
                    Timestamp now);
// False if the SKU is taken. The product must exist.
bool insert_variant(db::Transaction& tx, std::string_view store, const ProductId& product,
                    const Variant& variant, Timestamp now);
// False if there is no such product.
bool lock_product(db::Transaction& tx, std::string_view store, const ProductId& id, Timestamp now);
// Absent fields of the request keep their value. False if the slug is taken, or there is no such
// product.
bool update_product(db::Transaction& tx, std::string_view store, const UpdateProduct& request,
                    Timestamp now);
// The same for a variant. Answers whose it is; nothing if there is no such SKU.
std::optional<ProductId> update_variant(db::Transaction& tx, std::string_view store,
                                        const UpdateVariant& request, Timestamp now);

}  // namespace resys::store
