// The cart: lines with price snapshots, codes of promotions, and the guest's cart that becomes the
// user's.
#include "resys/cart.hpp"

#include <algorithm>

#include "catalog/rows.hpp"
#include "event/outbox.hpp"
#include "order/cart_fields.hpp"
#include "order/claim.hpp"
#include "order/open_order.hpp"
#include "order/order_promotions.hpp"
#include "order/order_view.hpp"
#include "order/require_order.hpp"
#include "order/rules.hpp"
#include "order/tax_calculation.hpp"
#include "pricing/price_list_rows.hpp"
#include "pricing/promotion_rows.hpp"

namespace resys {
namespace {

using app::OpenOrder;
using rows::LineRow;
using rows::OfferedLine;
using rows::OrderRow;

Error no_such_line() { return Error(Errc::not_found, "there is no such line").at("lineItemId"); }

std::int64_t code_count(const OpenOrder& order) {
  return std::count_if(order.promotions.begin(), order.promotions.end(),
                       [](const auto& row) { return !row.code.empty(); });
}

Result<void> require_changeable(const OrderRow& row) {
  RESYS_TRYV(domain::transition(row.state, OrderEvent::change_items));
  return success();
}

// Computes the totals after a change by the request's `field`, and writes everything.
Result<Cart> finish(const Scope& scope, OpenOrder& order, const char* field) {
  auto priced = order.reprice(scope);
  if (priced.has_error()) return std::move(priced).error().at(field);
  order.save(scope);
  return app::view_cart(scope, order);
}

// The result of a command that has changed the cart: with the taxes of the host's calculator.
Result<Cart> changed_cart(Context& context, const Caller& caller, Result<Cart> made) {
  return app::with_taxes(context, caller, std::move(made), app::load_cart);
}

// ---- lines

// Whether the store sells in the currency.
bool is_sold_in(const OpenOrder& order, Currency currency) {
  if (!order.rules || order.rules->prices.currencies.empty()) return true;
  const auto& sold = order.rules->prices.currencies;
  return std::find(sold.begin(), sold.end(), currency) != sold.end();
}

// The currency of a cart that begins with the variant: its own, or the first of the store's in
// which it has a price.
Currency first_currency(const OpenOrder& order, const rows::Sellable& variant) {
  if (is_sold_in(order, variant.currency)) return variant.currency;
  for (const Currency each : order.rules->prices.currencies) {
    if (domain::find_price(variant.prices, each) != nullptr) return each;
  }
  return variant.currency;
}

// An empty cart takes the currency that is asked for; one with lines keeps its own.
Result<void> take_currency(OpenOrder& order, const rows::Sellable& variant,
                           std::optional<Currency> wanted) {
  Currency& currency = order.row.currency;
  const auto refuse = [&](std::string field, std::string message) {
    return Error(Errc::unsupported_currency, std::move(message))
        .at(std::move(field))
        .with("cartCurrency", std::string(currency.code()));
  };
  if (order.lines.empty()) {
    currency = wanted.value_or(first_currency(order, variant));
    if (!is_sold_in(order, currency)) {
      return refuse(wanted ? "currency" : "sku", "the store does not sell in this currency");
    }
  } else if (wanted.value_or(currency) != currency) {
    return refuse("currency", "the cart is in another currency")
        .with("currency", std::string(wanted->code()));
  }
  if (domain::find_price(variant.prices, currency) != nullptr) return success();
  return refuse("sku", "the variant has no price in the cart's currency")
      .with("currency", std::string(variant.currency.code()));
}

Result<void> require_allowed(const domain::QuantityRule& rule, std::int64_t quantity) {
  if (domain::allows(rule, quantity)) return success();
  Error error = Error(Errc::invalid_request, "the variant does not allow so many units in a line")
                    .at("quantity")
                    .with("quantity", quantity);
  for (const Fact& fact : domain::facts_of(rule)) error = std::move(error).with(fact);
  return error;
}

OfferedLine* find_variant(std::vector<OfferedLine>& lines, const VariantId& variant) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const OfferedLine& line) {
    return line.variant_id == variant && line.item.gift_promotion_id.empty();
  });
  return found == lines.end() ? nullptr : &*found;
}

// The variant's line, or a new one without units. Null if the cart is full.
OfferedLine* line_for(const Scope& scope, OpenOrder& order, const VariantId& variant) {
  if (OfferedLine* line = find_variant(order.lines, variant)) return line;
  if (order.lines.size() >= kMaxLinesPerCart) return nullptr;
  OfferedLine& line = order.lines.emplace_back();
  line.item.id = scope.ids.make<LineItemId>();
  return &line;
}

// Updates a line that is bought, and has its quantity, to what the catalog and the price lists say
// about the variant now. The variant has a price in the order's currency.
void refresh(const Scope& scope, OpenOrder& order, OfferedLine& line,
             const rows::Sellable& variant) {
  app::refresh(line, variant, order.row.currency);
  if (!order.rules || order.rules->price_lists.empty()) return;
  line.list_entries = rows::load_list_entries(scope, variant.variant_id);
  app::apply_price_lists(order, scope.now);
  line.listed_price_cents = line.price_cents;
}

// Adds units to the variant's line, or adds a line.
Result<void> put_into(const Scope& scope, OpenOrder& order, const rows::Sellable& variant,
                      std::int64_t quantity) {
  OfferedLine* line = line_for(scope, order, variant.variant_id);
  if (line == nullptr) {
    return Error(Errc::too_large,
                 "the cart already has " + std::to_string(kMaxLinesPerCart) + " lines")
        .at("sku")
        .with("limit", kMaxLinesPerCart);
  }
  line->item.quantity += quantity;
  if (line->item.quantity > kMaxUnitsPerLine) {
    return Error(Errc::too_large,
                 "the line would have more than " + std::to_string(kMaxUnitsPerLine) + " units")
        .at("quantity")
        .with("limit", kMaxUnitsPerLine)
        .with("quantity", line->item.quantity);
  }
  RESYS_TRYV(require_allowed(variant.quantity_rule, line->item.quantity));
  refresh(scope, order, *line, variant);
  return success();
}

Error is_gift(const OrderRow& row, const OfferedLine& line) {
  return app::wrong_state(row, OrderEvent::change_items, "a promotion gives the line")
      .at("lineItemId")
      .with("promotionId", line.item.gift_promotion_id.text());
}

Result<std::vector<OfferedLine>::iterator> require_line(OpenOrder& order, const LineItemId& id) {
  const auto found = std::find_if(order.lines.begin(), order.lines.end(),
                                  [&](const OfferedLine& line) { return line.item.id == id; });
  if (found != order.lines.end()) return found;
  for (const OfferedLine& gift : order.gifts) {
    if (gift.item.id == id) return is_gift(order.row, gift);
  }
  return no_such_line();
}

// ---- codes

// Adds the code to the order, unless it cannot apply whatever is done to the cart.
Result<void> enter_code(const Scope& scope, OpenOrder& order, const PromotionId& promotion,
                        const std::string& code) {
  rows::insert_order_promotion(scope, order.row, {.promotion_id = promotion, .code = code});
  order.reload_promotions(scope);
  if (code_count(order) > fields::kMaxCodesPerCart) {
    return Error(Errc::too_large, "the cart already has " +
                                      std::to_string(fields::kMaxCodesPerCart) + " discount codes")
        .at("code")
        .with("limit", fields::kMaxCodesPerCart);
  }
  const auto quote = pricing::price(app::basket_of(order, app::Prices::shown), scope.now);
  if (quote.has_error()) return success();  // finish() says so
  for (const RejectedCode& rejected : quote.value().rejected_codes) {
    if (rejected.code != code || app::may_apply_later(rejected.reason)) continue;
    return app::code_refusal(rows::find_promotion(scope, promotion).value(), rejected).at("code");
  }
  return success();
}

// ---- merge

char letter_of(MergeResult result) { return name_of(result).front(); }

MergeResult result_of(char letter) {
  for (const auto name : EnumNames<MergeResult>::names) {
    if (name.front() == letter) return *parse_name<MergeResult>(name);
  }
  return MergeResult::unavailable;
}

// The orders of a merge. It is kept as "<user's order> <guest's order> <letters> <number>...". A
// part that does not exist is empty. The letters are the first ones of each MergeResult.
struct Merge {
  OrderId user;
  OrderId guest;                       // empty: there was nothing to merge
  std::vector<MergeResult> results{};  // of the guest's lines, in their order
  std::vector<std::string> claimed{};  // the numbers of orders

  std::string text() const {
    std::string all = (user.empty() ? "" : user.text()) + " ";
    all += (guest.empty() ? "" : guest.text()) + " ";
    for (const MergeResult each : results) all += letter_of(each);
    for (const std::string& number : claimed) all += " " + number;
    return all;
  }
  static Result<Merge> parse(std::string_view text) {
    const auto parts = app::split_ids(text);
    Merge merge;
    if (!parts[0].empty()) merge.user = OrderId::parse(parts[0]).value();
    if (!parts[1].empty()) merge.guest = OrderId::parse(parts[1]).value();
    for (const char letter : parts[2]) merge.results.push_back(result_of(letter));
    merge.claimed.assign(parts.begin() + 3, parts.end());
    return merge;
  }
};

// Moves one line of a guest into the user's order, unless the order could not be priced with it.
MergeResult merge_line(const Scope& scope, OpenOrder& user, const LineRow& guest_line) {
  const auto variant = rows::find_sellable(scope, guest_line.variant_id);
  if (!variant || !variant->for_sale) return MergeResult::unavailable;
  if (domain::find_price(variant->prices, user.row.currency) == nullptr) return MergeResult::left;
  OfferedLine* line = line_for(scope, user, variant->variant_id);
  if (line == nullptr) return MergeResult::left;
  const bool is_new = line->item.quantity == 0;
  const OfferedLine before = *line;
  const std::int64_t sum = line->item.quantity + guest_line.item.quantity;
  const std::int64_t most = domain::largest_quantity(variant->quantity_rule);
  line->item.quantity = std::min(sum, most);
  refresh(scope, user, *line, *variant);
  if (pricing::price(app::basket_of(user, app::Prices::shown), scope.now).has_error()) {
    *line = before;
    if (is_new) user.lines.pop_back();
    return MergeResult::left;
  }
  if (sum > most) return MergeResult::capped;
  return is_new ? MergeResult::moved : MergeResult::added;
}

void merge_codes(const Scope& scope, OpenOrder& user, const OpenOrder& guest) {
  for (const rows::OrderPromotionRow& each : guest.promotions) {
    if (each.code.empty() || code_count(user) == fields::kMaxCodesPerCart) continue;
    rows::insert_order_promotion(scope, user.row,
                                 {.promotion_id = each.promotion_id, .code = each.code});
    user.reload_promotions(scope);
  }
}

// Puts the lines that the merge could not take into a new cart of the session, as they were.
Result<void> keep_left(const Scope& scope, const OrderRow& guest, std::vector<OfferedLine> left) {
  if (left.empty()) return success();
  OpenOrder cart = OpenOrder::lock_or_insert(scope, {{}, guest.session_id, guest.customer_groups},
                                             guest.currency);
  cart.row.email = guest.email;
  cart.reload_promotions(scope);
  for (OfferedLine& line : left) line.item.id = scope.ids.make<LineItemId>();
  cart.lines = std::move(left);
  RESYS_TRYV(cart.reprice(scope));
  cart.save(scope);
  return success();
}

// Merges the guest's order, which ends as `merged`, into the user's. Returns what became of each
// line.
Result<std::vector<MergeResult>> merge_into(const Scope& scope, OpenOrder& user, OpenOrder& guest,
                                            OrderState merged) {
  std::vector<MergeResult> results;
  std::vector<OfferedLine> left;
  if (user.lines.empty()) user.row.currency = guest.row.currency;
  for (const OfferedLine& line : guest.lines) {
    results.push_back(merge_line(scope, user, line));
    if (results.back() == MergeResult::left) left.push_back(line);
  }
  if (!left.empty() && left.size() == guest.lines.size()) return results;  // nothing was merged
  if (user.row.email.empty()) user.row.email = guest.row.email;
  merge_codes(scope, user, guest);
  user.reload_promotions(scope);
  guest.row.state = merged;
  guest.row.merged_into = user.row.id;
  guest.save(scope);
  RESYS_TRYV(keep_left(scope, guest.row, std::move(left)));
  RESYS_TRYV(user.reprice(scope));
  user.save(scope);
  app::record_event(scope, user.row.id, EventType::cart_merged,
                    {{"guestOrderId", guest.row.id.text()}});
  return results;
}

Result<Merge> merge_orders(const Scope& scope, const Caller& caller) {
  const rows::Identity as_user{
      .user_id = caller.user_id, .session_id = {}, .groups = caller.groups};
  const rows::Identity as_guest{
      .user_id = {}, .session_id = caller.session_id, .groups = caller.groups};
  auto user = OpenOrder::lock(scope, as_user);
  auto guest = OpenOrder::lock(scope, as_guest);
  Merge merge;
  // The guest's order is not merged while its payment is under way.
  const auto merged =
      guest ? next_state(kOrderTransitions, guest->row.state, OrderEvent::merge) : std::nullopt;
  if (merged) {
    if (!user) user = OpenOrder::lock_or_insert(scope, as_user, guest->row.currency);
    RESYS_TRYV(require_changeable(user->row));
    RESYS_TRY(results, merge_into(scope, *user, *guest, *merged));
    merge.guest = guest->row.id;
    merge.results = std::move(results);
  }
  if (user) merge.user = user->row.id;
  merge.claimed =
      app::claim_orders(scope, caller.user_id, {.session_id = caller.session_id}).numbers;
  return merge;
}

Result<MergedCart> load_merged(const Scope& scope, const Merge& merge) {
  MergedCart merged;
  merged.claimed_orders = merge.claimed;
  if (merge.user.empty()) return merged;
  RESYS_TRY(cart, app::load_cart(scope, merge.user));
  merged.cart = std::move(cart);
  if (merge.guest.empty()) return merged;
  auto user_lines = rows::load_offered_lines(scope, merge.user, merged.cart.currency);
  const auto guest_lines = rows::load_offered_lines(scope, merge.guest, merged.cart.currency);
  for (const LineRow& guest_line : guest_lines) {
    if (merged.lines.size() == merge.results.size()) break;  // a cart that stayed has new lines
    if (!guest_line.item.gift_promotion_id.empty()) continue;
    const OfferedLine* line = find_variant(user_lines, guest_line.variant_id);
    merged.lines.push_back({guest_line.item.sku, line == nullptr ? 0 : line->item.quantity,
                            merge.results[merged.lines.size()]});
  }
  return merged;
}

}  // namespace

Result<Cart> Carts::add_item(const Caller& caller, const AddCartItem& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<Cart> {
    const auto variant = rows::find_sellable(scope, request.sku);
    if (!variant || !variant->for_sale) {
      return Error(Errc::not_found, "there is no such SKU for sale")
          .at("sku")
          .with("sku", request.sku);
    }
    OpenOrder order = OpenOrder::lock_or_insert(scope, app::identity_of(caller), variant->currency);
    RESYS_TRYV(require_changeable(order.row));
    RESYS_TRYV(take_currency(order, *variant, request.currency));
    RESYS_TRYV(put_into(scope, order, *variant, request.quantity));
    return finish(scope, order, "quantity");
  };
  return changed_cart(context_, caller,
                      app::run_command(context_, caller, request, body, app::load_cart));
}

Result<Cart> Carts::change_item(const Caller& caller, const ChangeCartItem& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<Cart> {
    auto order = OpenOrder::lock(scope, app::identity_of(caller));
    if (!order) return no_such_line();
    RESYS_TRY(line, require_line(*order, request.line_item_id));
    const auto variant = rows::find_sellable(scope, line->variant_id);
    const bool has_price = domain::find_price(variant->prices, order->row.currency) != nullptr;
    if (!variant->for_sale || !has_price) {
      return Error(Errc::not_found, "the item is no longer for sale")
          .at("lineItemId")
          .with("sku", line->item.sku);
    }
    RESYS_TRYV(require_changeable(order->row));
    RESYS_TRYV(require_allowed(variant->quantity_rule, request.quantity));
    line->item.quantity = request.quantity;
    refresh(scope, *order, *line, *variant);
    return finish(scope, *order, "quantity");
  };
  return changed_cart(context_, caller,
                      app::run_command(context_, caller, request, body, app::load_cart));
}

Result<Cart> Carts::remove_item(const Caller& caller, const RemoveCartItem& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<Cart> {
    auto order = OpenOrder::lock(scope, app::identity_of(caller));
    if (!order) return no_such_line();
    RESYS_TRY(line, require_line(*order, request.line_item_id));
    RESYS_TRYV(require_changeable(order->row));
    order->lines.erase(line);
    return finish(scope, *order, "lineItemId");
  };
  return changed_cart(context_, caller,
                      app::run_command(context_, caller, request, body, app::load_cart));
}

Result<Cart> Carts::get(const Caller& caller, const GetCart& request) {
  RESYS_TRYV(app::shopper_request(caller, request));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Cart> {
    auto row = rows::find_open_order(scope, app::identity_of(caller));
    if (!row) return Cart();
    return app::view_cart(scope, app::load_contents(scope, std::move(*row)));
  });
}

Result<Cart> Carts::apply_coupon(const Caller& caller, const ApplyCoupon& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<Cart> {
    auto order = OpenOrder::lock(scope, app::identity_of(caller));
    if (!order) return Error(Errc::not_found, "there is no cart");
    const auto promotion = rows::find_code(scope, request.code);
    if (!promotion) {
      return Error(Errc::coupon_invalid, "there is no such discount code")
          .at("code")
          .with("reason", "unknown");
    }
    RESYS_TRYV(require_changeable(order->row));
    RESYS_TRYV(enter_code(scope, *order, *promotion, request.code));
    return finish(scope, *order, "code");
  };
  return changed_cart(context_, caller,
                      app::run_command(context_, caller, request, body, app::load_cart));
}

Result<Cart> Carts::remove_coupon(const Caller& caller, const RemoveCoupon& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<Cart> {
    const Error unknown = Error(Errc::not_found, "the cart has no such discount code").at("code");
    auto order = OpenOrder::lock(scope, app::identity_of(caller));
    if (!order) return unknown;
    const auto entered = std::find_if(order->promotions.begin(), order->promotions.end(),
                                      [&](const auto& row) { return row.code == request.code; });
    if (entered == order->promotions.end()) return unknown;
    RESYS_TRYV(require_changeable(order->row));
    rows::delete_order_promotion(scope, order->row, *entered);
    order->reload_promotions(scope);
    return finish(scope, *order, "code");
  };
  return changed_cart(context_, caller,
                      app::run_command(context_, caller, request, body, app::load_cart));
}

Result<MergedCart> Carts::merge(const Caller& caller, const MergeCart& request) {
  if (caller.user_id.empty() || caller.session_id.empty()) {
    return Error(Errc::unauthenticated,
                 "the caller lacks a signed-in user or the session of the guest's cart");
  }
  RESYS_TRYV(app::shopper_request(caller, request));
  app::RequestKey key = app::request_key(caller, request);
  key.fingerprint += caller.session_id;
  const auto body = [&](const Scope& scope) { return merge_orders(scope, caller); };
  return app::run_command(context_, caller, key, body, load_merged);
}

}  // namespace resys
