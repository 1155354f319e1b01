// What the headers of all nouns share.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "resys/host.hpp"
#include "resys/id.hpp"
#include "resys/money.hpp"

namespace resys {

// What a shop's services work with: not for hosts.
struct Context;

// Name-value pairs in the order they are shown: {"size","M"}. In JSON an object.
using Pairs = std::vector<std::pair<std::string, std::string>>;

// A page of a list. `limit` of a request is 1 to 200. `next_after` goes into the next request's
// `after` as it is, for its form may change; it is absent on the last page. An `after` that did not
// come from there is invalid_request.
template <class T>
struct Page {
  std::vector<T> items{};
  std::optional<std::string> next_after{};
};

// A change of a value that may be absent: nothing (it stays as it is), `cleared` (it is taken away;
// in JSON null), or the new value. std::nullopt is nothing.
template <class T>
using Change = std::optional<std::optional<T>>;

// {.usage_limit = cleared} takes the limit away.
struct Cleared {
  template <class T>
  operator std::optional<std::optional<T>>() const {
    return std::optional<T>();
  }
};
inline constexpr Cleared cleared{};

struct Removed {
  bool removed = true;
};

}  // namespace resys
