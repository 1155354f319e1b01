// The cart: lines with price snapshots, discount codes, and the guest's cart that becomes the
// user's.
#include "resys/cart.hpp"

#include <algorithm>

#include "app/claim.hpp"
#include "app/event.hpp"
#include "app/open_order.hpp"
#include "app/order_command.hpp"
#include "app/order_view.hpp"
#include "domain/order.hpp"
#include "fields/cart.hpp"
#include "store/catalog.hpp"
#include "store/promotion.hpp"

namespace resys {
namespace {

using app::OpenOrder;
using store::LineRow;
using store::OfferedLine;
using store::OrderRow;

// How many discount codes one cart may have.
constexpr std::int64_t kMaxCoupons = 10;

Error no_such_line() { return Error(Errc::not_found, "there is no such line").at("lineItemId"); }

Result<void> require_changeable(const OrderRow& row) {
  RESYS_TRYV(domain::transition(row.state, OrderEvent::change_items));
  return success();
}

// Computes the totals after a change by the request's `field`, and writes everything.
Result<Cart> finish(db::Transaction& tx, const Caller& caller, OpenOrder& order, Timestamp now,
                    const char* field) {
  auto priced = order.reprice(tx, caller.store, now);
  if (priced.has_error()) return std::move(priced).error().at(field);
  order.save(tx, caller.store, now);
  return app::view_cart(tx, caller.store, order, now);
}

template <class Request, class Body>
Result<Cart> change_cart(Context& context, const Caller& caller, const Request& request,
                         const Body& body) {
  const Timestamp now = context.clock->now();
  return app::run_order_command<Cart>(
      context, caller, request, now, [&](db::Transaction& tx) { return body(tx, now); },
      app::load_cart);
}

// ---- lines

// An empty cart takes any currency; one with lines keeps its own.
Result<void> take_currency(OpenOrder& order, const store::Sellable& variant) {
  if (order.lines.empty()) order.row.currency = variant.currency;
  if (order.row.currency == variant.currency) return success();
  return Error(Errc::unsupported_currency, "the cart is in another currency")
      .at("sku")
      .with("cartCurrency", std::string(order.row.currency.code()))
      .with("currency", std::string(variant.currency.code()));
}

OfferedLine* find_variant(std::vector<OfferedLine>& lines, const VariantId& variant) {
  const auto found = std::find_if(lines.begin(), lines.end(), [&](const OfferedLine& line) {
    return line.variant_id == variant;
  });
  return found == lines.end() ? nullptr : &*found;
}

// The variant's line, or a new one without units. Null if the cart is full.
OfferedLine* line_for(const Context& context, OpenOrder& order, const VariantId& variant) {
  if (OfferedLine* line = find_variant(order.lines, variant)) return line;
  if (order.lines.size() >= kMaxLinesPerCart) return nullptr;
  OfferedLine& line = order.lines.emplace_back();
  line.id = context.ids->make<LineItemId>();
  return &line;
}

// Updates the line to what the catalog says about the variant now: name, image, price and stock.
void refresh(OfferedLine& line, const store::Sellable& variant) {
  line.variant_id = variant.variant_id;
  line.sku = line.offered_sku = variant.sku;
  line.name = variant.name;
  line.options = variant.options;
  line.image_url = variant.image_url;
  line.unit_price_cents = line.price_cents = variant.price_cents;
  line.for_sale = variant.for_sale;
  line.available = variant.available;
  line.backorderable = variant.backorderable;
}

// Adds units to the variant's line, or adds a line.
Result<void> put_into(const Context& context, OpenOrder& order, const store::Sellable& variant,
                      std::int64_t quantity) {
  OfferedLine* line = line_for(context, order, variant.variant_id);
  if (line == nullptr) {
    return Error(Errc::too_large,
                 "the cart already has " + std::to_string(kMaxLinesPerCart) + " lines")
        .at("sku")
        .with("limit", kMaxLinesPerCart);
  }
  line->quantity += quantity;
  if (line->quantity > kMaxUnitsPerLine) {
    return Error(Errc::too_large,
                 "the line would have more than " + std::to_string(kMaxUnitsPerLine) + " units")
        .at("quantity")
        .with("limit", kMaxUnitsPerLine)
        .with("quantity", line->quantity);
  }
  refresh(*line, variant);
  return success();
}

Result<std::vector<OfferedLine>::iterator> require_line(OpenOrder& order, const LineItemId& id) {
  const auto found = std::find_if(order.lines.begin(), order.lines.end(),
                                  [&](const OfferedLine& line) { return line.id == id; });
  if (found == order.lines.end()) return no_such_line();
  return found;
}

// ---- merge

// What became of each line, in the order of the guest's lines: the first letters of MergeResult.
char letter_of(MergeResult result) { return name_of(result).front(); }

MergeResult result_of(char letter) {
  for (const auto name : EnumNames<MergeResult>::names) {
    if (name.front() == letter) return *parse_name<MergeResult>(name);
  }
  return MergeResult::unavailable;
}

// Moves one line of a guest into the user's order, unless the order could not be priced with it.
MergeResult merge_line(db::Transaction& tx, const Context& context, std::string_view store,
                       OpenOrder& user, const LineRow& guest_line, Timestamp now) {
  const auto variant = store::find_sellable(tx, store, guest_line.variant_id);
  if (!variant || !variant->for_sale) return MergeResult::unavailable;
  if (user.lines.empty()) user.row.currency = variant->currency;
  if (user.row.currency != variant->currency) return MergeResult::left;
  OfferedLine* line = line_for(context, user, variant->variant_id);
  if (line == nullptr) return MergeResult::left;
  const bool is_new = line->quantity == 0;
  const OfferedLine before = *line;
  const std::int64_t sum = line->quantity + guest_line.quantity;
  line->quantity = std::min(sum, kMaxUnitsPerLine);
  refresh(*line, *variant);
  if (pricing::price(app::basket_of(user, app::Prices::shown), now).has_error()) {
    *line = before;
    if (is_new) user.lines.pop_back();
    return MergeResult::left;
  }
  if (is_new) return MergeResult::moved;
  return sum > kMaxUnitsPerLine ? MergeResult::capped : MergeResult::added;
}

void merge_coupons(db::Transaction& tx, std::string_view store, OpenOrder& user,
                   const OpenOrder& guest) {
  for (const auto& each : guest.coupons) {
    if (user.row.coupon_count == kMaxCoupons) break;
    store::insert_order_coupon(tx, store, user.row, each.coupon.id);
  }
  user.reload_coupons(tx, store);
}

// Puts the lines that the merge could not take into a new cart of the session, as they were.
Result<void> keep_left(db::Transaction& tx, const Context& context, const Caller& caller,
                       const OrderRow& guest, std::vector<OfferedLine> left, Timestamp now) {
  if (left.empty()) return success();
  OpenOrder cart = OpenOrder::lock_or_insert(tx, {caller.store, {}, caller.session_id},
                                             context.ids->make<OrderId>(), guest.currency, now);
  cart.row.email = guest.email;
  for (OfferedLine& line : left) line.id = context.ids->make<LineItemId>();
  cart.lines = std::move(left);
  RESYS_TRYV(cart.reprice(tx, caller.store, now));
  cart.save(tx, caller.store, now);
  return success();
}

// Merges the guest's order, which ends as `merged`, into the user's. Returns "<guest's order>
// <letters>".
Result<std::string> merge_into(db::Transaction& tx, const Context& context, const Caller& caller,
                               OpenOrder& user, OpenOrder& guest, OrderState merged,
                               Timestamp now) {
  std::string letters;
  std::vector<OfferedLine> left;
  for (const OfferedLine& line : guest.lines) {
    const MergeResult result = merge_line(tx, context, caller.store, user, line, now);
    if (result == MergeResult::left) left.push_back(line);
    letters += letter_of(result);
  }
  const std::string ids = guest.row.id.text() + " " + letters;
  if (!left.empty() && left.size() == guest.lines.size()) return ids;  // nothing was merged
  merge_coupons(tx, caller.store, user, guest);
  if (user.row.email.empty()) user.row.email = guest.row.email;
  guest.row.state = merged;
  guest.row.merged_into = user.row.id;
  guest.save(tx, caller.store, now);
  RESYS_TRYV(keep_left(tx, context, caller, guest.row, std::move(left), now));
  RESYS_TRYV(user.reprice(tx, caller.store, now));
  user.save(tx, caller.store, now);
  app::record_event(tx, context, caller.store, user.row.id, EventType::cart_merged,
                    {{"guestOrderId", guest.row.id.text()}}, app::actor_of(caller), now);
  return ids;
}

// Returns what the result of a merge is built from: "<user's order> <guest's order> <letters>
// <number>...". A part that does not exist is empty.
Result<std::string> merge_orders(db::Transaction& tx, const Context& context, const Caller& caller,
                                 Timestamp now) {
  const Caller as_user{.store = caller.store, .user_id = caller.user_id};
  const Caller as_guest{.store = caller.store, .session_id = caller.session_id};
  auto user = OpenOrder::lock(tx, as_user);
  auto guest = OpenOrder::lock(tx, as_guest);
  // The guest's order is not merged while its payment is under way.
  const auto merged =
      guest ? next_state(kOrderTransitions, guest->row.state, OrderEvent::merge) : std::nullopt;
  std::string merged_ids = " ";
  if (merged) {
    if (!user) {
      user = OpenOrder::lock_or_insert(tx, app::identity_of(as_user), context.ids->make<OrderId>(),
                                       guest->row.currency, now);
    }
    RESYS_TRYV(require_changeable(user->row));
    RESYS_TRY(ids, merge_into(tx, context, caller, *user, *guest, *merged, now));
    merged_ids = std::move(ids);
  }
  std::string ids = (user ? user->row.id.text() : std::string()) + " " + merged_ids;
  const auto claimed = app::claim_orders(tx, context, caller, caller.user_id,
                                         {.session_id = caller.session_id}, now);
  for (const std::string& number : claimed.numbers) ids += " " + number;
  return ids;
}

Result<MergedCart> load_merged(db::Transaction& tx, const Caller& caller, std::string_view ids,
                               Timestamp now) {
  const auto parts = app::split_ids(ids);
  MergedCart merged;
  merged.claimed_orders.assign(parts.begin() + 3, parts.end());
  if (parts[0].empty()) return merged;
  RESYS_TRY(user, OrderId::parse(parts[0]));
  RESYS_TRY(cart, app::load_cart(tx, caller.store, user, now));
  merged.cart = std::move(cart);
  if (parts[1].empty()) return merged;
  RESYS_TRY(guest, OrderId::parse(parts[1]));
  auto user_lines = store::load_offered_lines(tx, caller.store, user);
  const auto guest_lines = store::load_offered_lines(tx, caller.store, guest);
  for (const LineRow& guest_line : guest_lines) {
    if (merged.lines.size() == parts[2].size()) break;  // a cart that stayed has lines since then
    const OfferedLine* line = find_variant(user_lines, guest_line.variant_id);
    merged.lines.push_back({guest_line.sku, line == nullptr ? 0 : line->quantity,
                            result_of(parts[2][merged.lines.size()])});
  }
  return merged;
}

}  // namespace

Result<Cart> Carts::add_item(const Caller& caller, const AddCartItem& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const OrderId new_id = context_.ids->make<OrderId>();
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    const auto variant = store::find_sellable(tx, caller.store, request.sku);
    if (!variant || !variant->for_sale) {
      return Error(Errc::not_found, "there is no such SKU for sale")
          .at("sku")
          .with("sku", request.sku);
    }
    OpenOrder order =
        OpenOrder::lock_or_insert(tx, app::identity_of(caller), new_id, variant->currency, now);
    RESYS_TRYV(require_changeable(order.row));
    RESYS_TRYV(take_currency(order, *variant));
    RESYS_TRYV(put_into(context_, order, *variant, request.quantity));
    return finish(tx, caller, order, now, "quantity");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::change_item(const Caller& caller, const ChangeCartItem& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto order = OpenOrder::lock(tx, caller);
    if (!order) return no_such_line();
    RESYS_TRY(line, require_line(*order, request.line_item_id));
    const auto variant = store::find_sellable(tx, caller.store, line->variant_id);
    if (!variant->for_sale) {
      return Error(Errc::not_found, "the item is no longer for sale")
          .at("lineItemId")
          .with("sku", line->sku);
    }
    RESYS_TRYV(require_changeable(order->row));
    line->quantity = request.quantity;
    refresh(*line, *variant);
    return finish(tx, caller, *order, now, "quantity");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::remove_item(const Caller& caller, const RemoveCartItem& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto order = OpenOrder::lock(tx, caller);
    if (!order) return no_such_line();
    RESYS_TRY(line, require_line(*order, request.line_item_id));
    RESYS_TRYV(require_changeable(order->row));
    order->lines.erase(line);
    return finish(tx, caller, *order, now, "lineItemId");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::get(const Caller& caller, const GetCart& request) {
  RESYS_TRYV(app::shopper_request(caller, request));
  const Timestamp now = context_.clock->now();
  return context_.database->read([&](db::Transaction& tx) -> Result<Cart> {
    auto row = store::find_open_order(tx, app::identity_of(caller));
    if (!row) return Cart();
    return app::view_cart(tx, caller.store, app::load_contents(tx, caller.store, std::move(*row)),
                          now);
  });
}

Result<Cart> Carts::apply_coupon(const Caller& caller, const ApplyCoupon& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto order = OpenOrder::lock(tx, caller);
    if (!order) return Error(Errc::not_found, "there is no cart");
    auto coupon = store::find_coupon(tx, caller.store, pricing::stored_code(request.code));
    if (!coupon) {
      return Error(Errc::coupon_invalid, "there is no such discount code")
          .at("code")
          .with("reason", "unknown");
    }
    OrderRow& row = order->row;
    RESYS_TRYV(require_changeable(row));
    pricing::CustomerCoupon offered{*std::move(coupon)};
    if (offered.coupon.per_customer_limit) {
      offered.used_by_customer = store::count_coupon_uses(
          tx, caller.store, offered.coupon.id, pricing::customer_of(row.user_id, row.email));
    }
    const Money items(row.item_total_cents, row.currency);
    if (const auto reason = pricing::why_not(offered, items, now)) {
      return pricing::coupon_refusal(offered.coupon, *reason, items.minor()).at("code");
    }
    store::insert_order_coupon(tx, caller.store, row, offered.coupon.id);
    if (row.coupon_count > kMaxCoupons) {
      return Error(Errc::too_large,
                   "the cart already has " + std::to_string(kMaxCoupons) + " discount codes")
          .at("code")
          .with("limit", kMaxCoupons);
    }
    order->reload_coupons(tx, caller.store);
    return finish(tx, caller, *order, now, "code");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::remove_coupon(const Caller& caller, const RemoveCoupon& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    const Error unknown = Error(Errc::not_found, "the cart has no such discount code").at("code");
    auto order = OpenOrder::lock(tx, caller);
    if (!order) return unknown;
    auto& coupons = order->coupons;
    const auto applied =
        std::find_if(coupons.begin(), coupons.end(),
                     [code = pricing::stored_code(request.code)](
                         const store::OrderCouponRow& each) { return each.coupon.code == code; });
    if (applied == coupons.end()) return unknown;
    RESYS_TRYV(require_changeable(order->row));
    store::delete_order_coupon(tx, caller.store, order->row, applied->coupon.id);
    coupons.erase(applied);
    return finish(tx, caller, *order, now, "code");
  };
  return change_cart(context_, caller, request, body);
}

Result<MergedCart> Carts::merge(const Caller& caller, const MergeCart& request) {
  if (caller.user_id.empty() || caller.session_id.empty()) {
    return Error(Errc::unauthenticated,
                 "the caller lacks a signed-in user or the session of the guest's cart");
  }
  RESYS_TRYV(app::shopper_request(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) { return merge_orders(tx, context_, caller, now); };
  const std::string fingerprint = fields::fingerprint(request) + caller.session_id;
  RESYS_TRY(outcome, app::run_command(context_, caller, "MergeCart", fingerprint, now, body));
  return app::after_commit(context_.database->read(
      [&](db::Transaction& tx) { return load_merged(tx, caller, outcome.ids, now); }));
}

}  // namespace resys
