// Where shipping methods go, and what they must be like.
#include "shipping/rules.hpp"

#include <algorithm>
#include <string>

#include "resys/customer.hpp"

namespace resys::domain {
namespace {

// Whether one of the list's items holds, or there are none.
template <class Holds>
bool any_or_empty(const std::vector<std::string>& list, const Holds& holds) {
  return list.empty() || std::any_of(list.begin(), list.end(), holds);
}

Result<void> check_tiers(const ShippingMethod& method) {
  const bool is_by_weight = method.kind == ShippingKind::by_weight;
  const bool has_tiers = is_by_weight || method.kind == ShippingKind::by_total;
  if (has_tiers == method.tiers.empty()) {
    return Error(Errc::invalid_request, has_tiers ? "a method of this kind has tiers"
                                                  : "a method of this kind has no tiers")
        .at("tiers");
  }
  std::optional<std::int64_t> before;
  for (std::size_t i = 0; i < method.tiers.size(); ++i) {
    const ShippingTier& tier = method.tiers[i];
    const auto& from = is_by_weight ? tier.min_weight_grams : tier.min_total_cents;
    const auto& other = is_by_weight ? tier.min_total_cents : tier.min_weight_grams;
    const bool is_right = from && !other && (!before || *from > *before);
    if (!is_right) {
      return Error(Errc::invalid_request, "the tiers do not ascend by what the kind goes by")
          .at("tiers[" + std::to_string(i) +
              (is_by_weight ? "].minWeightGrams" : "].minTotalCents"));
    }
    before = from;
  }
  return success();
}

}  // namespace

bool serves(const ShippingMethod& method, const Area& area, Currency currency) {
  if (!method.active || method.currency != currency) return false;
  const auto is_there = [&](const std::string& country) { return country == area.country; };
  const auto has_it = [&](const std::string& region) {
    return is_same_region(region, area.region);
  };
  const auto begins = [&](const std::string& prefix) {
    return has_postal_prefix(area.postal_code, prefix);
  };
  return any_or_empty(method.countries, is_there) && any_or_empty(method.regions, has_it) &&
         any_or_empty(method.postal_prefixes, begins);
}

Result<void> check_method(ShippingMethod& method) {
  RESYS_TRYV(check_tiers(method));
  const bool has_parts = !method.regions.empty() || !method.postal_prefixes.empty();
  if (has_parts && method.countries.size() != 1) {
    return Error(Errc::invalid_request, "parts of a country are given without exactly one country")
        .at(method.regions.empty() ? "postalPrefixes" : "regions");
  }
  for (std::size_t i = 0; i < method.regions.size(); ++i) {
    auto region = region_of(method.countries.front(), method.regions[i]);
    if (region.has_error()) {
      return std::move(region).error().at("regions[" + std::to_string(i) + "]");
    }
    method.regions[i] = std::move(region).value();
  }
  return success();
}

}  // namespace resys::domain
