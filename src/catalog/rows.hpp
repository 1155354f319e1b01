// Products and variants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "catalog/rules.hpp"

namespace resys::rows {

// A variant with everything that an order's line copies from it.
struct Sellable {
  VariantId variant_id;
  ProductId product_id;
  std::vector<std::string> categories;  // of the product
  std::string sku;
  std::string name;  // the product's, and the variant's if it has its own: "Tea, 100 g"
  Pairs options;
  std::string image_url;
  Currency currency;                 // its own
  std::vector<VariantPrice> prices;  // its own first
  domain::QuantityRule quantity_rule;
  std::int64_t weight_grams = 0;  // 0 also where it is not known
  std::string tax_category;
  bool for_sale = true;        // it and its product are active
  std::int64_t available = 0;  // at active locations
  bool backorderable = false;  // at one of them
};

// The active variant of that SKU.
std::optional<Sellable> find_sellable(const Scope& scope, std::string_view sku);
std::optional<Sellable> find_sellable(const Scope& scope, const VariantId& variant);

// Which products and variants are included.
enum class Shown { all, active };

// Products with their variants, sorted by slug.
struct ListedProducts {
  std::vector<Product> products;
  std::string price_rules;  // the version of the store's rules for prices; empty: it has none
};
// From the one after `after`.
ListedProducts list_products(const Scope& scope, Shown shown, std::string_view after,
                             std::int64_t limit);
// The active product of that slug, if there is one, with its active variants.
ListedProducts find_listed(const Scope& scope, std::string_view slug);
std::optional<Product> find_product(const Scope& scope, const ProductId& id);
bool has_product(const Scope& scope, const ProductId& id);
// Inserts the product without its variants. Returns false if the slug is taken.
bool insert_product(const Scope& scope, const Product& product);
// Returns false if the SKU is taken. The product must exist.
bool insert_variant(const Scope& scope, const ProductId& product, const Variant& variant);
// Returns false if there is no such product.
bool lock_product(const Scope& scope, const ProductId& id);
// Absent fields of the request keep their value. False if the slug is taken, or there is no such
// product.
bool update_product(const Scope& scope, const UpdateProduct& request);

// How staff name a variant.
struct VariantRef {
  std::string_view sku;
  std::optional<VariantId> id;  // which of those with this SKU
};
// Finds a variant. Without an id, this is the active one, else the newest.
std::optional<VariantId> find_variant(const Scope& scope, const VariantRef& variant);
// The slug of the product that has the active variant of this SKU; empty if there is none.
std::string product_with(const Scope& scope, std::string_view sku);
struct StoredVariant {
  ProductId product_id;
  Variant variant;  // without its stock, and with lowest prices that are not shown
};
// The variant exists. Locks it if the transaction writes.
StoredVariant load_variant(const Scope& scope, const VariantId& id);
// The variant must have been locked. Returns false if it would be active with the SKU of another
// active one.
bool update_variant(const Scope& scope, const Variant& variant);
// The reference of the first order, of resys or of a host, that was ever placed with the variant.
std::optional<std::string> first_order_with(const Scope& scope, const VariantId& variant);
// Hides the variant, its stock and its movements. Returns the variant's product.
ProductId delete_variant(const Scope& scope, const VariantId& variant);

}  // namespace resys::rows
