// The order's machine, driven from its own table: each operation in each state either does what the
// table says, or is refused with the facts and changes nothing.
#include <algorithm>
#include <functional>

#include "resys/order.hpp"
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

struct Reached {
  Caller owner;
  std::string number;  // empty: it was never placed
};

// Leads an order of `owner` into the state, through what a shopper and staff can do.
Reached reach(BuyingShop& test, OrderState state, const Caller& owner) {
  Checkout checkout = test.shop->checkout();
  if (state == OrderState::cart) {
    test.shop->cart().add_item(owner, {.sku = "TEA", .quantity = 2}).value();
    return {owner, ""};
  }
  const bool is_offline = state == OrderState::confirm;
  const Placement placed = test.place(owner, is_offline ? test.transfer : test.card);
  const Reached reached{owner, placed.order.number};
  switch (state) {
    case OrderState::address:
      checkout.reopen(owner).value();
      checkout.set_addresses(owner, {.shipping_address = BuyingShop::address(), .email = "a@b.c"})
          .value();
      break;
    case OrderState::delivery:
      checkout.reopen(owner).value();
      break;
    case OrderState::complete:
      test.pay(owner, placed);
      break;
    case OrderState::canceled:
      test.shop->orders().cancel(owner, {placed.order.number}).value();
      break;
    case OrderState::merged: {
      checkout.reopen(owner).value();
      Caller both = owner;
      both.user_id = "user-of-" + owner.session_id;
      test.shop->cart().merge(both).value();
      break;
    }
    case OrderState::cart:
    case OrderState::payment:
    case OrderState::confirm:
      break;
  }
  return reached;
}

Result<void> outcome(const auto& result) {
  if (result.has_error()) return result.error();
  return success();
}

struct Operation {
  std::string name;
  OrderEvent event;
  // Which of the table's states staff or the shopper may use it in; empty: all.
  std::vector<OrderState> only_in;
  std::function<Result<void>(Shop&, const BuyingShop&, const Reached&, const Cart& open)> run;
};

LineItemId first_line(const Cart& open) {
  return open.line_items.empty() ? LineItemId(detail::Uuid{1, 1}) : open.line_items[0].id;
}

// What is done to the open order.
std::vector<Operation> operations_on_carts() {
  return {
      {"add item",
       OrderEvent::change_items,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.cart().add_item(at.owner, {.sku = "MUG"}));
       }},
      {"change item",
       OrderEvent::change_items,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart& open) {
         return outcome(shop.cart().change_item(at.owner, {first_line(open), 3}));
       }},
      {"remove item",
       OrderEvent::change_items,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart& open) {
         return outcome(shop.cart().remove_item(at.owner, {first_line(open)}));
       }},
      {"apply coupon",
       OrderEvent::change_items,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.cart().apply_coupon(at.owner, {"TEN"}));
       }},
      {"set addresses",
       OrderEvent::set_addresses,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.checkout().set_addresses(
             at.owner, {.shipping_address = BuyingShop::address(), .email = "a@b.c"}));
       }},
      {"select shipping",
       OrderEvent::select_shipping,
       {},
       [](Shop& shop, const BuyingShop& test, const Reached& at, const Cart&) {
         return outcome(shop.checkout().select_shipping_method(at.owner, {test.post}));
       }},
      {"place",
       OrderEvent::place,
       {},
       [](Shop& shop, const BuyingShop& test, const Reached& at, const Cart&) {
         return outcome(shop.checkout().place_order(at.owner, {test.card}));
       }},
      {"reopen",
       OrderEvent::reopen,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.checkout().reopen(at.owner, {}));
       }},
  };
}

// What is done to an order by its number.
std::vector<Operation> operations_on_orders() {
  const std::vector<OrderState> authorized{OrderState::confirm};
  // A transfer is promised by no bank.
  const std::vector<OrderState> unpaid{OrderState::address, OrderState::delivery,
                                       OrderState::payment, OrderState::confirm};
  return {
      {"cancel", OrderEvent::cancel, unpaid,
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.orders().cancel(at.owner, {at.number}));
       }},
      {"pay another way",
       OrderEvent::pay,
       {},
       [](Shop& shop, const BuyingShop& test, const Reached& at, const Cart&) {
         return outcome(shop.checkout().pay_order(at.owner, {at.number, test.card}));
       }},
      {"cancel by staff",
       OrderEvent::cancel,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.admin().orders().cancel(staff(), {at.number}));
       }},
      {"capture", OrderEvent::payment_captured, authorized,
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.admin().orders().capture(staff(), {at.number}));
       }},
      {"mark paid", OrderEvent::payment_captured, authorized,
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(shop.admin().orders().mark_paid(staff(), {at.number}));
       }},
      {"ship",
       OrderEvent::ship,
       {},
       [](Shop& shop, const BuyingShop&, const Reached& at, const Cart&) {
         return outcome(
             shop.admin().orders().ship(staff(), {.number = at.number, .tracking_number = "T1"}));
       }},
  };
}

std::vector<OrderState> all_states() {
  std::vector<OrderState> states;
  for (std::size_t i = 0; i < EnumNames<OrderState>::names.size(); ++i) {
    states.push_back(static_cast<OrderState>(i));
  }
  return states;
}

bool is_open(OrderState state) { return state <= OrderState::payment; }

// The state that the table leads to, if the operation may be used there.
std::optional<OrderState> expected(const Operation& operation, OrderState state) {
  OrderEvent event = operation.event;
  if (event == OrderEvent::place && state == OrderState::payment) event = OrderEvent::place_again;
  const auto& only_in = operation.only_in;
  const bool may =
      only_in.empty() || std::find(only_in.begin(), only_in.end(), state) != only_in.end();
  return may ? next_state(kOrderTransitions, state, event) : std::nullopt;
}

// Each order is of a shopper of its own. Merged ones are guests'.
Caller owner_of(OrderState state, int made) {
  const std::string name = "s" + std::to_string(made);
  return state == OrderState::merged ? guest(name) : shopper(name);
}

void check_facts(const Error& refused, OrderState state, OrderEvent event) {
  CHECK(refused.fact("state") == name_of(state));
  CHECK(refused.fact("event") == name_of(event));
}

}  // namespace

TEST_CASE("each operation on an open order does what the table says, or nothing") {
  BuyingShop test;
  test.count("TEA", 10'000);
  int made = 0;
  for (const OrderState state : all_states()) {
    if (!is_open(state)) continue;
    for (const Operation& operation : operations_on_carts()) {
      INFO(operation.name << " in " << name_of(state));
      const Reached at = reach(test, state, owner_of(state, ++made));
      const Cart before = test.shop->cart().get(at.owner, {}).value();
      REQUIRE(before.state == state);
      const Result<void> done = operation.run(*test.shop, test, at, before);
      const Cart after = test.shop->cart().get(at.owner, {}).value();
      if (const auto to = expected(operation, state)) {
        CHECK(done.has_value());
        CHECK(after.state == *to);
        continue;
      }
      check_facts(refusal(done, Errc::invalid_state), state, operation.event);
      CHECK(after.state == state);
      CHECK(after.version == before.version);
    }
  }
}

TEST_CASE("an order that is not open is out of reach of the cart and the checkout") {
  BuyingShop test;
  test.count("TEA", 10'000);
  test.let_guests_check_out();
  int made = 0;
  for (const OrderState state : all_states()) {
    if (is_open(state)) continue;
    for (const Operation& operation : operations_on_carts()) {
      INFO(operation.name << " in " << name_of(state));
      const Reached at = reach(test, state, owner_of(state, ++made));
      const Order before = test.order(at.number);
      REQUIRE(before.state == state);
      const Result<void> done = operation.run(*test.shop, test, at, before);
      const Order after = test.order(at.number);
      CHECK(after.state == state);
      CHECK(after.version == before.version);
      // It is about a cart that is still empty; or, for a line of the order, about nothing.
      if (done.has_error() && done.error().code() == Errc::invalid_state) {
        check_facts(done.error(), OrderState::cart, operation.event);
      } else if (done.has_error()) {
        CHECK(done.error().code() == Errc::not_found);
      } else {
        CHECK(operation.name == "add item");
      }
    }
  }
}

TEST_CASE("each operation on a numbered order does what the table says, or nothing") {
  BuyingShop test;
  test.count("TEA", 10'000);
  test.let_guests_check_out();
  int made = 0;
  for (const OrderState state : all_states()) {
    if (state == OrderState::cart) continue;  // has no number yet
    for (const Operation& operation : operations_on_orders()) {
      INFO(operation.name << " in " << name_of(state));
      const Reached at = reach(test, state, owner_of(state, ++made));
      const Order before = test.order(at.number);
      REQUIRE(before.state == state);
      const Result<void> done = operation.run(*test.shop, test, at, before);
      const Order after = test.order(at.number);
      if (const auto to = expected(operation, state)) {
        CHECK(done.has_value());
        CHECK(after.state == *to);
        continue;
      }
      check_facts(refusal(done, Errc::invalid_state), state, operation.event);
      CHECK(after.state == state);
      CHECK(after.version == before.version);
    }
  }
}

TEST_CASE("an order that was never placed has no number to be found by") {
  BuyingShop test;
  const Order ready = test.fill(shopper());
  CHECK(ready.number.empty());
  CHECK(test.shop->orders().list(shopper()).value().items.empty());
  CHECK(test.shop->admin().orders().list(staff()).value().items.empty());
  refusal(test.shop->orders().get(shopper(), {""}), Errc::invalid_request, "number");
  refusal(test.shop->admin().orders().get(staff(), {ready.id.text()}), Errc::not_found, "number");
}
