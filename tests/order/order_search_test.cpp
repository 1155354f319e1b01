// What staff find orders by, and how what they find is paged.
#include <algorithm>
#include <cctype>

#include "base/limits.hpp"
#include "support/buying_shop.hpp"
#include "support/look.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Numbers = std::vector<std::string>;

struct SearchShop : BuyingShop {
  Orders orders() { return shop->orders(); }
  Admin admin() { return shop->admin(); }

  // Placed a second after the order before.
  Placement place_as(const Caller& caller, const SetAddresses& addresses,
                     const std::string& sku = "TEA") {
    clock->advance(kMicrosPerSecond);
    shop->cart().add_item(caller, {.sku = sku}).value();
    shop->checkout().set_addresses(caller, addresses).value();
    shop->checkout().select_shipping_method(caller, {post}).value();
    return shop->checkout().place_order(caller, {card}).value();
  }
  std::string buy_as(const char* user, const char* email) {
    const Placement placed =
        place_as(shopper(user), {.shipping_address = address(), .email = email});
    pay(shopper(user), placed);
    return placed.order.number;
  }

  // Of all pages; a page that is followed by others may be empty.
  Numbers search(ListAllOrders request) {
    Numbers found;
    do {
      const Page<Order> page = admin().orders().list(staff(), request).value();
      CHECK(static_cast<std::int64_t>(page.items.size()) <= request.limit);
      for (const Order& order : page.items) found.push_back(order.number);
      request.after = page.next_after;
    } while (request.after);
    return found;
  }
  Numbers find(const std::string& q, std::optional<OrderState> state = {}) {
    return search({.state = state, .q = q});
  }
};

AddressInput in_krakow() {
  return {.first_name = "Łukasz",
          .last_name = "Müller-Nowak",
          .company = "Bäckerei Groß",
          .line1 = "ulica Długa 1",
          .city = "Kraków",
          .postal_code = "31-146",
          .country = "PL"};
}

AddressInput in_goteborg() {
  return {.first_name = "Zoë",
          .last_name = "Ångström",
          .line1 = "Storgatan 1",
          .city = "Göteborg",
          .postal_code = "411 24",
          .country = "SE"};
}

std::string lower_case(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::tolower(letter));
  return text;
}

}  // namespace

TEST_CASE("staff find an order by who it goes to, who pays, and what is in it") {
  SearchShop test;
  const std::string london = test.buy_as("ada", "ada@example.com");
  const std::string krakow = test.place_as(shopper("lukasz"),
                                           {.shipping_address = in_krakow(),
                                            .billing_address = in_goteborg(),
                                            .email = "orders.pl@piekarnia.example"},
                                           "MUG")
                                 .order.number;
  const std::string half = krakow.substr(3, 7);
  for (const std::string& q : {krakow,
                               half,
                               lower_case(half),
                               std::string("orders.pl"),
                               std::string("PIEKARNIA.ex"),
                               std::string("łukasz"),
                               std::string("Lukasz"),
                               std::string("MÜLLER"),
                               std::string("muller"),
                               std::string("Mu\u0308ller"),
                               std::string("müller-nowak"),
                               std::string("nowak"),
                               std::string("groß"),
                               std::string("BÄCKEREI GROSS"),
                               std::string("Kraków"),
                               std::string("krakow"),
                               std::string("31-146"),
                               std::string("31146"),
                               std::string("411 24"),
                               std::string("41124"),
                               std::string("zoe"),
                               std::string("ÅNGSTRÖM"),
                               std::string("goteborg"),
                               std::string("mug"),
                               std::string("tea, mug"),
                               std::string("nowak mug krakow"),
                               std::string("MUG\u3000Nowak  ") + half}) {
    INFO(q);
    CHECK(test.find(q) == Numbers{krakow});
  }
  CHECK(test.find("tea") == Numbers{krakow, london});  // the product of both
  CHECK(test.find("lovelace 100 g") == Numbers{london});
  CHECK(test.find("lovelace N19GU") == Numbers{london});
  // All the words, and each within one text.
  for (const char* q : {"lukasz london", "muller tea ada", "lukaszmuller", "krakow31", "ulica",
                        "mu_ler", "%", "_", "*", "\\"}) {
    INFO(q);
    CHECK(test.find(q).empty());
  }
  CHECK(test.find("") == Numbers{krakow, london});
}

TEST_CASE("the quotes that a phone types are those that a keyboard types") {
  SearchShop world;
  AddressInput irish = BuyingShop::address();
  irish.last_name = "O'Brien";
  AddressInput phone = BuyingShop::address();
  phone.last_name = "O\u2019Brien";
  const Numbers both{
      world.place_as(shopper("two"), {.shipping_address = phone, .email = "b@example.com"})
          .order.number,
      world.place_as(shopper("one"), {.shipping_address = irish, .email = "a@example.com"})
          .order.number};
  for (const char* typed : {"O'Brien", "O\u2019Brien", "o\u2018brien", "O\u02BCBRIEN", "O`Brien"}) {
    CAPTURE(typed);
    CHECK(world.find(typed) == Numbers{both[1], both[0]});
  }
}

TEST_CASE("orders are found by their products as they were placed") {
  SearchShop test;
  test.sell("KETTLE", 3'900);
  const std::string number =
      test.place_as(shopper(), {.shipping_address = SearchShop::address()}, "KETTLE").order.number;
  test.shop->admin().variants().update(staff(), {.sku = "KETTLE", .new_sku = "SAMOVAR"}).value();
  CHECK(test.find("kettle") == Numbers{number});
  CHECK(test.find("samovar").empty());
}

TEST_CASE("an order that is placed again is found by what it is then") {
  SearchShop test;
  const std::string number =
      test.place_as(shopper(), {.shipping_address = in_krakow()}).order.number;
  CHECK(test.find("krakow") == Numbers{number});
  test.shop->checkout().reopen(shopper()).value();
  CHECK(test.find("krakow").empty());
  CHECK(test.find(number).empty());
  const std::string again =
      test.place_as(shopper(), {.shipping_address = in_goteborg()}, "MUG").order.number;
  CHECK(again == number);
  CHECK(test.find("krakow").empty());
  CHECK(test.find("goteborg mug") == Numbers{number});
}

TEST_CASE("a number or an e-mail address that is whole finds that one only") {
  SearchShop test;
  const std::string one = test.buy_as("ada", "ada@example.com");
  const std::string two = test.buy_as("eve", "Eve@Example.com");
  const std::string three = test.buy_as("adam", "adam@example.com");
  const std::string paying =
      test.place_as(shopper("bob"),
                    {.shipping_address = SearchShop::address(), .email = "ada@example.com"})
          .order.number;
  CHECK(test.find("ada@") == Numbers{paying, one});
  CHECK(test.find("da@EXAMPLE") == Numbers{paying, one});
  CHECK(test.find("example.com") == Numbers{paying, three, two, one});
  CHECK(test.find("ada@", OrderState::complete) == Numbers{one});
  CHECK(test.find("adam@example.com") == Numbers{three});
  CHECK(test.find("EVE@EXAMPLE") == Numbers{two});
  CHECK(test.find(lower_case(two)) == Numbers{two});
  CHECK(test.find(two, OrderState::payment).empty());

  const std::string four = test.buy_as("au", "ada@example.com.au");
  CHECK(test.find("ADA@example.com") == Numbers{paying, one});
  CHECK(test.find("ada@example.com", OrderState::complete) == Numbers{one});
  CHECK(test.find("ada@example.com", OrderState::canceled).empty());
  CHECK(test.find("ada@example.com.") == Numbers{four});
  CHECK(test.search({.q = "ada@example.com", .limit = 1}) == Numbers{paying, one});
  // A number that stands in another order's address finds its own order.
  AddressInput address = SearchShop::address();
  address.company = one;
  test.place_as(shopper("cid"), {.shipping_address = address});
  CHECK(test.find(one) == Numbers{one});
}

TEST_CASE("a search keeps to a state, a user and a store") {
  SearchShop test;
  Numbers of_ada;
  for (int i = 0; i < 3; ++i) {
    of_ada.insert(of_ada.begin(), test.buy_as("ada", "ada@example.com"));
    test.buy_as("eve", "eve@example.com");
  }
  test.admin().orders().cancel(staff(), {of_ada[1]}).value();
  CHECK(test.find("lovelace").size() == 6);
  CHECK(test.search({.q = "lovelace", .user_id = "ada"}) == of_ada);
  CHECK(test.search({.q = "lovelace", .user_id = "ada", .limit = 1}) == of_ada);
  CHECK(test.search({.state = OrderState::canceled, .q = "lovelace", .user_id = "ada"}) ==
        Numbers{of_ada[1]});
  CHECK(test.search({.state = OrderState::canceled, .q = "lovelace"}) == Numbers{of_ada[1]});
  CHECK(test.search({.q = "eve@example.com", .user_id = "ada"}).empty());
  CHECK(test.search({.q = of_ada[0], .user_id = "eve"}).empty());
  CHECK(test.search({.q = of_ada[0], .user_id = "ada"}) == Numbers{of_ada[0]});
  Caller there = staff();
  there.store = "other";
  CHECK(test.admin().orders().list(there, {.q = "lovelace"}).value().items.empty());
  CHECK(test.admin().orders().list(there, {.q = of_ada[0]}).value().items.empty());
}

TEST_CASE("what is found is paged: nothing twice, nothing missed, whatever is placed meanwhile") {
  SearchShop test;
  Numbers mugs;
  for (int i = 0; i < 9; ++i) {
    if (i % 3 != 0) test.clock->advance(-kMicrosPerSecond);  // some at the same moment
    const bool is_mug = i % 2 == 0;
    const std::string number =
        test.place_as(shopper(std::to_string(i)), {.shipping_address = SearchShop::address()},
                      is_mug ? "MUG" : "TEA")
            .order.number;
    if (is_mug) mugs.push_back(number);
  }
  std::sort(mugs.begin(), mugs.end());
  for (const std::int64_t limit : {1, 2, 4, 5, 6, 200}) {
    Numbers found = test.search({.q = "mug", .limit = limit});
    CHECK(found == test.find("mug"));
    std::sort(found.begin(), found.end());
    CHECK(found == mugs);
  }
  CHECK_FALSE(test.admin().orders().list(staff(), {.q = "mug", .limit = 5}).value().next_after);

  const Numbers before = test.find("mug");
  ListAllOrders request{.q = "mug", .limit = 2};
  request.after = test.admin().orders().list(staff(), request).value().next_after;
  test.place_as(shopper("late"), {.shipping_address = SearchShop::address()}, "MUG");
  CHECK(test.search(request) == Numbers(before.begin() + 2, before.end()));
}

TEST_CASE("a page of a search ends where it has looked at enough, and the next one goes on") {
  SearchShop test;
  const std::string oldest = test.buy_as("ada", "ada@example.com");
  Look look(test.file);
  // Newer orders, without lines: each counts as one.
  const auto bury = [&](std::int64_t orders) {
    look.run("DELETE FROM orders WHERE number LIKE 'COPY-%'");
    look.run(
        "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < " +
        std::to_string(orders) +
        ") INSERT INTO orders (store_id, id, number, state, user_id, email, currency, item_count, "
        "promotion_count, item_total_cents, discount_total_cents, shipment_total_cents, "
        "tax_total_cents, included_tax_total_cents, shipment_tax_cents, shipment_taxes, "
        "customer_groups, total_cents, placements, version, created_at, updated_at, "
        "placed_at) SELECT store_id, substr(id, 1, length(id) - 6) || printf('%06d', n), 'COPY-' "
        "|| n, "
        "'Canceled', user_id, 'copy@example.com', currency, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, 1, "
        "1, created_at, updated_at, placed_at + n FROM orders JOIN copy WHERE number = '" +
        oldest + "'");
  };
  bury(kMaxSearchedLines / 2);
  Page<Order> page = test.admin().orders().list(staff(), {.q = "lovelace"}).value();
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].number == oldest);
  CHECK_FALSE(page.next_after);

  bury(kMaxSearchedLines);
  page = test.admin().orders().list(staff(), {.q = "lovelace"}).value();
  CHECK(page.items.empty());
  REQUIRE(page.next_after);
  page = test.admin().orders().list(staff(), {.q = "lovelace", .after = page.next_after}).value();
  REQUIRE(page.items.size() == 1);
  CHECK(page.items[0].number == oldest);
  CHECK_FALSE(page.next_after);
  // What has an index is found at once.
  for (const std::string& q : {oldest, std::string("ada@example.com")}) {
    CHECK(test.admin().orders().list(staff(), {.q = q}).value().items.size() == 1);
  }
  look.run("DELETE FROM orders WHERE number LIKE 'COPY-%'");
}

TEST_CASE("what is searched for has at most 200 characters") {
  SearchShop test;
  const auto most = static_cast<std::size_t>(fields::kSearch.most);
  CHECK(test.find(std::string(most, 'x')).empty());
  std::string words;
  while (words.size() + 4 <= most) words += "ada ";
  const std::string number = test.buy_as("ada", "ada@example.com");
  CHECK(test.find(words) == Numbers{number});
  check_refused(test.admin().orders().list(staff(), {.q = std::string(most + 1, 'x')}),
                Errc::invalid_request, "q");
}
