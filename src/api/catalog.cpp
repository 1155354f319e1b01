// Operations on products and variants.
#include "fields/catalog.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> catalog_operations() {
  return {
      operation("products.list", "GET /api/storefront/products", &Catalog::list_products,
                &Shop::catalog, Audience::shopper, "Lists the products for sale, by slug."),
      operation("products.get", "GET /api/storefront/products/{slug}", &Catalog::get_product,
                &Shop::catalog, Audience::shopper, "Returns one product that is for sale.",
                {Errc::not_found}),
      operation("currencies.list", "GET /api/storefront/currencies", &Catalog::list_currencies,
                &Shop::catalog, Audience::shopper,
                "Lists the currencies and how many decimals their amounts have."),
      operation("admin.products.list", "GET /api/admin/products", &Catalog::list_all_products,
                &Shop::catalog, Audience::staff, "Lists all products, by slug."),
      operation("admin.products.create", "POST /api/admin/products", &Catalog::create_product,
                &Shop::catalog, Audience::staff, "Creates a product with its variants.",
                {Errc::conflict}),
      operation("admin.products.update", "PUT /api/admin/products/{productId}",
                &Catalog::update_product, &Shop::catalog, Audience::staff,
                "Changes a product; absent fields keep their value.",
                {Errc::not_found, Errc::conflict}),
      operation("admin.variants.create", "POST /api/admin/variants", &Catalog::create_variant,
                &Shop::catalog, Audience::staff, "Adds a variant to a product.",
                {Errc::not_found, Errc::conflict}),
      operation("admin.variants.update", "PUT /api/admin/variants/{sku}", &Catalog::update_variant,
                &Shop::catalog, Audience::staff,
                "Changes a variant; absent fields keep their value.",
                {Errc::not_found, Errc::conflict, Errc::unsupported_currency}),
      operation("admin.variants.delete", "DELETE /api/admin/variants/{sku}",
                &Catalog::delete_variant, &Shop::catalog, Audience::staff,
                "Deletes a variant that was never ordered, with its stock.",
                {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
