// Operations on products and variants.
#include "catalog/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::catalog>;

}  // namespace

std::vector<Operation> catalog_operations() {
  return {
      Row::shopper("products.list", "GET /api/storefront/products", &Catalog::list_products,
                   "Lists the products for sale, by slug."),
      Row::shopper("products.get", "GET /api/storefront/products/{slug}", &Catalog::get_product,
                   "Returns one product that is for sale.", {Errc::not_found}),
      Row::shopper("currencies.list", "GET /api/storefront/currencies", &Catalog::list_currencies,
                   "Lists the currencies and how many decimals their amounts have."),
      Row::staff("admin.products.list", "GET /api/admin/products", &Catalog::list_all_products,
                 "Lists all products, by slug."),
      Row::staff("admin.products.create", "POST /api/admin/products", &Catalog::create_product,
                 "Creates a product with its variants.", {Errc::conflict}),
      Row::staff("admin.products.update", "PUT /api/admin/products/{productId}",
                 &Catalog::update_product, "Changes a product; absent fields keep their value.",
                 {Errc::not_found, Errc::conflict}),
      Row::staff("admin.variants.create", "POST /api/admin/variants", &Catalog::create_variant,
                 "Adds a variant to a product.", {Errc::not_found, Errc::conflict}),
      Row::staff("admin.variants.update", "PUT /api/admin/variants/{sku}", &Catalog::update_variant,
                 "Changes a variant; absent fields keep their value.",
                 {Errc::not_found, Errc::conflict, Errc::unsupported_currency}),
      Row::staff("admin.variants.delete", "DELETE /api/admin/variants/{sku}",
                 &Catalog::delete_variant,
                 "Deletes a variant that was never ordered, with its stock.",
                 {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
