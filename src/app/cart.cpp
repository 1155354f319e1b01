// The cart: lines with price snapshots, discount codes, and the guest's cart that becomes the
// user's.
#include "resys/cart.hpp"

#include <algorithm>

#include "app/event.hpp"
#include "app/order_command.hpp"
#include "app/order_view.hpp"
#include "domain/order.hpp"
#include "domain/promotion.hpp"
#include "fields/cart.hpp"
#include "store/catalog.hpp"
#include "store/promotion.hpp"

namespace resys {
namespace {

using store::LineRow;
using store::OrderRow;

// How many discount codes one cart may have.
constexpr std::int64_t kMaxCoupons = 10;

Error no_such_line() { return Error(Errc::not_found, "there is no such line").at("lineItemId"); }

std::optional<OrderRow> lock_cart(db::Transaction& tx, const Caller& caller) {
  return store::find_open_order(tx, app::identity_of(caller));
}

Result<void> require_changeable(const OrderRow& row) {
  RESYS_TRYV(domain::transition(row.state, OrderEvent::change_items));
  return success();
}

// The totals follow what was changed in the request's `field`, and the row is written.
Result<Cart> finish(db::Transaction& tx, const Caller& caller, OrderRow& row,
                    const OrderRow& before, Timestamp now, const char* field) {
  auto coupons = store::load_order_coupons(tx, caller.store, row);
  const auto shipping = app::chosen_shipping(tx, caller.store, row);
  auto computed = app::recompute(tx, caller.store, row, coupons, shipping, now);
  if (computed.has_error()) return std::move(computed).error().at(field);
  store::save_order(tx, caller.store, row, before, now);
  return app::view_cart(tx, caller.store, row, coupons);
}

// The same after its lines were changed to these.
Result<Cart> finish(db::Transaction& tx, const Caller& caller, OrderRow& row,
                    const OrderRow& before, const std::vector<LineRow>& lines, Timestamp now,
                    const char* field) {
  auto counted = app::count_items(row, lines);
  if (counted.has_error()) return std::move(counted).error().at(field);
  return finish(tx, caller, row, before, now, field);
}

// The line as it stands in the catalog now: name, picture and price of this moment.
Result<void> refresh(LineRow& line, const store::Sellable& variant) {
  line.variant_id = variant.variant_id;
  line.sku = variant.sku;
  line.name = variant.name;
  line.options = variant.options;
  line.image_url = variant.image_url;
  auto priced = app::price_line(line, Money(variant.price_cents, variant.currency));
  if (priced.has_error()) return std::move(priced).error().at("quantity");
  return success();
}

LineRow* find_variant(std::vector<LineRow>& lines, const VariantId& variant) {
  const auto found = std::find_if(lines.begin(), lines.end(),
                                  [&](const LineRow& line) { return line.variant_id == variant; });
  return found == lines.end() ? nullptr : &*found;
}

template <class Request, class Body>
Result<Cart> change_cart(Context& context, const Caller& caller, const Request& request,
                         const Body& body) {
  RESYS_TRYV(app::check_shopper(caller, request));
  const Timestamp now = context.clock->now();
  return app::run_order_command<Cart>(
      context, caller, request, now, [&](db::Transaction& tx) { return body(tx, now); },
      app::load_cart);
}

// ---- lines

// An empty cart takes any currency; one with lines keeps its own.
Result<void> take_currency(OrderRow& row, const store::Sellable& variant) {
  if (row.item_count == 0) row.currency = variant.currency;
  if (row.currency == variant.currency) return success();
  return Error(Errc::unsupported_currency, "the cart is in another currency")
      .at("sku")
      .with("cartCurrency", std::string(row.currency.code()))
      .with("currency", std::string(variant.currency.code()));
}

// Adds to the line of the variant, or a line.
Result<void> put_into(db::Transaction& tx, const Context& context, std::string_view store,
                      const OrderRow& row, std::vector<LineRow>& lines,
                      const store::Sellable& variant, std::int64_t quantity) {
  LineRow* line = find_variant(lines, variant.variant_id);
  const bool is_new = line == nullptr;
  if (is_new && lines.size() >= kMaxLinesPerCart) {
    return Error(Errc::too_large, "a cart has no more lines than this")
        .at("sku")
        .with("limit", kMaxLinesPerCart);
  }
  if (is_new) line = &lines.emplace_back(LineRow{.id = context.ids->make<LineItemId>()});
  line->quantity += quantity;
  if (line->quantity > kMaxUnitsPerLine) {
    return Error(Errc::too_large, "a line has no more units than this")
        .at("quantity")
        .with("limit", kMaxUnitsPerLine)
        .with("quantity", line->quantity);
  }
  RESYS_TRYV(refresh(*line, variant));
  if (is_new) {
    store::insert_line(tx, store, row.id, *line);
  } else {
    store::update_line(tx, store, row.id, *line);
  }
  return success();
}

// The order's lines, and which of them has the id.
struct FoundLine {
  std::vector<LineRow> lines;
  std::size_t at = 0;
};

Result<FoundLine> require_line(db::Transaction& tx, const Caller& caller,
                               const std::optional<OrderRow>& row, const LineItemId& id) {
  if (!row) return no_such_line();
  FoundLine found{store::load_lines(tx, caller.store, row->id)};
  for (; found.at < found.lines.size(); ++found.at) {
    if (found.lines[found.at].id == id) return found;
  }
  return no_such_line();
}

// ---- merge

// Which line became what, in the order of the guest's lines: the first letters of MergeResult.
char letter_of(MergeResult result) { return name_of(result).front(); }

MergeResult result_of(char letter) {
  for (const auto name : EnumNames<MergeResult>::names) {
    if (name.front() == letter) return *parse_name<MergeResult>(name);
  }
  return MergeResult::unavailable;
}

// Moves one line of a guest into the user's order, which has these lines.
MergeResult merge_line(db::Transaction& tx, const Context& context, std::string_view store,
                       OrderRow& user, std::vector<LineRow>& lines, const LineRow& guest_line) {
  const auto variant = store::find_sellable(tx, store, guest_line.variant_id);
  if (!variant || !variant->for_sale) return MergeResult::unavailable;
  if (lines.empty()) user.currency = variant->currency;
  if (user.currency != variant->currency) return MergeResult::unavailable;
  LineRow* line = find_variant(lines, variant->variant_id);
  if (line == nullptr) {
    if (lines.size() >= kMaxLinesPerCart) return MergeResult::unavailable;
    LineRow moved{.id = context.ids->make<LineItemId>(), .quantity = guest_line.quantity};
    if (refresh(moved, *variant).has_error()) return MergeResult::unavailable;
    store::insert_line(tx, store, user.id, moved);
    lines.push_back(std::move(moved));
    return MergeResult::moved;
  }
  LineRow changed = *line;
  const std::int64_t sum = line->quantity + guest_line.quantity;
  changed.quantity = std::min(sum, kMaxUnitsPerLine);
  if (refresh(changed, *variant).has_error()) return MergeResult::unavailable;
  store::update_line(tx, store, user.id, changed);
  *line = std::move(changed);
  return sum > kMaxUnitsPerLine ? MergeResult::capped : MergeResult::added;
}

void merge_coupons(db::Transaction& tx, std::string_view store, OrderRow& user,
                   const OrderRow& guest) {
  for (const auto& each : store::load_order_coupons(tx, store, guest)) {
    if (user.coupon_count == kMaxCoupons) return;
    store::insert_order_coupon(tx, store, user, each.coupon.id);
  }
}

// What a merge leaves to answer from: "<user's order> <guest's order> <letters>", the user's order
// alone or "" if there was nothing to merge.
Result<std::string> merge_orders(db::Transaction& tx, const Context& context, const Caller& caller,
                                 Timestamp now) {
  const store::Identity user_identity{caller.store, caller.user_id, {}};
  auto found = store::find_open_order(tx, user_identity);
  if (found) {
    RESYS_TRYV(require_changeable(*found));
  }
  auto guest = store::find_open_order(tx, {caller.store, {}, caller.session_id});
  // Not while the guest's payment is under way.
  const auto merged =
      guest ? next_state(kOrderTransitions, guest->state, OrderEvent::merge) : std::nullopt;
  if (!merged) return found ? found->id.text() : std::string();
  if (!found) {
    store::insert_cart(tx, user_identity, context.ids->make<OrderId>(), guest->currency, now);
    found = store::find_open_order(tx, user_identity);
    RESYS_TRYV(require_changeable(*found));
  }
  OrderRow& user = *found;
  const OrderRow user_before = user;
  const OrderRow guest_before = *guest;

  std::string letters;
  auto lines = store::load_lines(tx, caller.store, user.id);
  for (const LineRow& line : store::load_lines(tx, caller.store, guest->id)) {
    letters += letter_of(merge_line(tx, context, caller.store, user, lines, line));
  }
  merge_coupons(tx, caller.store, user, *guest);
  guest->state = *merged;
  guest->merged_into = user.id;
  store::save_order(tx, caller.store, *guest, guest_before, now);
  RESYS_TRYV(finish(tx, caller, user, user_before, lines, now, ""));
  app::record_event(tx, context, caller.store, user.id, EventType::cart_merged,
                    {{"guestOrderId", guest->id.text()}}, now);
  return user.id.text() + " " + guest->id.text() + " " + letters;
}

Result<MergedCart> load_merged(db::Transaction& tx, const Caller& caller, std::string_view ids) {
  const std::size_t id_length = OrderId(detail::Uuid{1, 1}).text().size();
  MergedCart merged;
  RESYS_TRY(user, OrderId::parse(ids.substr(0, id_length)));
  RESYS_TRY(cart, app::load_cart(tx, caller.store, user));
  merged.cart = std::move(cart);
  if (ids.size() == id_length) return merged;
  RESYS_TRY(guest, OrderId::parse(ids.substr(id_length + 1, id_length)));
  const std::string_view letters = ids.substr(2 * (id_length + 1));
  const auto guest_lines = store::load_lines(tx, caller.store, guest);
  for (std::size_t i = 0; i < guest_lines.size(); ++i) {
    MergedLine line{guest_lines[i].sku, 0, result_of(letters[i])};
    for (const LineItem& item : merged.cart.line_items) {
      if (item.sku == line.sku) line.quantity = item.quantity;
    }
    merged.lines.push_back(std::move(line));
  }
  return merged;
}

}  // namespace

Result<Cart> Carts::add_item(const Caller& caller, const AddCartItem& request) {
  const OrderId new_id = context_.ids->make<OrderId>();
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    const auto variant = store::find_sellable(tx, caller.store, request.sku);
    if (!variant || !variant->for_sale) {
      return Error(Errc::not_found, "there is no such SKU for sale")
          .at("sku")
          .with("sku", request.sku);
    }
    auto row = lock_cart(tx, caller);
    if (!row) {
      store::insert_cart(tx, app::identity_of(caller), new_id, variant->currency, now);
      row = lock_cart(tx, caller);
    }
    const OrderRow before = row.value();
    RESYS_TRYV(require_changeable(*row));
    RESYS_TRYV(take_currency(*row, *variant));
    auto lines = store::load_lines(tx, caller.store, row->id);
    RESYS_TRYV(put_into(tx, context_, caller.store, *row, lines, *variant, request.quantity));
    return finish(tx, caller, *row, before, lines, now, "quantity");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::change_item(const Caller& caller, const ChangeCartItem& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto row = lock_cart(tx, caller);
    RESYS_TRY(found, require_line(tx, caller, row, request.line_item_id));
    const OrderRow before = *row;
    LineRow& line = found.lines[found.at];
    const auto variant = store::find_sellable(tx, caller.store, line.variant_id);
    if (!variant->for_sale) {
      return Error(Errc::not_found, "this is not for sale any more")
          .at("lineItemId")
          .with("sku", line.sku);
    }
    RESYS_TRYV(require_changeable(*row));
    line.quantity = request.quantity;
    RESYS_TRYV(refresh(line, *variant));
    store::update_line(tx, caller.store, row->id, line);
    return finish(tx, caller, *row, before, found.lines, now, "quantity");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::remove_item(const Caller& caller, const RemoveCartItem& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto row = lock_cart(tx, caller);
    RESYS_TRY(found, require_line(tx, caller, row, request.line_item_id));
    const OrderRow before = *row;
    RESYS_TRYV(require_changeable(*row));
    const auto line = found.lines.begin() + static_cast<std::ptrdiff_t>(found.at);
    store::delete_line(tx, caller.store, row->id, line->variant_id);
    found.lines.erase(line);
    return finish(tx, caller, *row, before, found.lines, now, "lineItemId");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::get(const Caller& caller, const GetCart& request) {
  RESYS_TRYV(app::check_shopper(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Cart> {
    const auto row = store::find_open_order(tx, app::identity_of(caller));
    if (!row) return Cart();
    return app::view_cart(tx, caller.store, *row,
                          store::load_order_coupons(tx, caller.store, *row));
  });
}

Result<Cart> Carts::apply_coupon(const Caller& caller, const ApplyCoupon& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto row = lock_cart(tx, caller);
    if (!row) return Error(Errc::not_found, "there is no cart");
    const OrderRow before = *row;
    const auto coupon = store::find_coupon(tx, caller.store, domain::stored_code(request.code));
    if (!coupon) {
      return Error(Errc::coupon_invalid, "there is no such discount code")
          .at("code")
          .with("reason", "unknown");
    }
    RESYS_TRYV(require_changeable(*row));
    auto applies = domain::coupon_applies(*coupon, row->item_total_cents, row->currency, now);
    if (applies.has_error()) return std::move(applies).error().at("code");
    store::insert_order_coupon(tx, caller.store, *row, coupon->id);
    if (row->coupon_count > kMaxCoupons) {
      return Error(Errc::too_large, "a cart has no more discount codes than this")
          .at("code")
          .with("limit", kMaxCoupons);
    }
    return finish(tx, caller, *row, before, now, "code");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::remove_coupon(const Caller& caller, const RemoveCoupon& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<Cart> {
    auto row = lock_cart(tx, caller);
    const std::string code = domain::stored_code(request.code);
    if (row) {
      const OrderRow before = *row;
      for (const auto& applied : store::load_order_coupons(tx, caller.store, *row)) {
        if (applied.coupon.code != code) continue;
        RESYS_TRYV(require_changeable(*row));
        store::delete_order_coupon(tx, caller.store, *row, applied.coupon.id);
        return finish(tx, caller, *row, before, now, "code");
      }
    }
    return Error(Errc::not_found, "the cart has no such discount code").at("code");
  };
  return change_cart(context_, caller, request, body);
}

Result<MergedCart> Carts::merge(const Caller& caller, const MergeCart& request) {
  if (caller.user_id.empty() || caller.session_id.empty()) {
    return Error(Errc::unauthenticated, "merging needs a signed-in user and the guest's session");
  }
  RESYS_TRYV(app::check_shopper(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) { return merge_orders(tx, context_, caller, now); };
  const std::string fingerprint = fields::fingerprint(request) + caller.session_id;
  RESYS_TRY(outcome, app::run_command(context_, caller, fields::type_name<MergeCart>(), fingerprint,
                                      now, body));
  if (outcome.ids.empty()) return MergedCart();
  return context_.database->read(
      [&](db::Transaction& tx) { return load_merged(tx, caller, outcome.ids); });
}

}  // namespace resys
