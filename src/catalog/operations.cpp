// Operations on products and variants.
#include "catalog/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> catalog_operations() {
  return {
      row<&Shop::products>("products.list", "GET /api/storefront/products", &Products::list,
                           "Lists the products for sale, by slug, with the caller's prices."),
      row<&Shop::products>("products.get", "GET /api/storefront/products/{slug}", &Products::get,
                           "Returns one product that is for sale, with the caller's prices.",
                           {Errc::not_found}),
      row<&Shop::currencies>("currencies.list", "GET /api/storefront/currencies", &Currencies::list,
                             "Lists the currencies and how many decimals their amounts have."),
      row<&Admin::products>("admin.products.list", "GET /api/admin/products", &AdminProducts::list,
                            "Lists all products, by slug."),
      row<&Admin::products>("admin.products.create", "POST /api/admin/products",
                            &AdminProducts::create, "Creates a product with its variants.",
                            {Errc::conflict}),
      row<&Admin::products>(
          "admin.products.update", "PUT /api/admin/products/{productId}", &AdminProducts::update,
          "Changes a product; absent fields keep their value.", {Errc::not_found, Errc::conflict}),
      row<&Admin::variants>("admin.variants.create", "POST /api/admin/variants",
                            &AdminVariants::create, "Adds a variant to a product.",
                            {Errc::not_found, Errc::conflict}),
      row<&Admin::variants>(
          "admin.variants.listPriceChanges", "GET /api/admin/variants/{sku}/price-changes",
          &AdminVariants::list_price_changes,
          "Lists the changes of a variant's price, newest first.", {Errc::not_found}),
      row<&Admin::variants>("admin.variants.update", "PUT /api/admin/variants/{sku}",
                            &AdminVariants::update,
                            "Changes a variant; absent fields keep their value.",
                            {Errc::not_found, Errc::conflict, Errc::unsupported_currency}),
      row<&Admin::variants>("admin.variants.remove", "DELETE /api/admin/variants/{sku}",
                            &AdminVariants::remove,
                            "Removes a variant that was never ordered, with its stock.",
                            {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
