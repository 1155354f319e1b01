// A store's price lists, kept by staff.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "catalog/price_rows.hpp"
#include "catalog/rows.hpp"
#include "pricing/price_fields.hpp"
#include "pricing/price_list_rows.hpp"
#include "pricing/validity.hpp"

namespace resys {
namespace {

using pricing::EntriesByVariant;
using pricing::ListEntry;

Result<PriceList> require_list(const Scope& scope, const PriceListId& id) {
  auto list = rows::find_price_list(scope, id);
  if (!list) return Error(Errc::not_found, "there is no such price list").at("priceListId");
  return *std::move(list);
}

Result<void> check_list(const PriceList& list) {
  return pricing::check_validity({list.valid_from, list.valid_until});
}

Result<rows::ListedPriceKey> parse_price_key(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto variant = VariantId::parse(text.substr(0, slash));
  rows::ListedPriceKey key;
  const char* const end = text.data() + text.size();
  const auto quantity =
      std::from_chars(std::min(text.data() + slash + 1, end), end, key.min_quantity);
  if (variant.has_error() || quantity.ec != std::errc() || quantity.ptr != end) {
    return app::wrong_cursor();
  }
  key.variant_id = variant.value();
  return key;
}

std::string price_key(const ListedPrice& price) {
  return price.variant_id.text() + "/" + std::to_string(price.min_quantity);
}

// ---- setting prices

// The variant of a SKU, which has a price in the list's currency.
Result<VariantId> require_priced(const Scope& scope, const std::string& sku, Currency currency) {
  const auto id = rows::find_variant(scope, {sku, std::nullopt});
  if (!id) return Error(Errc::not_found, "there is no such SKU").at("sku").with("sku", sku);
  const Variant variant = rows::load_variant(scope, *id).variant;
  if (domain::find_price(domain::prices_of(variant), currency) != nullptr) return *id;
  return Error(Errc::unsupported_currency, "the variant has no price in the list's currency")
      .at("sku")
      .with("sku", sku)
      .with("currency", std::string(currency.code()));
}

Result<void> add_entry(const Scope& scope, const PriceList& list, const NewListedPrice& price,
                       EntriesByVariant& all) {
  RESYS_TRYV(app::require_currency(price.currency, list.currency));
  RESYS_TRY(variant, require_priced(scope, price.sku, list.currency));
  std::vector<ListEntry>& entries = all[variant];
  if (!price.price_cents) return success();
  const bool is_twice = std::any_of(entries.begin(), entries.end(), [&](const ListEntry& entry) {
    return entry.min_quantity == price.min_quantity;
  });
  if (is_twice) {
    return Error(Errc::invalid_request, "the SKU has another price from this quantity on")
        .at("minQuantity")
        .with("sku", price.sku);
  }
  entries.push_back({list.id, price.min_quantity, *price.price_cents});
  return success();
}

Result<EntriesByVariant> wanted_entries(const Scope& scope, const PriceList& list,
                                        const std::vector<NewListedPrice>& prices) {
  EntriesByVariant all;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    auto added = add_entry(scope, list, prices[i], all);
    if (added.has_error()) {
      return fields::inside("prices[" + std::to_string(i) + "]", std::move(added).error());
    }
  }
  return all;
}

// The variant's prices in the list, by quantity.
std::map<std::int64_t, std::int64_t> by_quantity(const PriceList& list,
                                                 const std::vector<ListEntry>& entries) {
  std::map<std::int64_t, std::int64_t> prices;
  for (const ListEntry& entry : entries) {
    if (entry.price_list_id == list.id) prices[entry.min_quantity] = entry.price_cents;
  }
  return prices;
}

// Sets the list's prices for a variant, and writes into the history what changes.
void set_entries(const Scope& scope, const PriceList& list, const VariantId& variant,
                 const std::vector<ListEntry>& entries) {
  const auto before = by_quantity(list, rows::load_list_entries(scope, variant));
  const auto after = by_quantity(list, entries);
  const auto record = [&](std::int64_t quantity, std::optional<std::int64_t> cents) {
    rows::record_price(scope, variant,
                       {.currency = list.currency,
                        .price_list_id = list.id,
                        .min_quantity = quantity,
                        .price_cents = cents});
  };
  for (const auto& [quantity, cents] : before) {
    if (!after.contains(quantity)) record(quantity, std::nullopt);
  }
  for (const auto& [quantity, cents] : after) {
    const auto old = before.find(quantity);
    if (old == before.end() || old->second != cents) record(quantity, cents);
  }
  rows::replace_list_entries(scope, variant, list.id, entries);
}

}  // namespace

Result<Page<PriceList>> AdminPriceLists::list(const Caller& caller, const ListPriceLists& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto after = request.after ? PriceListId::parse(*request.after) : PriceListId();
  if (after.has_error()) return app::wrong_cursor();
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<PriceList>> {
    return app::page_of(rows::list_price_lists(scope, after.value(), request.limit + 1),
                        request.limit, [](const PriceList& list) { return list.id.text(); });
  });
}

Result<PriceList> AdminPriceLists::get(const Caller& caller, const GetPriceList& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(
      caller.store, [&](const Scope& scope) { return require_list(scope, request.price_list_id); });
}

Result<PriceList> AdminPriceLists::create(const Caller& caller, const CreatePriceList& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const PriceList list{.id = context_.ids->make<PriceListId>(),
                       .name = request.name,
                       .currency = request.currency,
                       .priority = request.priority,
                       .customer_groups = request.customer_groups,
                       .countries = request.countries,
                       .valid_from = request.valid_from,
                       .valid_until = request.valid_until,
                       .active = request.active};
  RESYS_TRYV(check_list(list));
  const auto body = [&](const Scope& scope) -> Result<PriceListId> {
    rows::ensure_store(scope);
    rows::change_price_rules(scope);
    rows::insert_price_list(scope, list);
    return list.id;
  };
  return app::run_command(context_, caller, request, body, require_list);
}

Result<PriceList> AdminPriceLists::update(const Caller& caller, const UpdatePriceList& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<PriceListId> {
    rows::change_price_rules(scope);
    RESYS_TRY(list, require_list(scope, request.price_list_id));
    list.name = request.name.value_or(list.name);
    list.priority = request.priority.value_or(list.priority);
    list.customer_groups = request.customer_groups.value_or(list.customer_groups);
    list.countries = request.countries.value_or(list.countries);
    list.valid_from = request.valid_from.value_or(list.valid_from);
    list.valid_until = request.valid_until.value_or(list.valid_until);
    list.active = request.active.value_or(list.active);
    RESYS_TRYV(check_list(list));
    rows::update_price_list(scope, list);
    return list.id;
  };
  return app::run_command(context_, caller, request, body, require_list);
}

Result<Removed> AdminPriceLists::remove(const Caller& caller, const RemovePriceList& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<PriceListId> {
    rows::change_price_rules(scope);
    RESYS_TRY(list, require_list(scope, request.price_list_id));
    rows::record_removed_list(scope, list);
    rows::delete_price_list(scope, list.id);
    return list.id;
  };
  const auto removed = [](const Scope&, const PriceListId&) -> Result<Removed> {
    return Removed();
  };
  return app::run_command(context_, caller, request, body, removed);
}

Result<Page<ListedPrice>> AdminPriceLists::list_prices(const Caller& caller,
                                                       const ListListedPrices& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  rows::ListedPriceKey after;
  if (request.after) {
    RESYS_TRY(parsed, parse_price_key(*request.after));
    after = parsed;
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<ListedPrice>> {
    RESYS_TRY(list, require_list(scope, request.price_list_id));
    return app::page_of(rows::list_listed_prices(scope, list.id, after, request.limit + 1),
                        request.limit, price_key);
  });
}

Result<PriceList> AdminPriceLists::set_prices(const Caller& caller, const SetListedPrices& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<PriceListId> {
    RESYS_TRY(list, require_list(scope, request.price_list_id));
    RESYS_TRY(wanted, wanted_entries(scope, list, request.prices));
    for (const auto& [variant, entries] : wanted) set_entries(scope, list, variant, entries);
    return list.id;
  };
  return app::run_command(context_, caller, request, body, require_list);
}

}  // namespace resys
