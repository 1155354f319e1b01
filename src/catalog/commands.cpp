// The products that are for sale. Shoppers read them, staff change them.
#include "resys/catalog.hpp"

#include <algorithm>

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "catalog/fields.hpp"
#include "catalog/rows.hpp"
#include "catalog/variant.hpp"

namespace resys {
namespace {

using rows::Shown;

Error no_such_product(std::string field) {
  return Error(Errc::not_found, "there is no such product").at(std::move(field));
}

Error slug_taken(const std::string& slug) {
  return Error(Errc::conflict, "another product has this slug").at("slug").with("slug", slug);
}

Error sku_taken(const Scope& scope, std::string field, const std::string& sku) {
  return Error(Errc::conflict, "another variant that is for sale has this SKU")
      .at(std::move(field))
      .with("sku", sku)
      .with("productSlug", rows::product_with(scope, sku));
}

Result<Page<Product>> page_of_products(Context& context, const Caller& caller,
                                       const ListProducts& request, Shown shown) {
  return context.read(caller.store, [&](const Scope& scope) -> Result<Page<Product>> {
    return app::page_of(
        rows::list_products(scope, shown, request.after.value_or(""), request.limit + 1),
        request.limit, [](const Product& product) { return product.slug; });
  });
}

// A command's result: the product that it has changed.
Result<Product> product_of(const Scope& scope, const ProductId& id) {
  return rows::find_product(scope, id).value();
}

// A new price must be in the variant's own currency.
Result<void> require_price_currency(const Scope& scope, const ProductId& id,
                                    const VariantId& variant, const std::optional<Currency>& said) {
  if (!said) return success();
  const Product product = rows::find_product(scope, id).value();
  const auto changed = std::find_if(product.variants.begin(), product.variants.end(),
                                    [&](const Variant& each) { return each.id == variant; });
  return app::require_currency(said, changed->currency);
}

// Makes a variant from a NewVariant or a CreateVariant.
Variant new_variant(domain::IdSource& ids, const auto& request) {
  return {.id = ids.make<VariantId>(),
          .sku = request.sku,
          .name = request.name,
          .options = request.options,
          .price_cents = request.price_cents,
          .currency = request.currency,
          .image_url = request.image_url,
          .tax_category = request.tax_category};
}

Result<void> add_variant(const Scope& scope, const ProductId& product, const Variant& variant) {
  RESYS_TRYV(app::require_tax_category(scope, variant.tax_category));
  if (rows::insert_variant(scope, product, variant)) return success();
  return sku_taken(scope, "sku", variant.sku);
}

}  // namespace

Result<Page<Product>> Products::list(const Caller& caller, const ListProducts& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  return page_of_products(context_, caller, request, Shown::active);
}

Result<Product> Products::get(const Caller& caller, const GetProduct& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Product> {
    auto product = rows::find_product(scope, Shown::active, request.slug);
    if (!product) return no_such_product("slug");
    return *std::move(product);
  });
}

Result<Page<CurrencyInfo>> Currencies::list(const Caller& caller, const ListCurrencies& request) {
  RESYS_TRYV(app::open_request(caller, request));
  Page<CurrencyInfo> page;
  for (const Currency each : all_currencies()) {
    page.items.push_back({.code = each, .decimals = each.exponent()});
  }
  for (const WithdrawnCurrency& each : withdrawn_currencies()) {
    page.items.push_back(
        {each.currency, each.currency.exponent(), std::string(each.since), each.successor});
  }
  return page;
}

Result<Page<Product>> AdminProducts::list(const Caller& caller, const ListProducts& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return page_of_products(context_, caller, request, Shown::all);
}

Result<Product> AdminProducts::create(const Caller& caller, const CreateProduct& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  Product product{.id = context_.ids->make<ProductId>(),
                  .slug = request.slug,
                  .name = request.name,
                  .description = request.description,
                  .categories = request.categories,
                  .active = request.active};
  for (const NewVariant& variant : request.variants) {
    product.variants.push_back(new_variant(*context_.ids, variant));
  }
  const auto body = [&](const Scope& scope) -> Result<ProductId> {
    rows::ensure_store(scope);
    if (!rows::insert_product(scope, product)) return slug_taken(request.slug);
    for (std::size_t i = 0; i < product.variants.size(); ++i) {
      auto added = add_variant(scope, product.id, product.variants[i]);
      if (added.has_error()) {
        return fields::inside("variants[" + std::to_string(i) + "]", std::move(added).error());
      }
    }
    return product.id;
  };
  return app::run_command(context_, caller, request, body, product_of);
}

Result<Product> AdminProducts::update(const Caller& caller, const UpdateProduct& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<ProductId> {
    if (!rows::lock_product(scope, request.product_id)) {
      return no_such_product("productId");
    }
    if (!rows::update_product(scope, request)) return slug_taken(*request.slug);
    return request.product_id;
  };
  return app::run_command(context_, caller, request, body, product_of);
}

Result<Product> AdminVariants::create(const Caller& caller, const CreateVariant& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Variant variant = new_variant(*context_.ids, request);
  const auto body = [&](const Scope& scope) -> Result<ProductId> {
    if (!rows::lock_product(scope, request.product_id)) {
      return no_such_product("productId");
    }
    RESYS_TRYV(add_variant(scope, request.product_id, variant));
    return request.product_id;
  };
  return app::run_command(context_, caller, request, body, product_of);
}

Result<Product> AdminVariants::update(const Caller& caller, const UpdateVariant& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<ProductId> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    if (request.tax_category) {
      RESYS_TRYV(app::require_tax_category(scope, *request.tax_category));
    }
    const auto product = rows::update_variant(scope, variant, request);
    if (product) {
      RESYS_TRYV(require_price_currency(scope, *product, variant, request.currency));
      return *product;
    }
    return request.new_sku ? sku_taken(scope, "newSku", *request.new_sku)
                           : sku_taken(scope, "active", request.sku);
  };
  return app::run_command(context_, caller, request, body, product_of);
}

Result<Product> AdminVariants::remove(const Caller& caller, const RemoveVariant& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<ProductId> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    if (const auto order_ref = rows::first_order_with(scope, variant)) {
      return Error(Errc::invalid_state,
                   "the variant has been ordered and cannot be deleted: make it inactive")
          .at("sku")
          .with("sku", request.sku)
          .with("orderRef", *order_ref);
    }
    return rows::delete_variant(scope, variant);
  };
  return app::run_command(context_, caller, request, body, product_of);
}

}  // namespace resys
