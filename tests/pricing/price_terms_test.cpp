// Which price of the price lists counts: by priority, then by price, and by quantity.
#include "pricing/price_list.hpp"

#include <algorithm>
#include <limits>

#include "support/amounts.hpp"
#include "support/catch.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using pricing::ListEntry;
using pricing::PriceListBuyer;
using pricing::PriceListTerms;
using pricing::PriceRules;

namespace {

constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);
const Currency kEuro = Currency::parse("EUR").value();
const Currency kDollar = Currency::parse("USD").value();

PriceListId list_id(std::uint64_t number) { return PriceListId(detail::Uuid{1, number}); }

// One list with the price 500 from one unit on, for the buyer's choice.
std::int64_t price_of(PriceList list, const PriceListBuyer& buyer = {kEuro, {}, ""},
                      Timestamp now = kNow) {
  list.id = list_id(1);
  list.currency = kEuro;
  PriceRules rules;
  rules.taxes.home_country = "DE";
  rules.price_lists = {list};
  return PriceListTerms(rules, buyer, now).price(1'000, {{list.id, 1, 500}}, 1);
}

// Three lists, some of the same priority, with prices from some quantities on.
struct Lists {
  PriceRules rules;
  std::vector<ListEntry> entries;
};
Lists random_lists(Amounts& amounts) {
  Lists out;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    PriceList list{.id = list_id(i), .currency = kEuro};
    list.priority = static_cast<std::int64_t>(amounts.count(2)) - 1;
    list.active = amounts.count(5) > 0;
    out.rules.price_lists.push_back(list);
    for (std::size_t tier = amounts.count(4); tier > 0; --tier) {
      const auto quantity = static_cast<std::int64_t>(1 + amounts.count(20));
      const bool is_taken =
          std::any_of(out.entries.begin(), out.entries.end(), [&](const ListEntry& entry) {
            return entry.price_list_id == list.id && entry.min_quantity == quantity;
          });
      if (!is_taken) out.entries.push_back({list.id, quantity, amounts.positive()});
    }
  }
  return out;
}

// The same by trying the priorities in turn.
std::int64_t expected_price(const Lists& lists, std::int64_t base, std::int64_t quantity) {
  for (std::int64_t priority = -1; priority <= 1; ++priority) {
    std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
    for (const PriceList& list : lists.rules.price_lists) {
      if (!list.active || list.priority != priority) continue;
      std::int64_t reached = 0;
      std::int64_t price = lowest;
      for (const ListEntry& entry : lists.entries) {
        const bool counts = entry.price_list_id == list.id && entry.min_quantity <= quantity;
        if (!counts || entry.min_quantity < reached) continue;
        reached = entry.min_quantity;
        price = entry.price_cents;
      }
      lowest = std::min(lowest, price);
    }
    if (lowest != std::numeric_limits<std::int64_t>::max()) return lowest;
  }
  return base;
}

}  // namespace

TEST_CASE("a price list applies to its currency, groups, countries, and time") {
  CHECK(price_of({}) == 500);
  CHECK(price_of({.active = false}) == 1'000);
  CHECK(price_of({}, {kDollar, {}, ""}) == 1'000);

  const PriceList for_groups{.customer_groups = {"vip", "trade"}};
  CHECK(price_of(for_groups) == 1'000);
  CHECK(price_of(for_groups, {kEuro, {"club"}, ""}) == 1'000);
  CHECK(price_of(for_groups, {kEuro, {"club", "trade"}, ""}) == 500);

  const PriceList for_germany{.countries = {"AT", "DE"}};
  CHECK(price_of(for_germany) == 500);  // the store's home
  CHECK(price_of(for_germany, {kEuro, {}, "AT"}) == 500);
  CHECK(price_of(for_germany, {kEuro, {}, "FR"}) == 1'000);

  const PriceList for_a_moment{.valid_from = kNow, .valid_until = kNow.plus(1)};
  const PriceListBuyer buyer{kEuro, {}, ""};
  CHECK(price_of(for_a_moment, buyer, kNow.plus(-1)) == 1'000);
  CHECK(price_of(for_a_moment, buyer, kNow) == 500);
  CHECK(price_of(for_a_moment, buyer, kNow.plus(1)) == 1'000);
}

TEST_CASE("the largest quantity that is reached counts, the lowest priority, the lowest price") {
  PriceRules rules;
  rules.price_lists = {{.id = list_id(1), .currency = kEuro},
                       {.id = list_id(2), .currency = kEuro},
                       {.id = list_id(3), .currency = kEuro, .priority = -1}};
  const std::vector<ListEntry> entries{{list_id(1), 1, 900},
                                       {list_id(1), 10, 800},
                                       {list_id(2), 5, 850},
                                       {list_id(2), 20, 950},
                                       {list_id(3), 100, 990}};
  const PriceListTerms terms(rules, {kEuro, {}, ""}, kNow);
  const auto price = [&](std::int64_t quantity) { return terms.price(1'000, entries, quantity); };
  CHECK(price(1) == 900);
  CHECK(price(4) == 900);
  CHECK(price(5) == 850);
  CHECK(price(9) == 850);
  CHECK(price(10) == 800);
  CHECK(price(20) == 800);
  CHECK(price(99) == 800);
  CHECK(price(100) == 990);  // a higher price, of a list that comes first
  CHECK(terms.price(1'000, {}, 1) == 1'000);
  CHECK(terms.price(1'000, {{list_id(2), 5, 0}}, 4) == 1'000);
  CHECK(terms.price(1'000, {{list_id(2), 5, 0}}, 5) == 0);
}

TEST_CASE("the price is the same for every order of lists and of their prices") {
  Amounts amounts(11);
  for (std::int64_t run = by_tier(200, 1'000, 20'000); run > 0; --run) {
    Lists lists = random_lists(amounts);
    const auto quantity = static_cast<std::int64_t>(1 + amounts.count(25));
    const auto price = [&] {
      return PriceListTerms(lists.rules, {kEuro, {}, ""}, kNow)
          .price(1'000, lists.entries, quantity);
    };
    const std::int64_t found = price();
    CHECK(found == expected_price(lists, 1'000, quantity));
    std::reverse(lists.rules.price_lists.begin(), lists.rules.price_lists.end());
    std::reverse(lists.entries.begin(), lists.entries.end());
    CHECK(price() == found);
  }
}
