// What is for sale: shoppers look at it, staff change it.
#include "resys/catalog.hpp"

#include "app/command.hpp"
#include "app/page.hpp"
#include "fields/catalog.hpp"
#include "store/catalog.hpp"
#include "store/settings.hpp"

namespace resys {
namespace {

using store::Shown;

Error no_such_product(std::string field) {
  return Error(Errc::not_found, "there is no such product").at(std::move(field));
}

Error slug_taken(const std::string& slug) {
  return Error(Errc::conflict, "another product has this slug").at("slug").with("slug", slug);
}

Result<Page<Product>> page_of_products(Context& context, const Caller& caller,
                                       const ListProducts& request, Shown shown) {
  return context.database->read([&](db::Transaction& tx) -> Result<Page<Product>> {
    return app::page_of(store::list_products(tx, caller.store, shown, request.after.value_or(""),
                                             request.limit + 1),
                        request.limit, [](const Product& product) { return product.slug; });
  });
}

// A command's answer: the product it has changed.
Result<Product> product_of(Context& context, const Caller& caller,
                           const app::CommandOutcome& outcome) {
  RESYS_TRY(id, ProductId::parse(outcome.ids));
  return context.database->read([&](db::Transaction& tx) -> Result<Product> {
    return store::find_product(tx, caller.store, id).value();
  });
}

// From a NewVariant or a CreateVariant.
Variant new_variant(domain::IdSource& ids, const auto& request) {
  return {.id = ids.make<VariantId>(),
          .sku = request.sku,
          .name = request.name,
          .options = request.options,
          .price_cents = request.price_cents,
          .currency = request.currency,
          .image_url = request.image_url};
}

Result<void> add_variant(db::Transaction& tx, std::string_view store, const ProductId& product,
                         const Variant& variant, Timestamp now) {
  if (store::insert_variant(tx, store, product, variant, now)) return success();
  return Error(Errc::conflict, "another variant has this SKU").at("sku").with("sku", variant.sku);
}

}  // namespace

Result<Page<Product>> Catalog::list_products(const Caller& caller, const ListProducts& request) {
  RESYS_TRYV(fields::check(caller));
  RESYS_TRYV(fields::check(request));
  return page_of_products(context_, caller, request, Shown::active);
}

Result<Product> Catalog::get_product(const Caller& caller, const GetProduct& request) {
  RESYS_TRYV(fields::check(caller));
  RESYS_TRYV(fields::check(request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Product> {
    auto product = store::find_product(tx, caller.store, Shown::active, request.slug);
    if (!product) return no_such_product("slug");
    return *std::move(product);
  });
}

Result<Page<Product>> Catalog::list_all_products(const Caller& caller,
                                                 const ListProducts& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return page_of_products(context_, caller, request, Shown::all);
}

Result<Product> Catalog::create_product(const Caller& caller, const CreateProduct& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  Product product{.id = context_.ids->make<ProductId>(),
                  .slug = request.slug,
                  .name = request.name,
                  .description = request.description,
                  .categories = request.categories,
                  .active = request.active};
  for (const NewVariant& variant : request.variants) {
    product.variants.push_back(new_variant(*context_.ids, variant));
  }
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    store::ensure_store(tx, caller.store, now);
    if (!store::insert_product(tx, caller.store, product, now)) return slug_taken(request.slug);
    for (std::size_t i = 0; i < product.variants.size(); ++i) {
      auto added = add_variant(tx, caller.store, product.id, product.variants[i], now);
      if (added.has_error()) {
        return fields::inside("variants[" + std::to_string(i) + "]", std::move(added).error());
      }
    }
    return product.id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return product_of(context_, caller, outcome);
}

Result<Product> Catalog::update_product(const Caller& caller, const UpdateProduct& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    if (!store::lock_product(tx, caller.store, request.product_id, now)) {
      return no_such_product("productId");
    }
    if (!store::update_product(tx, caller.store, request, now)) return slug_taken(*request.slug);
    return request.product_id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return product_of(context_, caller, outcome);
}

Result<Product> Catalog::create_variant(const Caller& caller, const CreateVariant& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const Variant variant = new_variant(*context_.ids, request);
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    if (!store::lock_product(tx, caller.store, request.product_id, now)) {
      return no_such_product("productId");
    }
    RESYS_TRYV(add_variant(tx, caller.store, request.product_id, variant, now));
    return request.product_id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return product_of(context_, caller, outcome);
}

Result<Product> Catalog::update_variant(const Caller& caller, const UpdateVariant& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    const auto product = store::update_variant(tx, caller.store, request, now);
    if (!product) return Error(Errc::not_found, "there is no such SKU").at("sku");
    return product->text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return product_of(context_, caller, outcome);
}

}  // namespace resys
