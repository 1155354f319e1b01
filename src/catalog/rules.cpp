// What is offered of a variant; see the header.
#include "catalog/rules.hpp"

#include <algorithm>
#include <string>

#include "resys/cart.hpp"

namespace resys::domain {
namespace {

Result<void> check_compare_at(std::int64_t price_cents,
                              std::optional<std::int64_t> compare_at_cents) {
  if (!compare_at_cents || *compare_at_cents > price_cents) return success();
  return Error(Errc::invalid_request, "the price to compare with is not above the price")
      .at("compareAtCents")
      .with("priceCents", price_cents);
}

}  // namespace

std::vector<VariantPrice> prices_of(const Variant& variant) {
  std::vector<VariantPrice> prices{{variant.currency, variant.price_cents, variant.compare_at_cents,
                                    variant.lowest_price_cents}};
  prices.insert(prices.end(), variant.prices.begin(), variant.prices.end());
  return prices;
}

const VariantPrice* find_price(const std::vector<VariantPrice>& prices, Currency currency) {
  const auto found = std::find_if(prices.begin(), prices.end(), [&](const VariantPrice& price) {
    return price.currency == currency;
  });
  return found == prices.end() ? nullptr : &*found;
}

namespace {

void show_in(Currency currency, Variant& variant) {
  std::vector<VariantPrice> prices = prices_of(variant);
  const VariantPrice* found = find_price(prices, currency);
  if (found == nullptr) return;
  variant.currency = found->currency;
  variant.price_cents = found->price_cents;
  variant.compare_at_cents = found->compare_at_cents;
  variant.lowest_price_cents = found->lowest_price_cents;
  prices.erase(prices.begin() + (found - prices.data()));
  variant.prices = std::move(prices);
}

}  // namespace

void show_in(Currency currency, std::vector<Product>& products) {
  for (Product& product : products) {
    for (Variant& variant : product.variants) show_in(currency, variant);
  }
}

bool allows(const QuantityRule& rule, std::int64_t quantity) {
  return quantity >= rule.least && quantity <= rule.most.value_or(quantity) &&
         quantity % rule.step == 0;
}

Facts facts_of(const QuantityRule& rule) {
  Facts facts{{"minQuantity", rule.least}};
  if (rule.most) facts.push_back({"maxQuantity", *rule.most});
  facts.push_back({"quantityStep", rule.step});
  return facts;
}

std::int64_t least_quantity(const QuantityRule& rule) {
  return (rule.least + rule.step - 1) / rule.step * rule.step;
}

std::int64_t largest_quantity(const QuantityRule& rule) {
  const std::int64_t most = std::min(rule.most.value_or(kMaxUnitsPerLine), kMaxUnitsPerLine);
  const std::int64_t largest = most - most % rule.step;
  return allows(rule, largest) ? largest : 0;
}

Result<void> check_variant(const Variant& variant) {
  RESYS_TRYV(check_compare_at(variant.price_cents, variant.compare_at_cents));
  for (std::size_t i = 0; i < variant.prices.size(); ++i) {
    const VariantPrice& price = variant.prices[i];
    const std::string path = "prices[" + std::to_string(i) + "].";
    const std::vector<VariantPrice> before(variant.prices.begin(),
                                           variant.prices.begin() + std::ptrdiff_t(i));
    if (price.currency == variant.currency || find_price(before, price.currency) != nullptr) {
      return Error(Errc::invalid_request, "there is another price in this currency")
          .at(path + "currency")
          .with("currency", std::string(price.currency.code()));
    }
    auto checked = check_compare_at(price.price_cents, price.compare_at_cents);
    if (checked.has_error()) return std::move(checked).error().at(path + "compareAtCents");
  }
  const QuantityRule rule{variant.min_quantity, variant.max_quantity, variant.quantity_step};
  if (largest_quantity(rule) > 0) return success();
  return Error(Errc::invalid_request,
               "no multiple of quantityStep is between minQuantity and maxQuantity")
      .at(variant.max_quantity ? "maxQuantity" : "minQuantity")
      .with("minQuantity", variant.min_quantity)
      .with("quantityStep", variant.quantity_step);
}

}  // namespace resys::domain
