// A user's address book, which nobody else sees.
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

CreateAddress ada() {
  return {.first_name = "Ada",
          .last_name = "Lovelace",
          .line1 = "1 Main Street",
          .city = "London",
          .postal_code = "N1 9GU",
          .country = "GB"};
}

std::vector<std::string> cities(Addresses& addresses, const Caller& caller) {
  std::vector<std::string> found;
  const auto page = addresses.list(caller).value();
  for (const Address& address : page.items) {
    found.push_back(address.city);
  }
  return found;
}

}  // namespace

TEST_CASE("an address is kept as it was given") {
  EmptyShop test;
  CreateAddress full = ada();
  full.company = "Analytical Engines";
  full.line2 = "Attic";
  full.region = "Greater London";
  full.phone = "+44 1";
  Addresses addresses = test.shop->addresses();
  const Address made = addresses.create(shopper(), full).value();
  CHECK_FALSE(made.id.empty());
  addresses.create(shopper(), ada()).value();

  const auto listed = addresses.list(shopper()).value().items;
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].id == made.id);
  CHECK(listed[0].first_name == "Ada");
  CHECK(listed[0].last_name == "Lovelace");
  CHECK(listed[0].company == "Analytical Engines");
  CHECK(listed[0].line1 == "1 Main Street");
  CHECK(listed[0].line2 == "Attic");
  CHECK(listed[0].city == "London");
  CHECK(listed[0].region == "Greater London");
  CHECK(listed[0].postal_code == "N1 9GU");
  CHECK(listed[0].country == "GB");
  CHECK(listed[0].phone == "+44 1");
  CHECK(listed[1].company.empty());
  CHECK(listed[1].line2.empty());
  CHECK(listed[1].region.empty());
  CHECK(listed[1].phone.empty());
}

TEST_CASE("addresses are listed in the order they were made, in pages") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  for (const char* city : {"Zurich", "Aachen", "London"}) {
    CreateAddress address = ada();
    address.city = city;
    addresses.create(shopper(), address).value();
  }
  CHECK(cities(addresses, shopper()) == std::vector<std::string>{"Zurich", "Aachen", "London"});

  const Page<Address> first = addresses.list(shopper(), {.limit = 2}).value();
  REQUIRE(first.items.size() == 2);
  REQUIRE(first.next_after);
  const Page<Address> second =
      addresses.list(shopper(), {.limit = 2, .after = first.next_after}).value();
  REQUIRE(second.items.size() == 1);
  CHECK(second.items[0].city == "London");
  CHECK_FALSE(second.next_after);
  check_refused(addresses.list(shopper(), {.after = "London"}), Errc::invalid_request, "after");
}

TEST_CASE("an address is changed field by field") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  const AddressId id = addresses.create(shopper(), ada()).value().id;
  const Address moved =
      addresses
          .update(shopper(),
                  {.address_id = id, .city = "Paris", .postal_code = "75 001", .country = "fr"})
          .value();
  CHECK(moved.id == id);
  CHECK(moved.city == "Paris");
  CHECK(moved.postal_code == "75001");
  CHECK(moved.country == "FR");
  CHECK(moved.first_name == "Ada");
  CHECK(moved.line1 == "1 Main Street");

  const Address renamed = addresses
                              .update(shopper(), {.address_id = id,
                                                  .first_name = "Grace",
                                                  .last_name = "Hopper",
                                                  .company = "Navy",
                                                  .line1 = "2",
                                                  .line2 = "3",
                                                  .region = "4",
                                                  .phone = "5"})
                              .value();
  CHECK(renamed.first_name == "Grace");
  CHECK(renamed.last_name == "Hopper");
  CHECK(renamed.company == "Navy");
  CHECK(renamed.line1 == "2");
  CHECK(renamed.line2 == "3");
  CHECK(renamed.region == "4");
  CHECK(renamed.phone == "5");
  CHECK(renamed.city == "Paris");

  // What is left must be an address of its country, and a name.
  const auto refused = [&](UpdateAddress request, const char* field) {
    request.address_id = id;
    check_refused(addresses.update(shopper(), request), Errc::invalid_request, field);
  };
  refused({.postal_code = ""}, "postalCode");
  refused({.postal_code = "N1 9GU"}, "postalCode");
  refused({.city = " "}, "city");
  refused({.country = "US"}, "region");
  refused({.first_name = "", .last_name = ""}, "lastName");
  const Address unchanged = addresses.list(shopper()).value().items.at(0);
  CHECK(unchanged.formatted == renamed.formatted);
  CHECK(addresses.update(shopper(), {.address_id = id, .first_name = ""}).value().formatted[1] ==
        "Hopper");
}

TEST_CASE("an address must be one of its country") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  CreateAddress address = ada();
  address.country = "DE";
  address.postal_code = "ABC";
  {
    const auto refused = addresses.create(shopper(), address);
    const Error& error = refusal(refused, Errc::invalid_request, "postalCode");
    CHECK(error.fact("country") == "DE");
    CHECK(error.fact("example") == "26133");
  }
  address.postal_code = "d-10115";
  CHECK(addresses.create(shopper(), address).value().postal_code == "10115");
  address.country = "JP";
  address.city = "";
  address.postal_code = "150-0002";
  check_refused(addresses.create(shopper(), address), Errc::invalid_request, "region");
  address.region = "Tokyo";
  CHECK(addresses.create(shopper(), address).value().region == "Tokyo");
  address.first_name = "";
  CHECK(addresses.create(shopper(), address).value().formatted ==
        std::vector<std::string>{"Lovelace", "1 Main Street, Tokyo", "150-0002", "JAPAN"});
  address.last_name = " ";
  check_refused(addresses.create(shopper(), address), Errc::invalid_request, "lastName");
}

TEST_CASE("anybody can ask for the countries and what their addresses need") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  const Page<Country> countries = addresses.list_countries({}, {}).value();
  CHECK(countries.items.size() == 252);
  CHECK_FALSE(countries.next_after);
  const AddressRules rules = addresses.get_rules({}, {"ie"}).value();
  CHECK(rules.country == "IE");
  CHECK(rules.name == "IRELAND");
  CHECK(rules.required == std::vector<std::string>{"line1", "city"});
  CHECK(rules.postal_code_example == "A65 F4E2");
  check_refused(addresses.get_rules({}, {"ZZ"}), Errc::invalid_request, "country");
}

TEST_CASE("a removed address is gone") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  const AddressId id = addresses.create(shopper(), ada()).value().id;
  CHECK(addresses.remove(shopper(), {id}).value().removed);
  CHECK(cities(addresses, shopper()).empty());
  check_refused(addresses.remove(shopper(), {id}), Errc::not_found, "addressId");
  check_refused(addresses.update(shopper(), {.address_id = id}), Errc::not_found, "addressId");
}

TEST_CASE("another user's address does not exist, nor does one of another store") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  const AddressId id = addresses.create(shopper(), ada()).value().id;
  for (const Caller& other : {shopper("eve"), in_store("elsewhere", shopper())}) {
    CHECK(cities(addresses, other).empty());
    check_refused(addresses.update(other, {.address_id = id, .city = "Rome"}), Errc::not_found,
                  "addressId");
    check_refused(addresses.remove(other, {id}), Errc::not_found, "addressId");
  }
  CHECK(cities(addresses, shopper()) == std::vector<std::string>{"London"});
}

TEST_CASE("an address book needs a signed-in user") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  // The audience is checked before anything else of the request.
  check_refused(addresses.list(guest(), {.limit = 0}), Errc::unauthenticated);
  check_refused(addresses.create(guest(), {}), Errc::unauthenticated);
  check_refused(addresses.update(guest(), {}), Errc::unauthenticated);
  check_refused(addresses.remove(guest(), {}), Errc::unauthenticated);
}

TEST_CASE("only countries that exist are accepted") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  CreateAddress address = ada();
  for (const char* country : {"AD", "AG", "XK", "AC", "ZW"}) {
    address.country = country;
    address.postal_code.reset();
    CHECK(addresses.create(shopper(), address).value().country == country);
  }
  address.country = "xk ";
  CHECK(addresses.create(shopper(), address).value().country == "XK");
  for (const char* country : {"", "D", "DEU", "ZZ", "AA", "UK", "EU", "E ", " A", "\u00E4\u00F6"}) {
    CAPTURE(country);
    address.country = country;
    check_refused(addresses.create(shopper(), address), Errc::invalid_request, "country");
  }
}

TEST_CASE("a repeated address is made once") {
  EmptyShop test;
  Addresses addresses = test.shop->addresses();
  const Caller once = with_key("once", shopper());
  const AddressId id = addresses.create(once, ada()).value().id;
  CHECK(addresses.create(once, ada()).value().id == id);
  CHECK(cities(addresses, shopper()).size() == 1);
  // However many blanks stand around it, it is the same request.
  CreateAddress blanks = ada();
  blanks.line1 = " 1 Main Street\n";
  blanks.country = "gb";
  blanks.postal_code = "n19gu";
  CHECK(addresses.create(once, blanks).value().id == id);
  // The key is this user's alone.
  CHECK(addresses.create(with_key("once", shopper("eve")), ada()).value().id != id);

  CHECK(addresses.remove(once, {id}).value().removed);
  CHECK(addresses.remove(once, {id}).value().removed);
  check_refused(addresses.create(once, ada()), Errc::not_found, "addressId");
}
