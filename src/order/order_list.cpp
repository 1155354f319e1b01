// A search reads the orders, newest first, and compares their text. So there is no search index to
// update when an order is placed, changed or forgotten. Complete order numbers and e-mail addresses
// have an index, and are looked up there.
#include "order/order_list.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "base/folding.hpp"

namespace resys::app {
namespace {

using rows::OrderFilter;
using rows::PlacedKey;

// How many lines of orders one statement reads. When enough orders are found, few lines were read
// in vain.
constexpr std::int64_t kBatch = 500;
static_assert(kBatch > kMaxLinesPerCart, "a batch holds one whole order at least");
static_assert(kMaxSearchedLines >= kBatch);

// The form in which texts are compared.
std::string comparable(std::string_view text) { return domain::folded(domain::as_ascii(text)); }

std::vector<std::string> words_of(std::string_view q) {
  std::vector<std::string> words(1);
  for (const char letter : comparable(q)) {
    if (letter != ' ') {
      words.back() += letter;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

// Makes a page of keys that were read with limit + 1.
OrderPage cut(std::vector<PlacedKey> keys, std::int64_t limit) {
  OrderPage page{std::move(keys), std::nullopt};
  if (static_cast<std::int64_t>(page.keys.size()) > limit) {
    page.keys.pop_back();
    page.next = page.keys.back();
  }
  return page;
}

// Upper case, as order numbers are.
std::string upper_case(std::string_view q) {
  std::string text(q);
  for (char& letter : text) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return text;
}

bool is_before(const PlacedKey& left, const PlacedKey& right) {
  return std::tie(left.placed_at, left.id) < std::tie(right.placed_at, right.id);
}

// A page with the order of this number, if there is one. Then no other order can match.
std::optional<OrderPage> find_by_number(const Scope& scope, const OrderFilter& filter,
                                        std::string_view q, const PlacedKey& before) {
  const auto row = rows::find_order(scope, upper_case(q));
  if (!row || !row->placed_at) return std::nullopt;
  const PlacedKey key{*row->placed_at, row->id};
  const bool is_wanted = filter.state.value_or(row->state) == row->state &&
                         (filter.user_id.empty() || filter.user_id == row->user_id) &&
                         is_before(key, before);
  OrderPage page;
  if (is_wanted) page.keys.push_back(key);
  return page;
}

OrderPage search(const Scope& scope, const OrderFilter& filter,
                 const std::vector<std::string>& words, PlacedKey before, std::int64_t limit) {
  OrderPage page;
  bool more = true;
  for (std::int64_t left = kMaxSearchedLines; more && left >= kBatch;) {
    const auto batch = rows::load_searched_orders(scope, filter, before, kBatch);
    for (const rows::SearchedOrder& order : batch.orders) {
      if (has_all(comparable(order.text), words)) page.keys.push_back(order.key);
      if (static_cast<std::int64_t>(page.keys.size()) > limit) return cut(page.keys, limit);
      before = order.key;
    }
    left -= batch.lines;
    more = batch.more;
  }
  if (more) page.next = before;
  return page;
}

}  // namespace

OrderPage page_of_orders(const Scope& scope, const OrderFilter& filter, std::string_view q,
                         const PlacedKey& before, std::int64_t limit) {
  const auto words = words_of(q);
  if (words.empty()) {
    return cut(rows::list_placed_orders(scope, filter, before, limit + 1), limit);
  }
  if (auto named = find_by_number(scope, filter, q, before)) return *std::move(named);
  const bool is_email =
      filter.user_id.empty() &&
      !rows::list_placed_orders_of(scope, q, std::nullopt, kNewestPlaced, 1).empty();
  if (is_email) {
    return cut(rows::list_placed_orders_of(scope, q, filter.state, before, limit + 1), limit);
  }
  return search(scope, filter, words, before, limit);
}

}  // namespace resys::app
