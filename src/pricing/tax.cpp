// What tax is due on amounts; see the header.
#include "pricing/tax.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <optional>

#include "pricing/exact.hpp"
#include "pricing/validity.hpp"

namespace resys::pricing {
namespace {

constexpr std::int64_t kMaxRate = 1'000'000;  // 100 %
// Each tax is net * its share of the net / kWhole. A compound rate comes third at the latest, so
// this is exact, and all shares together fit into 64 bits.
constexpr std::int64_t kWhole = 1'000'000'000'000'000'000;  // kMaxRate ^ 3
constexpr std::int64_t kMillion = 1'000'000;
using Shares = std::array<std::int64_t, kMaxTaxPriority>;

// The rates' shares of the net amount; a compound rate's includes that of the taxes before it.
Shares shares_of_net(const AppliedRates& rates) {
  Shares shares{};
  Wide before = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Wide taken_of = kWhole + (rates[i].compound ? before : 0);
    shares[i] = static_cast<std::int64_t>(taken_of * rates[i].millionths / kMaxRate);
    before += shares[i];
  }
  return shares;
}

Wide sum_of_shares(const Shares& shares) {
  return std::accumulate(shares.begin(), shares.end(), Wide{0});
}

// Amounts that are rounded together, all with the same rates. Of one amount it is that amount.
struct Sum {
  std::int64_t cents = 0;
  const AppliedRates& rates;
  std::int64_t quantity = 1;  // the tax of so many equal parts is rounded
};

// cents * share / of, rounded for each of the sum's parts.
std::int64_t tax_of(const Sum& sum, Wide share, Wide of, TaxRounding rounding) {
  return divide(sum.cents * share, of * sum.quantity, rounding) * sum.quantity;
}

// The tax by each rate of a sum whose prices do not include it.
std::vector<std::int64_t> added_taxes(const Sum& sum, TaxRounding rounding) {
  const Shares shares = shares_of_net(sum.rates);
  std::vector<std::int64_t> taxes;
  taxes.reserve(sum.rates.size());
  for (std::size_t i = 0; i < sum.rates.size(); ++i) {
    taxes.push_back(tax_of(sum, shares[i], kWhole, rounding));
  }
  return taxes;
}

// The same where prices include tax: what is paid stays, so the taxes are rounded together.
std::vector<std::int64_t> included_taxes(const Sum& sum, TaxRounding rounding) {
  const Shares shares = shares_of_net(sum.rates);
  const Wide all = sum_of_shares(shares);
  const std::int64_t tax = std::min(tax_of(sum, all, kWhole + all, rounding), sum.cents);
  return share(tax, {shares.begin(), shares.begin() + std::ptrdiff_t(sum.rates.size())});
}

std::vector<std::int64_t> taxes_of_sum(const Sum& sum, const TaxSettings& settings) {
  return settings.prices_include_tax ? included_taxes(sum, settings.rounding)
                                     : added_taxes(sum, settings.rounding);
}

using Taxes = std::vector<std::vector<std::int64_t>>;  // by amount, then by its rates

Taxes taxes_by_line(const std::vector<TaxedAmount>& amounts, const TaxSettings& settings) {
  Taxes taxes;
  taxes.reserve(amounts.size());
  for (const TaxedAmount& amount : amounts) {
    const bool by_unit = settings.rounding_level == TaxRoundingLevel::unit;
    const Sum sum{amount.amount_cents, *amount.rates, by_unit ? amount.quantity : 1};
    taxes.push_back(taxes_of_sum(sum, settings));
  }
  return taxes;
}

// Which amounts are summed before their tax by one of their rates is rounded. Only with the same
// rates have two amounts the same share of tax in what is paid, or the same taxes before a compound
// rate.
using GroupKey = std::pair<const void*, std::size_t>;
GroupKey group_of(const TaxedAmount& amount, std::size_t rate, const TaxSettings& settings) {
  const AppliedRate& applied = (*amount.rates)[rate];
  const bool by_all = settings.prices_include_tax || applied.compound || applied.source == nullptr;
  return by_all ? GroupKey{amount.rates, rate} : GroupKey{applied.source, 0};
}

Taxes taxes_by_rate(const std::vector<TaxedAmount>& amounts, const TaxSettings& settings) {
  Taxes taxes;
  std::vector<std::int64_t> left;  // of the amounts, where prices include the taxes
  std::map<GroupKey, std::vector<std::pair<std::size_t, std::size_t>>> groups;  // amount, rate
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    taxes.emplace_back(amounts[i].rates->size());
    left.push_back(amounts[i].amount_cents);
    for (std::size_t rate = 0; rate < amounts[i].rates->size(); ++rate) {
      groups[group_of(amounts[i], rate, settings)].emplace_back(i, rate);
    }
  }
  for (const auto& [key, members] : groups) {
    std::int64_t cents = 0;
    std::vector<std::int64_t> weights;
    for (const auto& [amount, rate] : members) {
      cents += amounts[amount].amount_cents;
      weights.push_back(left[amount]);
    }
    const auto& [first, rate_of_first] = members.front();
    const Sum sum{cents, *amounts[first].rates};
    const auto parts = share(taxes_of_sum(sum, settings)[rate_of_first], weights);
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [amount, rate] = members[i];
      taxes[amount][rate] = parts[i];
      if (settings.prices_include_tax) left[amount] -= parts[i];
    }
  }
  return taxes;
}

std::vector<TaxLine> tax_lines(const TaxedAmount& amount, const std::vector<std::int64_t>& taxes,
                               bool included) {
  if (amount.amount_cents == 0) return {};
  const std::int64_t net = amount.amount_cents - (included ? sum_of(taxes) : 0);
  std::vector<TaxLine> lines;
  lines.reserve(taxes.size());
  std::int64_t before = 0;
  for (std::size_t i = 0; i < taxes.size(); ++i) {
    const AppliedRate& rate = (*amount.rates)[i];
    TaxLine& line = lines.emplace_back();
    line.name = rate.name;
    line.rate = rate.percent;
    line.country = rate.country;
    line.taxable_cents = net + (rate.compound ? before : 0);
    line.tax_cents = taxes[i];
    line.included = included;
    line.reason = rate.reason;
    before += taxes[i];
  }
  return lines;
}

// ---- which rates apply

// Whether the rate is for a smaller part of the country than the other one. Both apply.
bool is_closer(const TaxRate& rate, const TaxRate& other) {
  const std::size_t length = domain::plain_postal(rate.postal_prefix).size();
  const std::size_t other_length = domain::plain_postal(other.postal_prefix).size();
  return length != other_length ? length > other_length : rate.region.size() > other.region.size();
}

// The rates of each category in an area.
std::map<std::string, AppliedRates, std::less<>> rates_in(const PriceRules& rules,
                                                          const domain::Area& area, Timestamp now) {
  std::map<std::pair<std::string_view, std::int64_t>, const StoredTaxRate*> closest;
  for (const StoredTaxRate& rate : rules.rates) {
    const TaxRate& shown = rate.shown;
    if (shown.country != area.country) continue;
    if (!holds({shown.valid_from, shown.valid_until}, now)) continue;
    if (!shown.region.empty() && !domain::is_same_region(shown.region, area.region)) continue;
    if (!domain::has_postal_prefix(area.postal_code, shown.postal_prefix)) continue;
    const StoredTaxRate*& found = closest[{shown.category, shown.priority}];
    if (found == nullptr || is_closer(shown, found->shown)) found = &rate;
  }
  std::map<std::string, AppliedRates, std::less<>> rates;
  for (const auto& [key, rate] : closest) {  // sorted by category, then by priority
    const TaxRate& shown = rate->shown;
    rates[shown.category].push_back({shown.name, shown.rate, shown.country, rate->millionths,
                                     shown.compound, TaxReason::rate, rate});
  }
  return rates;
}

// The country of a tax id: Greek ones begin with EL.
std::string country_of(const std::string& tax_id) {
  const std::string prefix = tax_id.substr(0, 2);
  return prefix == "EL" ? "GR" : prefix;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool is_reverse_charged(const TaxSettings& taxes, const domain::Area& area,
                        const TaxedCustomer& customer) {
  const std::string& home = taxes.home_country;
  const auto is_abroad = [&](const std::string& country) {
    return country != home && contains(taxes.reverse_charge_countries, country);
  };
  return !customer.tax_id.empty() && contains(taxes.reverse_charge_countries, home) &&
         is_abroad(area.country) && is_abroad(country_of(customer.tax_id));
}

// Why the customer owes no tax, if so.
std::optional<AppliedRate> relief_of(const TaxSettings& taxes, const domain::Area& area,
                                     const TaxedCustomer& customer) {
  if (customer.is_exempt) {
    return AppliedRate{
        .name = "Tax exempt", .country = area.country, .reason = TaxReason::exempt_customer};
  }
  if (is_reverse_charged(taxes, area, customer)) {
    return AppliedRate{
        .name = "Reverse charge", .country = area.country, .reason = TaxReason::reverse_charge};
  }
  return std::nullopt;
}

const AppliedRates& find_rates(const std::map<std::string, AppliedRates, std::less<>>& rates,
                               std::string_view category) {
  static const AppliedRates kNone;
  const auto found = rates.find(category);
  return found == rates.end() ? kNone : found->second;
}

}  // namespace

std::string percent_text(std::int64_t millionths) {
  std::string decimals = std::to_string(10'000 + millionths % 10'000).substr(1);
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  const std::string whole = std::to_string(millionths / 10'000);
  return decimals.empty() ? whole : whole + "." + decimals;
}

Result<std::int64_t> parse_percent(std::string_view text) {
  const auto is_digits = [](std::string_view part, std::size_t most) {
    return !part.empty() && part.size() <= most &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, dot);
  const std::string decimals(dot < text.size() ? text.substr(dot + 1) : "0");
  if (!is_digits(whole, 3) || !is_digits(decimals, 4)) {
    return Error(Errc::invalid_request,
                 "the rate is not a percentage such as 19 or 8.875, with at most four decimals");
  }
  const std::int64_t millionths = std::stoll(std::string(whole)) * 10'000 +
                                  std::stoll(decimals + std::string(4 - decimals.size(), '0'));
  if (millionths > kMaxRate) {
    return Error(Errc::invalid_request, "the rate is above 100 percent").with("limit", 100);
  }
  return millionths;
}

std::vector<std::vector<TaxLine>> taxes_of(const std::vector<TaxedAmount>& amounts,
                                           const TaxSettings& settings) {
  const Taxes taxes = settings.rounding_level == TaxRoundingLevel::order
                          ? taxes_by_rate(amounts, settings)
                          : taxes_by_line(amounts, settings);
  std::vector<std::vector<TaxLine>> lines;
  lines.reserve(amounts.size());
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    lines.push_back(tax_lines(amounts[i], taxes[i], settings.prices_include_tax));
  }
  return lines;
}

// Of taxes that are taken of different amounts, as those of a shipment's parts.
static std::optional<std::vector<Wide>> exact_alone(const std::vector<TaxLine>& taxes) {
  std::vector<Wide> exact;
  for (const TaxLine& tax : taxes) {
    const auto one = exact_taxes({tax});
    if (!one) return std::nullopt;
    exact.push_back(one->front());
  }
  return exact;
}

std::optional<std::vector<Wide>> exact_taxes(const std::vector<TaxLine>& taxes) {
  if (taxes.empty()) return std::vector<Wide>();
  const std::int64_t net = taxes.front().taxable_cents;
  AppliedRates rates;
  std::int64_t before = 0;
  for (const TaxLine& tax : taxes) {
    const auto millionths = parse_percent(tax.rate);
    if (millionths.has_error()) return std::nullopt;
    const bool is_compound = tax.taxable_cents != net;
    const bool is_other = is_compound && tax.taxable_cents != net + before;
    if (is_other || rates.size() == kMaxTaxPriority) return exact_alone(taxes);
    rates.push_back({.millionths = millionths.value(), .compound = is_compound});
    before += tax.tax_cents;
  }
  const bool is_included = taxes.front().included;
  const Shares shares = shares_of_net(rates);
  const Wide of = kWhole + (is_included ? sum_of_shares(shares) : 0);
  std::vector<Wide> exact;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Wide product = Wide{net + (is_included ? before : 0)} * shares[i];
    exact.push_back(product / of * kMillion + product % of * kMillion / of);
  }
  return exact;
}

std::int64_t converted(std::int64_t cents, const AppliedRates& from, const AppliedRates& to,
                       TaxRounding rounding) {
  return divide(Wide{cents} * (kWhole + sum_of_shares(shares_of_net(to))),
                kWhole + sum_of_shares(shares_of_net(from)), rounding);
}

TaxTerms::TaxTerms(const PriceRules& rules, const domain::Area& area, const TaxedCustomer& customer,
                   Timestamp now)
    : rounding_(rules.taxes.rounding) {
  const TaxSettings& taxes = rules.taxes;
  const domain::Area home{taxes.home_country, taxes.home_region, taxes.home_postal_code};
  const domain::Area& there = area.country.empty() ? home : area;
  here_ = rates_in(rules, there, now);
  const auto relief = relief_of(taxes, there, customer);
  // A calculator knows no tax at home that could be taken off.
  converts_ = taxes.prices_include_tax && taxes.source == TaxSource::rates &&
              (relief || taxes.foreign_prices == ForeignPrices::keep_net);
  if (converts_) home_ = rates_in(rules, home, now);
  if (!relief) return;
  here_.clear();
  for (const auto& category : taxes.categories) {
    if (category != kExemptTaxCategory) here_[category] = {*relief};
  }
}

const AppliedRates& TaxTerms::rates(std::string_view category) const {
  return find_rates(here_, category);
}

std::int64_t TaxTerms::price_there(std::int64_t cents, std::string_view category) const {
  if (!converts_) return cents;
  return converted(cents, find_rates(home_, category), rates(category), rounding_);
}

}  // namespace resys::pricing
