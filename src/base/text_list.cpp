// Short lists kept in one TEXT column; the format is drawn in the header.
#include "base/text_list.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace resys::rows {
namespace {

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
}

std::string unescaped(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t at = text.find('\\');
    out += text.substr(0, at);
    if (at == text.npos || at + 1 == text.size()) return out;
    const char escaped = text[at + 1];
    out += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
    text.remove_prefix(at + 2);
  }
}

// Steps over the first text and its `end`, and returns it as it is written.
std::string_view take_written(std::string_view& text, char end) {
  const std::string_view taken = text.substr(0, text.find(end));
  text.remove_prefix(std::min(taken.size() + 1, text.size()));
  return taken;
}

// The same, as it was before it was written.
std::string take_text(std::string_view& text, char end) {
  return unescaped(take_written(text, end));
}

Currency currency_of(std::string_view code) {
  const auto parsed = Currency::parse(code);
  return parsed ? parsed.value() : Currency();
}

std::string text_of(std::optional<std::int64_t> number) {
  return number ? std::to_string(*number) : std::string();
}

std::optional<std::int64_t> optional_number_of(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(fields::number_of(text));
}

}  // namespace

std::string encode_list(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    append_escaped(out, item);
    out += '\n';
  }
  return out;
}

std::vector<std::string> decode_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) items.push_back(take_text(text, '\n'));
  return items;
}

std::string encode_pairs(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    append_escaped(out, name);
    out += '\t';
    append_escaped(out, value);
    out += '\n';
  }
  return out;
}

Pairs decode_pairs(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    std::string name = take_text(text, '\t');
    std::string value = take_text(text, '\n');
    pairs.emplace_back(std::move(name), std::move(value));
  }
  return pairs;
}

std::string encode_currencies(const std::vector<Currency>& currencies) {
  std::vector<std::string> items;
  for (const Currency currency : currencies) items.emplace_back(currency.code());
  return encode_list(items);
}

std::vector<Currency> decode_currencies(std::string_view text) {
  std::vector<Currency> currencies;
  while (!text.empty()) currencies.push_back(currency_of(take_written(text, '\n')));
  return currencies;
}

std::string encode_taxes(const std::vector<TaxLine>& taxes) {
  std::vector<std::string> items;
  for (const TaxLine& tax : taxes) {
    items.insert(items.end(), {tax.name, tax.rate, tax.country, std::to_string(tax.taxable_cents),
                               std::to_string(tax.tax_cents), tax.included ? "included" : "",
                               std::string(name_of(tax.reason))});
  }
  return encode_list(items);
}

std::vector<TaxLine> decode_taxes(std::string_view text) {
  std::vector<TaxLine> taxes;
  while (!text.empty()) {
    TaxLine& tax = taxes.emplace_back();
    tax.name = take_text(text, '\n');
    tax.rate = take_text(text, '\n');
    tax.country = take_text(text, '\n');
    tax.taxable_cents = fields::number_of(take_written(text, '\n'));
    tax.tax_cents = fields::number_of(take_written(text, '\n'));
    tax.included = !take_written(text, '\n').empty();
    tax.reason = parse_name<TaxReason>(take_written(text, '\n')).value_or(TaxReason::rate);
  }
  return taxes;
}

std::string encode_discounts(const std::vector<DiscountLine>& discounts) {
  std::vector<std::string> items;
  for (const DiscountLine& each : discounts) {
    items.insert(items.end(),
                 {each.promotion_id.text(), each.name, std::to_string(each.discount_cents)});
  }
  return encode_list(items);
}

std::vector<DiscountLine> decode_discounts(std::string_view text) {
  std::vector<DiscountLine> discounts;
  while (!text.empty()) {
    DiscountLine& each = discounts.emplace_back();
    each.promotion_id = PromotionId::parse(take_written(text, '\n')).value();
    each.name = take_text(text, '\n');
    each.discount_cents = fields::number_of(take_written(text, '\n'));
  }
  return discounts;
}

std::string encode_promotion_tiers(const std::vector<PromotionTier>& tiers) {
  std::vector<std::string> items;
  for (const PromotionTier& tier : tiers) {
    for (const auto& each :
         {tier.from_quantity, tier.from_cents, tier.basis_points, tier.amount_cents}) {
      items.push_back(text_of(each));
    }
  }
  return encode_list(items);
}

std::vector<PromotionTier> decode_promotion_tiers(std::string_view text) {
  std::vector<PromotionTier> tiers;
  while (!text.empty()) {
    PromotionTier& tier = tiers.emplace_back();
    for (auto* each :
         {&tier.from_quantity, &tier.from_cents, &tier.basis_points, &tier.amount_cents}) {
      *each = optional_number_of(take_written(text, '\n'));
    }
  }
  return tiers;
}

std::string encode_numbers(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> items;
  for (const std::int64_t number : numbers) items.push_back(std::to_string(number));
  return encode_list(items);
}

std::vector<std::int64_t> decode_numbers(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (!text.empty()) numbers.push_back(fields::number_of(take_written(text, '\n')));
  return numbers;
}

std::string encode_prices(const std::vector<VariantPrice>& prices) {
  std::vector<std::string> items;
  for (const VariantPrice& price : prices) {
    items.insert(items.end(),
                 {std::string(price.currency.code()), std::to_string(price.price_cents),
                  text_of(price.compare_at_cents), text_of(price.lowest_price_cents)});
  }
  return encode_list(items);
}

std::vector<VariantPrice> decode_prices(std::string_view text) {
  std::vector<VariantPrice> prices;
  while (!text.empty()) {
    VariantPrice& price = prices.emplace_back();
    price.currency = currency_of(take_written(text, '\n'));
    price.price_cents = fields::number_of(take_written(text, '\n'));
    price.compare_at_cents = optional_number_of(take_written(text, '\n'));
    price.lowest_price_cents = optional_number_of(take_written(text, '\n'));
  }
  return prices;
}

std::string encode_shipping_tiers(const std::vector<ShippingTier>& tiers) {
  std::vector<std::string> items;
  for (const ShippingTier& tier : tiers) {
    items.insert(items.end(), {text_of(tier.min_weight_grams), text_of(tier.min_total_cents),
                               std::to_string(tier.price_cents)});
  }
  return encode_list(items);
}

std::vector<ShippingTier> decode_shipping_tiers(std::string_view text) {
  std::vector<ShippingTier> tiers;
  while (!text.empty()) {
    ShippingTier& tier = tiers.emplace_back();
    tier.min_weight_grams = optional_number_of(take_written(text, '\n'));
    tier.min_total_cents = optional_number_of(take_written(text, '\n'));
    tier.price_cents = fields::number_of(take_written(text, '\n'));
  }
  return tiers;
}

}  // namespace resys::rows
