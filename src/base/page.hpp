// How lists are paged: one more item than requested is read, which shows whether there is another
// page.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "resys/common.hpp"

namespace resys::app {

// An id beyond every other: where a list begins that has the newest first.
template <class Id>
inline constexpr Id kNewest{detail::Uuid{std::numeric_limits<std::uint64_t>::max(),
                                         std::numeric_limits<std::uint64_t>::max()}};

// The refusal of a request's `after`.
inline Error wrong_cursor() {
  return Error(Errc::invalid_request, "after is not the nextAfter of an earlier page").at("after");
}

// `items` were read with limit + 1. `key` returns an item's place as text, which is the next page's
// `after`.
template <class T, class Key>
Page<T> page_of(std::vector<T> items, std::int64_t limit, Key&& key) {
  Page<T> page{std::move(items), std::nullopt};
  if (static_cast<std::int64_t>(page.items.size()) > limit) {
    page.items.pop_back();
    page.next_after = key(page.items.back());
  }
  return page;
}

}  // namespace resys::app
