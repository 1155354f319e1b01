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
constexpr std::size_t kMaxCoupons = 10;

Error no_such_line() { return Error(Errc::not_found, "there is no such line").at("lineItemId"); }

// The caller's open order, locked, if its lines may be changed.
Result<std::optional<OrderRow>> lock_cart(db::Transaction& tx, const Caller& caller,
                                          Timestamp now) {
  const auto id = store::find_open_order(tx, app::identity_of(caller));
  if (!id) return std::optional<OrderRow>();
  auto row = store::lock_order(tx, caller.store, *id, now);
  return row;
}

Result<void> require_changeable(const OrderRow& row) {
  RESYS_TRYV(domain::transition(row.state, OrderEvent::change_items));
  return success();
}

// The totals follow what was changed in the request's `field`, and the row is written.
Result<std::string> finish(db::Transaction& tx, const Caller& caller, OrderRow& row, Timestamp now,
                           const char* field) {
  auto computed = app::recompute(tx, caller.store, row, now);
  if (computed.has_error()) return std::move(computed).error().at(field);
  store::save_order(tx, caller.store, row, row.state);
  return row.id.text();
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

Result<Cart> load_cart(Context& context, const Caller& caller, const std::string& id) {
  RESYS_TRY(order_id, OrderId::parse(id));
  return context.database->read([&](db::Transaction& tx) -> Result<Cart> {
    return app::load_cart(tx, caller.store, order_id);
  });
}

template <class Request, class Body>
Result<Cart> change_cart(Context& context, const Caller& caller, const Request& request,
                         const Body& body) {
  RESYS_TRYV(app::check_shopper(caller, request));
  const Timestamp now = context.clock->now();
  RESYS_TRY(outcome, app::run_command(context, caller, request, now,
                                      [&](db::Transaction& tx) { return body(tx, now); }));
  return load_cart(context, caller, outcome.ids);
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

Result<void> put_into(db::Transaction& tx, const Context& context, std::string_view store,
                      const OrderRow& row, const store::Sellable& variant, std::int64_t quantity) {
  auto lines = store::load_lines(tx, store, row.id);
  LineRow* line = find_variant(lines, variant.variant_id);
  if (line == nullptr && lines.size() >= kMaxLinesPerCart) {
    return Error(Errc::too_large, "a cart has no more lines than this")
        .at("sku")
        .with("limit", kMaxLinesPerCart);
  }
  LineRow added{.id = context.ids->make<LineItemId>()};
  LineRow& changed = line == nullptr ? added : *line;
  changed.quantity += quantity;
  if (changed.quantity > kMaxUnitsPerLine) {
    return Error(Errc::too_large, "a line has no more units than this")
        .at("quantity")
        .with("limit", kMaxUnitsPerLine)
        .with("quantity", changed.quantity);
  }
  RESYS_TRYV(refresh(changed, variant));
  if (line == nullptr) {
    store::insert_line(tx, store, row.id, changed);
  } else {
    store::update_line(tx, store, row.id, changed);
  }
  return success();
}

Result<LineRow> require_line(db::Transaction& tx, const Caller& caller,
                             const std::optional<OrderRow>& row, const LineItemId& id) {
  if (!row) return no_such_line();
  for (LineRow& line : store::load_lines(tx, caller.store, row->id)) {
    if (line.id == id) return std::move(line);
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

// Moves one line of a guest into the user's order.
MergeResult merge_line(db::Transaction& tx, const Context& context, std::string_view store,
                       OrderRow& user, const LineRow& guest_line) {
  const auto variant = store::find_sellable(tx, store, guest_line.variant_id);
  if (!variant || !variant->for_sale) return MergeResult::unavailable;
  auto lines = store::load_lines(tx, store, user.id);
  if (lines.empty()) user.currency = variant->currency;
  if (user.currency != variant->currency) return MergeResult::unavailable;
  LineRow* line = find_variant(lines, variant->variant_id);
  if (line == nullptr) {
    if (lines.size() >= kMaxLinesPerCart) return MergeResult::unavailable;
    LineRow moved{.id = context.ids->make<LineItemId>(), .quantity = guest_line.quantity};
    if (refresh(moved, *variant).has_error()) return MergeResult::unavailable;
    store::insert_line(tx, store, user.id, moved);
    return MergeResult::moved;
  }
  const std::int64_t sum = line->quantity + guest_line.quantity;
  line->quantity = std::min(sum, kMaxUnitsPerLine);
  if (refresh(*line, *variant).has_error()) return MergeResult::unavailable;
  store::update_line(tx, store, user.id, *line);
  return sum > kMaxUnitsPerLine ? MergeResult::capped : MergeResult::added;
}

void merge_coupons(db::Transaction& tx, std::string_view store, const OrderId& user,
                   const OrderId& guest) {
  std::size_t count = store::load_order_coupons(tx, store, user).size();
  for (const auto& coupon : store::load_order_coupons(tx, store, guest)) {
    if (count == kMaxCoupons) return;
    if (store::insert_order_coupon(tx, store, user, coupon.coupon_id)) ++count;
  }
}

// The guest's order, locked, if there is one to merge: not while its payment is under way.
std::optional<OrderRow> lock_guest_order(db::Transaction& tx, const Caller& caller, Timestamp now) {
  const auto can_merge = [](const OrderRow& row) {
    return next_state(kOrderTransitions, row.state, OrderEvent::merge).has_value();
  };
  const auto id = store::find_open_order(tx, {caller.store, {}, caller.session_id});
  if (!id || !can_merge(store::load_order_row(tx, caller.store, *id).value())) return std::nullopt;
  auto row = store::lock_order(tx, caller.store, *id, now);
  return row && can_merge(*row) ? row : std::nullopt;
}

// What a merge leaves to answer from: "<user's order> <guest's order> <letters>", the user's order
// alone or "" if there was nothing to merge.
Result<std::string> merge_orders(db::Transaction& tx, const Context& context, const Caller& caller,
                                 Timestamp now) {
  const store::Identity user_identity{caller.store, caller.user_id, {}};
  auto user_id = store::find_open_order(tx, user_identity);
  if (user_id) {
    RESYS_TRYV(require_changeable(store::load_order_row(tx, caller.store, *user_id).value()));
  }
  auto found = lock_guest_order(tx, caller, now);
  if (!found) return user_id ? user_id->text() : std::string();
  OrderRow& guest = *found;
  if (!user_id) {
    store::insert_cart(tx, user_identity, context.ids->make<OrderId>(), guest.currency, now);
    user_id = store::find_open_order(tx, user_identity);
  }
  OrderRow user = store::lock_order(tx, caller.store, user_id.value(), now).value();
  RESYS_TRYV(require_changeable(user));

  std::string letters;
  for (const LineRow& line : store::load_lines(tx, caller.store, guest.id)) {
    letters += letter_of(merge_line(tx, context, caller.store, user, line));
  }
  merge_coupons(tx, caller.store, user.id, guest.id);
  const OrderState old = guest.state;
  guest.state = next_state(kOrderTransitions, old, OrderEvent::merge).value();
  guest.merged_into = user.id;
  store::save_order(tx, caller.store, guest, old);
  RESYS_TRYV(finish(tx, caller, user, now, ""));
  app::record_event(tx, context, caller.store, user.id, EventType::cart_merged,
                    {{"guestOrderId", guest.id.text()}}, now);
  return user.id.text() + " " + guest.id.text() + " " + letters;
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
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<std::string> {
    const auto variant = store::find_sellable(tx, caller.store, request.sku);
    if (!variant || !variant->for_sale) {
      return Error(Errc::not_found, "there is no such SKU for sale")
          .at("sku")
          .with("sku", request.sku);
    }
    if (!store::find_open_order(tx, app::identity_of(caller))) {
      store::insert_cart(tx, app::identity_of(caller), new_id, variant->currency, now);
    }
    RESYS_TRY(row, lock_cart(tx, caller, now));
    RESYS_TRYV(require_changeable(*row));
    RESYS_TRYV(take_currency(*row, *variant));
    RESYS_TRYV(put_into(tx, context_, caller.store, *row, *variant, request.quantity));
    return finish(tx, caller, *row, now, "quantity");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::change_item(const Caller& caller, const ChangeCartItem& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<std::string> {
    RESYS_TRY(row, lock_cart(tx, caller, now));
    RESYS_TRY(line, require_line(tx, caller, row, request.line_item_id));
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
    return finish(tx, caller, *row, now, "quantity");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::remove_item(const Caller& caller, const RemoveCartItem& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<std::string> {
    RESYS_TRY(row, lock_cart(tx, caller, now));
    RESYS_TRY(line, require_line(tx, caller, row, request.line_item_id));
    RESYS_TRYV(require_changeable(*row));
    store::delete_line(tx, caller.store, row->id, line.id);
    return finish(tx, caller, *row, now, "lineItemId");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::get(const Caller& caller, const GetCart& request) {
  RESYS_TRYV(app::check_shopper(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Cart> {
    const auto id = store::find_open_order(tx, app::identity_of(caller));
    return id ? app::load_cart(tx, caller.store, *id) : Cart();
  });
}

Result<Cart> Carts::apply_coupon(const Caller& caller, const ApplyCoupon& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<std::string> {
    RESYS_TRY(row, lock_cart(tx, caller, now));
    if (!row) return Error(Errc::not_found, "there is no cart");
    const auto coupon = store::find_coupon(tx, caller.store, domain::stored_code(request.code));
    if (!coupon) {
      return Error(Errc::coupon_invalid, "there is no such discount code")
          .at("code")
          .with("reason", "unknown");
    }
    RESYS_TRYV(require_changeable(*row));
    auto applies = domain::coupon_applies(*coupon, row->item_total_cents, row->currency, now);
    if (applies.has_error()) return std::move(applies).error().at("code");
    const std::size_t applied = store::load_order_coupons(tx, caller.store, row->id).size();
    const bool is_new = store::insert_order_coupon(tx, caller.store, row->id, coupon->id);
    if (is_new && applied >= kMaxCoupons) {
      return Error(Errc::too_large, "a cart has no more discount codes than this")
          .at("code")
          .with("limit", kMaxCoupons);
    }
    return finish(tx, caller, *row, now, "code");
  };
  return change_cart(context_, caller, request, body);
}

Result<Cart> Carts::remove_coupon(const Caller& caller, const RemoveCoupon& request) {
  const auto body = [&](db::Transaction& tx, Timestamp now) -> Result<std::string> {
    RESYS_TRY(row, lock_cart(tx, caller, now));
    const std::string code = domain::stored_code(request.code);
    if (row) {
      for (const auto& applied : store::load_order_coupons(tx, caller.store, row->id)) {
        if (applied.code != code) continue;
        RESYS_TRYV(require_changeable(*row));
        store::delete_order_coupon(tx, caller.store, row->id, applied.coupon_id);
        return finish(tx, caller, *row, now, "code");
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
