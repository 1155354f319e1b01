// The tables of the state machines, row by row and hole by hole.
#include <set>

#include "resys/inventory.hpp"
#include "resys/order_state.hpp"
#include "resys/payment.hpp"
#include "support/catch.hpp"

using namespace resys;

namespace {

template <class Enum>
void check_names() {
  const auto& names = EnumNames<Enum>::names;
  std::set<std::string_view> unique;
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(!names[i].empty());
    unique.insert(names[i]);
    CHECK(parse_name<Enum>(names[i]) == static_cast<Enum>(i));
    CHECK(name_of(static_cast<Enum>(i)) == names[i]);
  }
  CHECK(unique.size() == names.size());
  CHECK(!parse_name<Enum>(""));
  CHECK(!parse_name<Enum>("nonsense"));
}

// Each pair of state and event leads where its row says, and nowhere without one.
template <class State, class Event, std::size_t N>
void check_table(const Transition<State, Event> (&table)[N]) {
  check_names<State>();
  check_names<Event>();
  CHECK(deterministic(table));
  std::size_t rows = 0;
  std::set<Event> used;
  for (std::size_t from = 0; from < EnumNames<State>::names.size(); ++from) {
    for (std::size_t event = 0; event < EnumNames<Event>::names.size(); ++event) {
      if (next_state(table, static_cast<State>(from), static_cast<Event>(event))) {
        ++rows;
        used.insert(static_cast<Event>(event));
      }
    }
  }
  CHECK(rows == N);
  CHECK(used.size() == EnumNames<Event>::names.size());
}

template <class State, class Event, std::size_t N>
bool is_end(const Transition<State, Event> (&table)[N], State state) {
  for (const auto& row : table) {
    if (row.from == state && row.to != state) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the order's machine") {
  check_table(kOrderTransitions);
  const auto next = [](OrderState from, OrderEvent event) {
    return next_state(kOrderTransitions, from, event);
  };
  CHECK(next(OrderState::delivery, OrderEvent::place) == OrderState::payment);
  CHECK(next(OrderState::payment, OrderEvent::payment_captured) == OrderState::complete);
  CHECK(!next(OrderState::cart, OrderEvent::place));
  CHECK(!next(OrderState::cart, OrderEvent::select_shipping));
  // Items are frozen from Payment on, so that the intent and the total never differ.
  for (const OrderState frozen : {OrderState::payment, OrderState::confirm, OrderState::complete,
                                  OrderState::canceled, OrderState::merged}) {
    CHECK(!next(frozen, OrderEvent::change_items));
    CHECK(!next(frozen, OrderEvent::set_addresses));
    CHECK(!next(frozen, OrderEvent::select_shipping));
    CHECK(!next(frozen, OrderEvent::merge));
  }
  CHECK(is_end(kOrderTransitions, OrderState::canceled));
  CHECK(is_end(kOrderTransitions, OrderState::merged));
  CHECK(!next(OrderState::merged, OrderEvent::cancel));
}

TEST_CASE("the payment's machine") {
  check_table(kPaymentTransitions);
  CHECK(is_end(kPaymentTransitions, PaymentState::captured));
  // Money that comes late is the only thing that can follow an end.
  for (const PaymentState end : {PaymentState::failed, PaymentState::voided}) {
    for (std::size_t i = 0; i < EnumNames<PaymentEvent>::names.size(); ++i) {
      const auto event = static_cast<PaymentEvent>(i);
      CHECK(next_state(kPaymentTransitions, end, event).has_value() ==
            (event == PaymentEvent::capture));
    }
  }
}

TEST_CASE("the inventory unit's machine") {
  check_table(kUnitTransitions);
  CHECK(is_end(kUnitTransitions, UnitState::returned));
  CHECK(is_end(kUnitTransitions, UnitState::released));
}
