// State machines as constexpr tables. Documentation, SQL guards and the exported description all
// read the same rows.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace resys {

template <class State, class Event>
struct Transition {
  State from{};
  Event event{};
  State to{};
};

// The names of an enum's values, in the order of the values: specialized beside each enum.
// `static constexpr std::array<std::string_view, N> names`, and `type` for the exported
// description.
template <class Enum>
struct EnumNames;

template <class Enum>
constexpr std::string_view name_of(Enum value) noexcept {
  return EnumNames<Enum>::names[static_cast<std::size_t>(value)];
}

template <class Enum>
constexpr std::optional<Enum> parse_name(std::string_view name) noexcept {
  for (std::size_t i = 0; i < EnumNames<Enum>::names.size(); ++i) {
    if (EnumNames<Enum>::names[i] == name) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// The state that `event` leads to, or nothing where the table has no such row.
template <class State, class Event, std::size_t N>
constexpr std::optional<State> next_state(const Transition<State, Event> (&table)[N], State from,
                                          Event event) noexcept {
  for (const auto& row : table) {
    if (row.from == from && row.event == event) return row.to;
  }
  return std::nullopt;
}

// No two rows share their state and event.
template <class State, class Event, std::size_t N>
constexpr bool deterministic(const Transition<State, Event> (&table)[N]) noexcept {
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = i + 1; j < N; ++j) {
      if (table[i].from == table[j].from && table[i].event == table[j].event) return false;
    }
  }
  return true;
}

// Every state of the enum can be reached from `start`.
template <class State, class Event, std::size_t N>
constexpr bool all_reachable(const Transition<State, Event> (&table)[N], State start) noexcept {
  constexpr std::size_t count = EnumNames<State>::names.size();
  std::array<bool, count> reached{};
  reached[static_cast<std::size_t>(start)] = true;
  for (std::size_t pass = 0; pass < count; ++pass) {
    for (const auto& row : table) {
      if (reached[static_cast<std::size_t>(row.from)])
        reached[static_cast<std::size_t>(row.to)] = true;
    }
  }
  for (bool each : reached) {
    if (!each) return false;
  }
  return true;
}

}  // namespace resys
