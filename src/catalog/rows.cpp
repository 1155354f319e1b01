// Products and variants.
#include "catalog/rows.hpp"

#include "base/columns.hpp"

namespace resys::rows {
namespace {

constexpr auto kProduct =
    columns(column("id", &Product::id), column("slug", &Product::slug),
            column("name", &Product::name), column("description", &Product::description),
            column("categories", &Product::categories), column("active", &Product::active));
constexpr auto kProductChanges = columns(
    column("slug", &UpdateProduct::slug), column("name", &UpdateProduct::name),
    column("description", &UpdateProduct::description),
    column("categories", &UpdateProduct::categories), column("active", &UpdateProduct::active));

// The columns that an update writes.
constexpr auto kChanging = columns(
    column("sku", &Variant::sku), column("active", &Variant::active),
    column("name", &Variant::name), column("options", &Variant::options),
    column("price_cents", &Variant::price_cents),
    column("compare_at_cents", &Variant::compare_at_cents),
    column("lowest_price_cents", &Variant::lowest_price_cents), column("prices", &Variant::prices),
    column("min_quantity", &Variant::min_quantity), column("max_quantity", &Variant::max_quantity),
    column("quantity_step", &Variant::quantity_step),
    column("weight_grams", &Variant::weight_grams), column("image_url", &Variant::image_url),
    column("tax_category", &Variant::tax_category));
constexpr auto kVariant =
    columns(column("id", &Variant::id), column("currency", &Variant::currency)) + kChanging;

// The columns that an offer needs. Each statement adds the stock.
constexpr auto kOffer =
    columns(column("id", &Sellable::variant_id), column("product_id", &Sellable::product_id),
            column("sku", &Sellable::sku), column("options", &Sellable::options),
            column("image_url", &Sellable::image_url), column("currency", &Sellable::currency),
            column("prices", &Sellable::prices), column("tax_category", &Sellable::tax_category),
            column("weight_grams", &Sellable::weight_grams));

void read_sellable(db::Columns& in, Sellable& out) {
  std::string variant_name;
  bool product_active = false;
  bool variant_active = false;
  kOffer(in, out);
  VariantPrice own{.currency = out.currency};
  in >> own.price_cents;
  out.prices.insert(out.prices.begin(), own);
  in >> out.quantity_rule.least >> out.quantity_rule.most >> out.quantity_rule.step;
  in >> out.name >> variant_name;
  read_column(in, out.categories);
  in >> product_active >> variant_active >> out.available >> out.backorderable;
  if (!variant_name.empty() && variant_name != out.name) out.name += ", " + variant_name;
  out.for_sale = product_active && variant_active;
}

// The least value of the column `active` that the statements below look for.
std::int64_t least_active(Shown shown) { return shown == Shown::active ? 1 : 0; }

// The lowest prices are shown beside those to compare with.
void hide_lowest_prices(Variant& variant) {
  if (!variant.compare_at_cents) variant.lowest_price_cents.reset();
  for (VariantPrice& price : variant.prices) {
    if (!price.compare_at_cents) price.lowest_price_cents.reset();
  }
}

// Loads the variants of the products, which are sorted by slug.
void load_variants(const Scope& scope, Shown shown, std::vector<Product>& products) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT v.product_id, {v.columns},
        (SELECT COALESCE(SUM(s.on_hand - s.reserved), 0) FROM stock_item s
          JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
          WHERE s.store_id = v.store_id AND s.variant_id = v.id AND l.active = 1),
        (SELECT COALESCE(MAX(s.backorderable), 0) FROM stock_item s
          JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
          WHERE s.store_id = v.store_id AND s.variant_id = v.id AND l.active = 1)
      FROM product p JOIN variant v ON v.store_id = p.store_id AND v.product_id = p.id
      WHERE p.store_id = $1 AND p.slug >= $2 AND p.slug <= $3 AND p.active >= $4
        AND v.active >= $4 AND v.deleted = 0
      ORDER BY p.slug, v.id)sql",
                                       kVariant>;
  if (products.empty()) return;
  auto product = products.begin();
  scope.tx.query(kLoad,
                 {scope.store, products.front().slug, products.back().slug, least_active(shown)},
                 [&](const db::Row& row) {
                   db::Columns in(row);
                   ProductId product_id;
                   in >> product_id;
                   while (product->id != product_id) ++product;
                   Variant& out = product->variants.emplace_back();
                   kVariant(in, out);
                   in >> out.available_quantity >> out.backorderable;
                   hide_lowest_prices(out);
                 });
}

ListedProducts load_listed(const Scope& scope, Shown shown, const db::Sql& find,
                           db::Values values) {
  ListedProducts listed;
  scope.tx.query(find, values, [&](const db::Row& row) {
    db::Columns in(row);
    kProduct(in, listed.products.emplace_back());
    in >> listed.price_rules;
  });
  load_variants(scope, shown, listed.products);
  return listed;
}

}  // namespace

std::optional<Sellable> find_sellable(const Scope& scope, std::string_view sku) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {v.columns}, v.price_cents, v.min_quantity,
        v.max_quantity, v.quantity_step, p.name, v.name, p.categories, p.active, v.active,
        (SELECT COALESCE(SUM(s.on_hand - s.reserved), 0) FROM stock_item s
          JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
          WHERE s.store_id = v.store_id AND s.variant_id = v.id AND l.active = 1),
        (SELECT COALESCE(MAX(s.backorderable), 0) FROM stock_item s
          JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
          WHERE s.store_id = v.store_id AND s.variant_id = v.id AND l.active = 1)
      FROM variant v JOIN product p ON p.store_id = v.store_id AND p.id = v.product_id
      WHERE v.store_id = $1 AND v.sku = $2 AND v.active = 1)sql",
                                       kOffer>;
  return scope.tx.first<Sellable>(kFind, {scope.store, sku}, read_sellable);
}

std::optional<Sellable> find_sellable(const Scope& scope, const VariantId& variant) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {v.columns}, v.price_cents, v.min_quantity,
        v.max_quantity, v.quantity_step, p.name, v.name, p.categories, p.active, v.active,
        (SELECT COALESCE(SUM(s.on_hand - s.reserved), 0) FROM stock_item s
          JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
          WHERE s.store_id = v.store_id AND s.variant_id = v.id AND l.active = 1),
        (SELECT COALESCE(MAX(s.backorderable), 0) FROM stock_item s
          JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
          WHERE s.store_id = v.store_id AND s.variant_id = v.id AND l.active = 1)
      FROM variant v JOIN product p ON p.store_id = v.store_id AND p.id = v.product_id
      WHERE v.store_id = $1 AND v.id = $2)sql",
                                       kOffer>;
  return scope.tx.first<Sellable>(kFind, {scope.store, variant}, read_sellable);
}

ListedProducts list_products(const Scope& scope, Shown shown, std::string_view after,
                             std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM product WHERE store_id = $1 AND slug > $2 AND active >= $3
      ORDER BY slug LIMIT $4)sql",
                                       kProduct>;
  return load_listed(scope, shown, kList, {scope.store, after, least_active(shown), limit});
}

ListedProducts find_listed(const Scope& scope, std::string_view slug) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM product WHERE store_id = $1 AND slug = $2 AND active = 1)sql",
                                       kProduct>;
  return load_listed(scope, Shown::active, kFind, {scope.store, slug});
}

std::optional<Product> find_product(const Scope& scope, const ProductId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM product WHERE store_id = $1 AND id = $2)sql",
                                       kProduct>;
  auto product = scope.tx.first<Product>(kFind, {scope.store, id}, kProduct);
  if (!product) return product;
  std::vector<Product> products{*std::move(product)};
  load_variants(scope, Shown::all, products);
  return std::move(products.front());
}

bool has_product(const Scope& scope, const ProductId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id FROM product
      WHERE store_id = $1 AND id = $2)sql"};
  return scope.tx
      .first<ProductId>(kFind, {scope.store, id},
                        [](db::Columns& in, ProductId& out) { in >> out; })
      .has_value();
}

bool insert_product(const Scope& scope, const Product& product) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO product
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2)
      ON CONFLICT DO NOTHING)sql",
                                         kProduct>;
  return scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kProduct, product)) == 1;
}

bool insert_variant(const Scope& scope, const ProductId& product, const Variant& variant) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO variant
      (store_id, product_id, {columns}, deleted, created_at, updated_at)
      VALUES ($1, $2, {values 4}, 0, $3, $3) ON CONFLICT DO NOTHING)sql",
                                         kVariant>;
  return scope.tx.execute(kInsert,
                          Parameters(scope.store, product, scope.now).add(kVariant, variant)) == 1;
}

bool lock_product(const Scope& scope, const ProductId& id) {
  static constexpr db::Sql kLock{R"sql(UPDATE product SET updated_at = $3
      WHERE store_id = $1 AND id = $2)sql"};
  return scope.tx.execute(kLock, {scope.store, id, scope.now}) == 1;
}

bool update_product(const Scope& scope, const UpdateProduct& request) {
  // If two transactions take one slug at the same moment, the unique index stops the second one.
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE product SET updated_at = $3, {changes 4}
      WHERE store_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM product taken
        WHERE taken.store_id = $1 AND taken.slug = $4 AND taken.id <> $2))sql",
                                         kProductChanges>;
  return scope.tx.execute(kUpdate, Parameters(scope.store, request.product_id, scope.now)
                                       .add(kProductChanges, request)) == 1;
}

std::optional<VariantId> find_variant(const Scope& scope, const VariantRef& variant) {
  static constexpr db::Sql kActive{R"sql(SELECT id FROM variant
      WHERE store_id = $1 AND sku = $2 AND active = 1)sql"};
  static constexpr db::Sql kNewest{R"sql(SELECT id FROM variant
      WHERE store_id = $1 AND sku = $2 AND deleted = 0 ORDER BY id DESC LIMIT 1)sql"};
  static constexpr db::Sql kNamed{R"sql(SELECT id FROM variant
      WHERE store_id = $1 AND id = $3 AND sku = $2 AND deleted = 0)sql"};
  const auto read = [](db::Columns& in, VariantId& out) { in >> out; };
  if (variant.id)
    return scope.tx.first<VariantId>(kNamed, {scope.store, variant.sku, *variant.id}, read);
  const auto active = scope.tx.first<VariantId>(kActive, {scope.store, variant.sku}, read);
  return active ? active : scope.tx.first<VariantId>(kNewest, {scope.store, variant.sku}, read);
}

std::string product_with(const Scope& scope, std::string_view sku) {
  static constexpr db::Sql kFind{R"sql(SELECT p.slug
      FROM variant v JOIN product p ON p.store_id = v.store_id AND p.id = v.product_id
      WHERE v.store_id = $1 AND v.sku = $2 AND v.active = 1)sql"};
  return scope.tx
      .first<std::string>(kFind, {scope.store, sku}, [](auto& in, std::string& out) { in >> out; })
      .value_or("");
}

StoredVariant load_variant(const Scope& scope, const VariantId& id) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT product_id, {columns}
      FROM variant WHERE store_id = $1 AND id = $2 FOR UPDATE)sql",
                                       kVariant>;
  return scope.tx
      .first<StoredVariant>(kLoad, {scope.store, id},
                            [](db::Columns& in, StoredVariant& out) {
                              in >> out.product_id;
                              kVariant(in, out.variant);
                            })
      .value();
}

bool update_variant(const Scope& scope, const Variant& variant) {
  // If two transactions take one SKU at the same moment, the unique index stops the second one.
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE variant SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND id = $2 AND NOT EXISTS (SELECT 1 FROM variant taken
        WHERE taken.store_id = $1 AND taken.sku = $4 AND taken.active = 1 AND taken.id <> $2
          AND $5 = 1))sql",
                                         kChanging>;
  return scope.tx.execute(
             kUpdate, Parameters(scope.store, variant.id, scope.now).add(kChanging, variant)) == 1;
}

std::optional<std::string> first_order_with(const Scope& scope, const VariantId& variant) {
  static constexpr db::Sql kFind{R"sql(SELECT order_ref FROM stock_movement
      WHERE store_id = $1 AND variant_id = $2 AND order_ref IS NOT NULL
      ORDER BY id LIMIT 1)sql"};
  return scope.tx.first<std::string>(kFind, {scope.store, variant},
                                     [](db::Columns& in, std::string& out) { in >> out; });
}

ProductId delete_variant(const Scope& scope, const VariantId& variant) {
  static constexpr db::Sql kDelete{R"sql(UPDATE variant
      SET active = 0, deleted = 1, updated_at = $3
      WHERE store_id = $1 AND id = $2 RETURNING product_id)sql"};
  return scope.tx
      .first<ProductId>(kDelete, {scope.store, variant, scope.now},
                        [](db::Columns& in, ProductId& out) { in >> out; })
      .value();
}

}  // namespace resys::rows
