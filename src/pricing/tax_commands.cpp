// A store's tax rates, kept by staff.
#include "base/area.hpp"
#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "pricing/tax.hpp"
#include "pricing/tax_fields.hpp"
#include "pricing/tax_rows.hpp"
#include "pricing/validity.hpp"
#include "resys/customer.hpp"

namespace resys {
namespace {

Error refuse(std::string field, std::string message) {
  return Error(Errc::invalid_request, std::move(message)).at(std::move(field));
}

Error no_such_rate() { return Error(Errc::not_found, "there is no such rate").at("taxRateId"); }

// Checks the rate by itself, and puts its region and percentage into the form in which they are
// kept.
Result<void> check_rate(TaxRate& rate) {
  auto millionths = pricing::parse_percent(rate.rate);
  if (millionths.has_error()) return std::move(millionths).error().at("rate");
  rate.rate = pricing::percent_text(millionths.value());
  if (!rate.region.empty()) {
    RESYS_TRY(region, region_of(rate.country, rate.region));
    rate.region = std::move(region);
  }
  if (rate.category == kExemptTaxCategory && millionths.value() > 0) {
    return refuse("category", "no rate is taken of what is exempt");
  }
  if (rate.compound && (rate.priority < 2 || rate.priority > 3)) {
    return refuse("compound", "a compound rate has the priority 2 or 3");
  }
  return pricing::check_validity({rate.valid_from, rate.valid_until});
}

bool overlap(const TaxRate& one, const TaxRate& other) {
  const auto ends_before = [](const TaxRate& first, const TaxRate& second) {
    return first.valid_until && second.valid_from && *first.valid_until <= *second.valid_from;
  };
  return !ends_before(one, other) && !ends_before(other, one);
}

// Whether both are for the same part of their country, however it is written.
bool is_same_part(const TaxRate& one, const TaxRate& other) {
  const bool is_region =
      one.region.empty() ? other.region.empty() : domain::is_same_region(one.region, other.region);
  return is_region &&
         domain::plain_postal(one.postal_prefix) == domain::plain_postal(other.postal_prefix);
}

// Checks the rate against the store's settings and its other rates.
Result<void> check_among_others(const Scope& scope, const TaxRate& rate) {
  auto known = app::require_tax_category(scope, rate.category);
  if (known.has_error()) return std::move(known).error().at("category");
  for (const TaxRate& rival : rows::list_rivals(scope, rate)) {
    if (!is_same_part(rate, rival) || !overlap(rate, rival)) continue;
    return Error(Errc::conflict,
                 "another rate for this area, category and priority is valid at the same time")
        .at("validFrom")
        .with("taxRateId", rival.id.text());
  }
  return success();
}

Result<TaxRate> rate_of(const Scope& scope, const TaxRateId& id) {
  auto rate = rows::find_tax_rate(scope, id);
  if (!rate) return no_such_rate();
  return *std::move(rate);
}

}  // namespace

Result<Page<TaxRate>> AdminTaxRates::list(const Caller& caller, const ListTaxRates& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto after = request.after ? TaxRateId::parse(*request.after) : TaxRateId();
  if (after.has_error()) return app::wrong_cursor();
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<TaxRate>> {
    return app::page_of(rows::list_tax_rates(scope, after.value(), request.limit + 1),
                        request.limit, [](const TaxRate& rate) { return rate.id.text(); });
  });
}

Result<TaxRate> AdminTaxRates::create(const Caller& caller, const CreateTaxRate& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  TaxRate rate{.id = context_.ids->make<TaxRateId>(),
               .name = request.name,
               .rate = request.rate,
               .country = request.country,
               .region = request.region,
               .postal_prefix = request.postal_prefix,
               .category = request.category,
               .priority = request.priority,
               .compound = request.compound,
               .valid_from = request.valid_from,
               .valid_until = request.valid_until};
  RESYS_TRYV(check_rate(rate));
  const auto body = [&](const Scope& scope) -> Result<TaxRateId> {
    rows::ensure_store(scope);
    rows::change_price_rules(scope);
    RESYS_TRYV(check_among_others(scope, rate));
    rows::insert_tax_rate(scope, rate);
    return rate.id;
  };
  return app::run_command(context_, caller, request, body, rate_of);
}

Result<TaxRate> AdminTaxRates::update(const Caller& caller, const UpdateTaxRate& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<TaxRateId> {
    rows::change_price_rules(scope);
    auto found = rows::find_tax_rate(scope, request.tax_rate_id);
    if (!found) return no_such_rate();
    TaxRate& rate = *found;
    rate.name = request.name.value_or(rate.name);
    rate.rate = request.rate.value_or(rate.rate);
    rate.valid_from = request.valid_from.value_or(rate.valid_from);
    rate.valid_until = request.valid_until.value_or(rate.valid_until);
    RESYS_TRYV(check_rate(rate));
    RESYS_TRYV(check_among_others(scope, rate));
    rows::update_tax_rate(scope, rate);
    return rate.id;
  };
  return app::run_command(context_, caller, request, body, rate_of);
}

Result<Removed> AdminTaxRates::remove(const Caller& caller, const RemoveTaxRate& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<TaxRateId> {
    rows::change_price_rules(scope);
    if (!rows::delete_tax_rate(scope, request.tax_rate_id)) return no_such_rate();
    return request.tax_rate_id;
  };
  const auto removed = [](const Scope&, const TaxRateId&) -> Result<Removed> { return Removed(); };
  return app::run_command(context_, caller, request, body, removed);
}

}  // namespace resys
