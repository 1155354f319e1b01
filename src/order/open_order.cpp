// An order with all its rows, in one transaction; see the header.
#include "order/open_order.hpp"

#include <algorithm>
#include <tuple>

#include "base/crypto.hpp"
#include "order/order_promotions.hpp"
#include "order/require_order.hpp"
#include "order/tax_calculation.hpp"

namespace resys::app {

OrderContents load_contents(const Scope& scope, rows::OrderRow row) {
  OrderContents order{.row = std::move(row)};
  for (rows::OfferedLine& line :
       rows::load_offered_lines(scope, order.row.id, order.row.currency)) {
    (line.item.gift_promotion_id.empty() ? order.lines : order.gifts).push_back(std::move(line));
  }
  order.promotions = rows::load_order_promotions(scope, order.row);
  if (!is_open_cart(order.row)) return order;
  if (!order.row.shipping_method_id.empty()) {
    order.shipping = rows::find_chosen_shipping(scope, order.row.id, order.row.shipping_method_id);
  }
  order.rules = rows::load_price_rules(scope, order.row.price_rules);
  if (!order.rules) return order;
  load_buyer(scope, order);
  if (!order.rules->price_lists.empty()) {
    rows::add_list_entries(scope, order.row.id, order.lines);
    apply_price_lists(order, scope.now);
  }
  load_promotion_terms(scope, order);
  return order;
}

void load_buyer(const Scope& scope, OrderContents& order) {
  if (!order.row.user_id.empty()) order.customer = rows::find_customer(scope, order.row.user_id);
  if (order.row.state == OrderState::cart) return;
  const auto addresses = rows::load_order_addresses(scope, order.row.id);
  if (addresses.shipping) order.area = area_of(*addresses.shipping);
}

std::string tax_id_of(const OrderContents& order) {
  if (!order.row.tax_id.empty() || !order.customer) return order.row.tax_id;
  return order.customer->tax_id;
}

pricing::TaxedCustomer taxed_customer_of(const OrderContents& order) {
  return {order.customer && order.customer->tax_exempt, tax_id_of(order)};
}

std::vector<std::string> groups_of(const OrderContents& order) {
  std::vector<std::string> groups = order.row.customer_groups;
  if (order.customer) {
    const auto& recorded = order.customer->groups;
    groups.insert(groups.end(), recorded.begin(), recorded.end());
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

void apply_price_lists(OrderContents& order, Timestamp now) {
  if (!order.rules) return;
  const pricing::PriceListTerms terms(
      *order.rules, {order.row.currency, groups_of(order), order.area.country}, now);
  for (rows::OfferedLine& line : order.lines) {
    line.price_cents = terms.price(line.base_price_cents, line.list_entries, line.item.quantity);
  }
}

domain::Area area_of(const Address& address) {
  return {address.country, address.region, address.postal_code};
}

bool is_open_cart(const rows::OrderRow& row) {
  return next_state(kOrderTransitions, row.state, OrderEvent::change_items).has_value();
}

namespace {

// How many units there are to give away, beside those that are bought.
std::int64_t gift_units(const OrderContents& order, const rows::Sellable& variant) {
  if (!variant.for_sale) return 0;
  if (variant.backorderable) return kMaxUnitsPerLine;
  std::int64_t units = variant.available;
  for (const rows::OfferedLine& line : order.lines) {
    if (line.variant_id == variant.variant_id) units -= line.item.quantity;
  }
  return units;
}

pricing::PromotionTerms terms_of(const OrderContents& order) {
  pricing::PromotionTerms terms = order.terms;
  terms.customer.groups = groups_of(order);
  terms.customer.country = order.area.country;
  for (const rows::Sellable& variant : order.gift_variants) {
    pricing::GiftOffer& gift = terms.gifts.emplace_back();
    gift.sku = variant.sku;
    gift.tax_category = variant.tax_category;
    const VariantPrice* price = domain::find_price(variant.prices, order.row.currency);
    if (price == nullptr) continue;  // it is not sold in the currency, so no unit is there
    gift.units = gift_units(order, variant);
    gift.listed_price_cents = price->price_cents;
  }
  return terms;
}

std::vector<DiscountLine> discount_lines(const pricing::QuotedLine& line,
                                         const pricing::Quote& quote) {
  std::vector<DiscountLine> lines;
  lines.reserve(line.discounts.size());
  for (const pricing::LineDiscount& each : line.discounts) {
    const AppliedPromotion& promotion = quote.promotions[each.promotion];
    lines.push_back({promotion.id, promotion.name, each.cents});
  }
  return lines;
}

}  // namespace

pricing::Basket basket_of(const OrderContents& order, Prices prices) {
  pricing::Basket basket{.currency = order.row.currency,
                         .rules = order.rules.get(),
                         .area = order.area,
                         .customer = taxed_customer_of(order)};
  const bool is_calculated = order.rules && order.rules->taxes.source == TaxSource::calculator;
  if (is_calculated) basket.calculation = calculation_of(order.row);
  for (const rows::OfferedLine& line : order.lines) {
    const bool is_shown = prices == Prices::shown || !line.for_sale;
    pricing::BasketLine& out = basket.lines.emplace_back();
    out.quantity = line.item.quantity;
    out.listed_price_cents = is_shown ? line.listed_price_cents : line.price_cents;
    out.tax_category = is_shown ? line.item.tax_category : line.offered_tax_category;
    out.weight_grams = line.weight_grams;
    if (is_calculated) out.reference = line.item.id.text();
    if (is_calculated) out.sku = line.offered_sku;
  }
  if (order.shipping && order.shipping->method.currency == order.row.currency) {
    basket.shipping = order.shipping->method;
  }
  if (order.terms.offers.empty()) return basket;
  basket.promotions = terms_of(order);
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const rows::OfferedLine& line = order.lines[i];
    basket.lines[i].variant_id = line.variant_id;
    basket.lines[i].product_id = line.product_id;
    basket.lines[i].sku = line.offered_sku;
    basket.lines[i].categories = line.categories;
  }
  return basket;
}

std::string content_hash(const OrderContents& order) {
  std::string content(order.row.currency.code());
  const auto add = [&](std::string_view text) { content.append("\n").append(text); };
  const auto add_number = [&](std::int64_t number) { add(std::to_string(number)); };
  for (const auto* lines : {&order.lines, &order.gifts}) {
    for (const rows::LineRow& line : *lines) {
      add(line.variant_id.text());
      add(line.item.gift_promotion_id.text());
      add_number(line.item.quantity);
      add_number(line.item.unit_price_cents);
    }
  }
  for (const rows::OrderPromotionRow& each : order.promotions) {
    add(each.promotion_id.text());
    add(each.code);
    add_number(each.discount_cents);
    add_number(each.shipping_discount_cents);
  }
  add(order.row.shipping_method_id.text());
  add_number(order.row.shipment_total_cents);
  add_number(order.row.total_cents);
  return net::hex(net::sha256(content));
}

std::vector<Demand> demands_of(const OrderContents& order) {
  std::vector<Demand> demands;
  for (const auto* lines : {&order.lines, &order.gifts}) {
    for (const rows::OfferedLine& line : *lines) {
      demands.push_back({line.item.id.text(), line.variant_id, line.item.sku, line.item.quantity});
    }
  }
  return demands;
}

void refresh(rows::OfferedLine& line, const rows::Sellable& variant, Currency currency) {
  line.variant_id = variant.variant_id;
  line.item.sku = line.offered_sku = variant.sku;
  line.item.name = variant.name;
  line.item.options = variant.options;
  line.item.image_url = variant.image_url;
  line.base_price_cents = domain::find_price(variant.prices, currency)->price_cents;
  line.listed_price_cents = line.price_cents = line.base_price_cents;
  line.item.tax_category = line.offered_tax_category = variant.tax_category;
  line.product_id = variant.product_id;
  line.categories = variant.categories;
  line.quantity_rule = variant.quantity_rule;
  line.weight_grams = variant.weight_grams;
  line.for_sale = variant.for_sale;
  line.item.available_quantity = variant.available;
  line.item.backorderable = variant.backorderable;
}

OpenOrder::OpenOrder(OrderContents loaded)
    : OrderContents(std::move(loaded)), row_before_(row), lines_before_(all_lines()) {}

std::optional<OpenOrder> OpenOrder::lock(const Scope& scope, const rows::Identity& identity) {
  auto found = rows::find_open_order(scope, identity);
  if (!found) return std::nullopt;
  return OpenOrder(load_contents(scope, std::move(*found)));
}

OpenOrder OpenOrder::lock_or_insert(const Scope& scope, const rows::Identity& identity,
                                    Currency currency) {
  auto found = rows::find_open_order(scope, identity);
  if (!found) {
    rows::insert_cart(scope, identity, currency);
    found = rows::find_open_order(scope, identity);
  }
  return OpenOrder(load_contents(scope, std::move(found).value()));
}

void OpenOrder::send_to(const domain::Area& to, Timestamp now) {
  area = to;
  const auto before = lines;
  apply_price_lists(*this, now);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool was_current = before[i].listed_price_cents == before[i].price_cents;
    if (was_current) lines[i].listed_price_cents = lines[i].price_cents;
  }
}

void OpenOrder::reload_promotions(const Scope& scope) {
  promotions = rows::load_order_promotions(scope, row);
  if (rules) load_promotion_terms(scope, *this);
}

Result<pricing::Quote> OpenOrder::reprice(const Scope& scope) {
  RESYS_TRY(quote, pricing::price(basket_of(*this, Prices::shown), scope.now));
  take_lines(scope, quote);
  take_promotions(scope, quote);
  if (quote.is_tax_estimated) row.calculated_taxes.clear();
  row.item_count = quote.item_count;
  row.item_total_cents = quote.item_total_cents;
  row.discount_total_cents = quote.discount_total_cents;
  row.shipment_total_cents = quote.shipment_total_cents;
  row.shipment_tax_cents = pricing::tax_cents(quote.shipment_taxes);
  row.shipment_taxes = quote.shipment_taxes;
  row.tax_total_cents = quote.tax_total_cents;
  row.included_tax_total_cents = quote.included_tax_total_cents;
  row.total_cents = quote.total_cents;
  return quote;
}

// The line that the promotion gives, new or as it is.
rows::OfferedLine OpenOrder::gift_line(const Scope& scope, const pricing::QuotedGift& gift) const {
  const auto variant =
      std::find_if(gift_variants.begin(), gift_variants.end(),
                   [&](const rows::Sellable& each) { return each.sku == gift.offer.sku; });
  const auto before = std::find_if(gifts.begin(), gifts.end(), [&](const rows::LineRow& line) {
    return line.item.gift_promotion_id == gift.promotion_id &&
           line.variant_id == variant->variant_id;
  });
  rows::OfferedLine line;
  line.item.id = before == gifts.end() ? scope.ids.make<LineItemId>() : before->item.id;
  line.item.gift_promotion_id = gift.promotion_id;
  line.item.quantity = gift.quantity;
  refresh(line, *variant, row.currency);
  return line;
}

void OpenOrder::take_lines(const Scope& scope, const pricing::Quote& quote) {
  std::vector<rows::OfferedLine> given;
  for (const pricing::QuotedGift& gift : quote.gifts) given.push_back(gift_line(scope, gift));
  gifts = std::move(given);
  for (std::size_t i = 0; i < quote.lines.size(); ++i) {
    const pricing::QuotedLine& quoted = quote.lines[i];
    LineItem& item = (i < lines.size() ? lines[i] : gifts[i - lines.size()]).item;
    item.unit_price_cents = quoted.unit_price_cents;
    item.total_cents = quoted.total_cents;
    item.discount_cents = quoted.discount_cents;
    item.discounts = discount_lines(quoted, quote);
    item.tax_cents = pricing::tax_cents(quoted.taxes);
    item.tax_lines = quoted.taxes;
  }
  save_lines(scope);
}

void OpenOrder::take_promotions(const Scope& scope, const pricing::Quote& quote) {
  std::vector<rows::OrderPromotionRow> wanted;
  for (const AppliedPromotion& each : quote.promotions) {
    wanted.push_back({.promotion_id = each.id,
                      .code = each.code.value_or(""),
                      .name = each.name,
                      .position = static_cast<std::int64_t>(wanted.size()),
                      .discount_cents = each.discount_cents,
                      .shipping_discount_cents = each.shipping_discount_cents});
  }
  const auto is_same = [](const rows::OrderPromotionRow& one) {
    return [&](const rows::OrderPromotionRow& other) {
      return one.promotion_id == other.promotion_id && one.code == other.code;
    };
  };
  for (const rows::OrderPromotionRow& before : promotions) {
    const auto found = std::find_if(wanted.begin(), wanted.end(), is_same(before));
    if (found != wanted.end()) {
      if (*found != before) rows::update_order_promotion(scope, row.id, *found);
    } else if (before.code.empty()) {
      rows::delete_order_promotion(scope, row, before);
    } else {
      wanted.push_back(
          {.promotion_id = before.promotion_id, .code = before.code, .name = before.name});
      if (wanted.back() != before) rows::update_order_promotion(scope, row.id, wanted.back());
    }
  }
  for (const rows::OrderPromotionRow& each : wanted) {
    if (std::none_of(promotions.begin(), promotions.end(), is_same(each))) {
      rows::insert_order_promotion(scope, row, each);
    }
  }
  std::sort(wanted.begin(), wanted.end(), [](const auto& one, const auto& other) {
    return std::tie(one.promotion_id, one.code) < std::tie(other.promotion_id, other.code);
  });
  promotions = std::move(wanted);
}

std::vector<rows::LineRow> OpenOrder::all_lines() const {
  std::vector<rows::LineRow> all(lines.begin(), lines.end());
  all.insert(all.end(), gifts.begin(), gifts.end());
  std::sort(all.begin(), all.end(), [](const rows::LineRow& one, const rows::LineRow& other) {
    return one.item.id < other.item.id;
  });
  return all;
}

void OpenOrder::save_lines(const Scope& scope) {
  std::vector<rows::LineRow> all = all_lines();
  auto before = lines_before_.begin();
  for (const rows::LineRow& line : all) {
    while (before != lines_before_.end() && before->item.id < line.item.id) {
      rows::delete_line(scope, row.id, *before++);
    }
    if (before == lines_before_.end() || line.item.id < before->item.id) {
      rows::insert_line(scope, row.id, line);
    } else if (*before++ != line) {
      rows::update_line(scope, row.id, line);
    }
  }
  while (before != lines_before_.end()) rows::delete_line(scope, row.id, *before++);
  lines_before_ = std::move(all);
}

void OpenOrder::save(const Scope& scope) { rows::save_order(scope, row, row_before_); }

}  // namespace resys::app
