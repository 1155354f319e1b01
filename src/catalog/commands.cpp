// The products that are for sale, changed by staff. Shoppers read them in order/storefront.cpp.
#include "resys/catalog.hpp"

#include <charconv>
#include <limits>

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "catalog/fields.hpp"
#include "catalog/price_rows.hpp"
#include "catalog/rows.hpp"
#include "catalog/variant.hpp"

namespace resys {
namespace {

Error no_such_product() {
  return Error(Errc::not_found, "there is no such product").at("productId");
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

// A command's result: the product that it has changed.
Result<Product> product_of(const Scope& scope, const ProductId& id) {
  return rows::find_product(scope, id).value();
}

std::vector<VariantPrice> stored_prices(const std::vector<NewVariantPrice>& given) {
  std::vector<VariantPrice> prices;
  for (const NewVariantPrice& price : given) {
    prices.push_back({price.currency, price.price_cents, price.compare_at_cents, std::nullopt});
  }
  return prices;
}

// Makes a variant from a NewVariant or a CreateVariant.
Variant new_variant(domain::IdSource& ids, const auto& request) {
  return {.id = ids.make<VariantId>(),
          .sku = request.sku,
          .name = request.name,
          .options = request.options,
          .price_cents = request.price_cents,
          .currency = request.currency,
          .compare_at_cents = request.compare_at_cents,
          .prices = stored_prices(request.prices),
          .min_quantity = request.min_quantity,
          .max_quantity = request.max_quantity,
          .quantity_step = request.quantity_step,
          .weight_grams = request.weight_grams,
          .image_url = request.image_url,
          .tax_category = request.tax_category};
}

void record_price(const Scope& scope, const VariantId& variant, Currency currency,
                  std::optional<std::int64_t> price_cents) {
  rows::record_price(scope, variant, {.currency = currency, .price_cents = price_cents});
}

Result<void> add_variant(const Scope& scope, const ProductId& product, const Variant& variant) {
  RESYS_TRYV(domain::check_variant(variant));
  RESYS_TRYV(app::require_tax_category(scope, variant.tax_category));
  if (!rows::insert_variant(scope, product, variant)) return sku_taken(scope, "sku", variant.sku);
  for (const VariantPrice& price : domain::prices_of(variant)) {
    record_price(scope, variant.id, price.currency, price.price_cents);
  }
  return success();
}

// Absent fields keep their value.
Result<Variant> changed(const Variant& before, const UpdateVariant& request) {
  Variant variant = before;
  variant.sku = request.new_sku.value_or(variant.sku);
  variant.name = request.name.value_or(variant.name);
  variant.options = request.options.value_or(variant.options);
  variant.price_cents = request.price_cents.value_or(variant.price_cents);
  if (variant.compare_at_cents.value_or(kMaxMinor) <= variant.price_cents) {
    variant.compare_at_cents.reset();
  }
  variant.compare_at_cents = request.compare_at_cents.value_or(variant.compare_at_cents);
  if (request.prices) variant.prices = stored_prices(*request.prices);
  variant.min_quantity = request.min_quantity.value_or(variant.min_quantity);
  variant.max_quantity = request.max_quantity.value_or(variant.max_quantity);
  variant.quantity_step = request.quantity_step.value_or(variant.quantity_step);
  variant.weight_grams = request.weight_grams.value_or(variant.weight_grams);
  variant.image_url = request.image_url.value_or(variant.image_url);
  variant.tax_category = request.tax_category.value_or(variant.tax_category);
  variant.active = request.active.value_or(variant.active);
  RESYS_TRYV(domain::check_variant(variant));
  return variant;
}

// Writes a price that has changed into the history. Returns the lowest price before it.
std::optional<std::int64_t> follow_price(const Scope& scope, const VariantId& variant,
                                         const VariantPrice* before, const VariantPrice& now) {
  if (before != nullptr && before->price_cents == now.price_cents) {
    return before->lowest_price_cents;
  }
  record_price(scope, variant, now.currency, now.price_cents);
  return rows::find_lowest_price(scope, variant, now.currency);
}

void follow_prices(const Scope& scope, const Variant& before, Variant& variant) {
  const auto old_prices = domain::prices_of(before);
  const auto prices = domain::prices_of(variant);
  variant.lowest_price_cents = follow_price(scope, variant.id, &old_prices.front(), prices.front());
  for (VariantPrice& price : variant.prices) {
    price.lowest_price_cents =
        follow_price(scope, variant.id, domain::find_price(old_prices, price.currency), price);
  }
  for (const VariantPrice& old : old_prices) {
    if (domain::find_price(prices, old.currency) == nullptr) {
      record_price(scope, variant.id, old.currency, std::nullopt);
    }
  }
}

Result<rows::PriceChangeKey> parse_change_key(const std::string& text) {
  rows::PriceChangeKey key;
  const char* const end = text.data() + text.size();
  const auto moment = std::from_chars(text.data(), end, key.changed_at.micros);
  if (moment.ec != std::errc() || moment.ptr == end || *moment.ptr != '/') {
    return app::wrong_cursor();
  }
  const auto quantity = std::from_chars(moment.ptr + 1, end, key.min_quantity);
  if (quantity.ec != std::errc() || quantity.ptr != end) return app::wrong_cursor();
  return key;
}

std::string change_key(const PriceChange& change) {
  return std::to_string(change.changed_at.micros) + "/" + std::to_string(change.min_quantity);
}

}  // namespace

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
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Product>> {
    auto listed =
        rows::list_products(scope, rows::Shown::all, request.after.value_or(""), request.limit + 1);
    if (request.currency) domain::show_in(*request.currency, listed.products);
    return app::page_of(std::move(listed.products), request.limit,
                        [](const Product& product) { return product.slug; });
  });
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
      return no_such_product();
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
      return no_such_product();
    }
    RESYS_TRYV(add_variant(scope, request.product_id, variant));
    return request.product_id;
  };
  return app::run_command(context_, caller, request, body, product_of);
}

Result<Page<PriceChange>> AdminVariants::list_price_changes(const Caller& caller,
                                                            const ListPriceChanges& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  rows::PriceChangeKey before{.changed_at = {std::numeric_limits<std::int64_t>::max()}};
  if (request.after) {
    RESYS_TRY(parsed, parse_change_key(*request.after));
    before = parsed;
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<PriceChange>> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    const rows::PriceHistory history{
        variant, request.price_list_id,
        request.currency.value_or(rows::load_variant(scope, variant).variant.currency)};
    return app::page_of(rows::list_price_changes(scope, history, before, request.limit + 1),
                        request.limit, change_key);
  });
}

Result<Product> AdminVariants::update(const Caller& caller, const UpdateVariant& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<ProductId> {
    RESYS_TRY(id, app::require_variant(scope, request));
    const auto [product_id, before] = rows::load_variant(scope, id);
    RESYS_TRY(variant, changed(before, request));
    if (request.tax_category) {
      RESYS_TRYV(app::require_tax_category(scope, variant.tax_category));
    }
    RESYS_TRYV(app::require_currency(request.currency, before.currency));
    follow_prices(scope, before, variant);
    if (rows::update_variant(scope, variant)) return product_id;
    return request.new_sku ? sku_taken(scope, "newSku", variant.sku)
                           : sku_taken(scope, "active", variant.sku);
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
