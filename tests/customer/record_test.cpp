// What staff record of a customer: groups, tax exemption and tax id.
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"
#include "support/told_registry.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Texts = std::vector<std::string>;

// Knows what it is told, and counts what it is asked.
struct RegistryShop : EmptyShop {
  RegistryShop() {
    shop =
        Shop::open(
            {.database = "sqlite:" + file, .clock = clock, .log = log, .tax_id_registry = registry})
            .value();
  }
  AdminCustomers customers() { return shop->admin().customers(); }
  Customer stored() { return customers().get(staff(), {"ada"}).value(); }

  std::shared_ptr<RecordingLog> log = std::make_shared<RecordingLog>();
  std::shared_ptr<ToldRegistry> registry = std::make_shared<ToldRegistry>();
};

const UpdateCustomer kGerman{.user_id = "ada", .tax_id = "DE136695976"};

}  // namespace

TEST_CASE("a user of whom nothing was recorded has the defaults") {
  EmptyShop test;
  AdminCustomers customers = test.shop->admin().customers();
  const Customer nobody = customers.get(staff(), {"ada"}).value();
  CHECK(nobody.user_id == "ada");
  CHECK(nobody.groups.empty());
  CHECK_FALSE(nobody.tax_exempt);
  CHECK(nobody.tax_id.empty());
  CHECK_FALSE(nobody.tax_id_checked_at);
  CHECK_FALSE(nobody.updated_at);
  CHECK(customers.list(staff()).value().items.empty());
}

TEST_CASE("a record is made by its first change, and changed field by field") {
  EmptyShop test;
  AdminCustomers customers = test.shop->admin().customers();
  const Customer made =
      customers.update(staff(), {.user_id = "ada", .groups = Texts{"vip", "b2b_de", "vip"}})
          .value();
  CHECK(made.user_id == "ada");
  CHECK(made.groups == Texts{"b2b_de", "vip"});
  CHECK_FALSE(made.tax_exempt);
  CHECK(made.updated_at == test.clock->now());

  test.clock->advance(kMicrosPerSecond);
  customers.update(staff(), {.user_id = "ada", .tax_exempt = true}).value();
  const Customer known =
      customers.update(staff(), {.user_id = "ada", .tax_id = "de 136 695 976"}).value();
  CHECK(known.groups == Texts{"b2b_de", "vip"});
  CHECK(known.tax_exempt);
  CHECK(known.tax_id == "DE136695976");
  CHECK_FALSE(known.tax_id_checked_at);  // there is no registry
  CHECK(known.updated_at == test.clock->now());
  CHECK(customers.get(staff(), {"ada"}).value().tax_id == "DE136695976");

  const Customer cleared =
      customers
          .update(staff(), {.user_id = "ada", .groups = Texts{}, .tax_exempt = false, .tax_id = ""})
          .value();
  CHECK(cleared.groups.empty());
  CHECK_FALSE(cleared.tax_exempt);
  CHECK(cleared.tax_id.empty());
  CHECK(cleared.updated_at);
}

TEST_CASE("records are listed by user id, in pages, and belong to a store") {
  EmptyShop test;
  AdminCustomers customers = test.shop->admin().customers();
  for (const char* user : {"eve", "ada", "bob/\u00E9"}) {
    customers.update(staff(), {.user_id = user, .groups = Texts{"vip"}}).value();
  }
  const Page<Customer> first = customers.list(staff(), {.limit = 2}).value();
  REQUIRE(first.items.size() == 2);
  CHECK(first.items[0].user_id == "ada");
  CHECK(first.items[1].user_id == "bob/\u00E9");
  const Page<Customer> second =
      customers.list(staff(), {.limit = 2, .after = first.next_after}).value();
  REQUIRE(second.items.size() == 1);
  CHECK(second.items[0].user_id == "eve");
  CHECK(second.items[0].groups == Texts{"vip"});
  CHECK_FALSE(second.next_after);

  const Caller elsewhere = in_store("elsewhere", staff());
  CHECK(customers.list(elsewhere).value().items.empty());
  CHECK(customers.get(elsewhere, {"ada"}).value().groups.empty());
}

TEST_CASE("groups have a form and a number") {
  EmptyShop test;
  AdminCustomers customers = test.shop->admin().customers();
  const auto refused = [&](const Texts& groups, const char* field) {
    check_refused(customers.update(staff(), {.user_id = "ada", .groups = groups}),
                  Errc::invalid_request, field);
  };
  refused({"vip", "VIP"}, "groups[1]");
  refused({""}, "groups[0]");
  refused({"a b"}, "groups[0]");
  refused({std::string(65, 'a')}, "groups[0]");
  refused(Texts(21, "vip"), "groups");
  check_refused(customers.update(staff(), {}), Errc::invalid_request, "userId");
  CHECK(customers.list(staff()).value().items.empty());
  Texts twenty;
  for (char letter = 'a'; letter < 'a' + 20; ++letter) twenty.emplace_back(64, letter);
  CHECK(customers.update(staff(), {.user_id = "ada", .groups = twenty}).value().groups == twenty);
}

TEST_CASE("a tax id that its country does not write so is refused, and nothing is changed") {
  EmptyShop test;
  AdminCustomers customers = test.shop->admin().customers();
  customers.update(staff(), kGerman).value();
  for (const char* wrong : {"DE136695977", "DE1", "136695976", "?"}) {
    CAPTURE(wrong);
    check_refused(
        customers.update(staff(), {.user_id = "ada", .tax_exempt = true, .tax_id = wrong}),
        Errc::invalid_request, "taxId");
  }
  CHECK(customers.get(staff(), {"ada"}).value().tax_id == "DE136695976");
  CHECK_FALSE(customers.get(staff(), {"ada"}).value().tax_exempt);
}

TEST_CASE("only staff see and change records") {
  EmptyShop test;
  AdminCustomers customers = test.shop->admin().customers();
  check_refused(customers.list(shopper(), {.limit = 0}), Errc::forbidden);
  check_refused(customers.get(shopper(), {"ada"}), Errc::forbidden);
  check_refused(customers.update(shopper(), kGerman), Errc::forbidden);
}

TEST_CASE("a registry is asked for a tax id that it has not found yet") {
  RegistryShop test;
  AdminCustomers customers = test.customers();
  customers.update(staff(), {.user_id = "ada", .groups = Texts{"vip"}}).value();
  CHECK(test.registry->asked.empty());

  const Customer found =
      customers.update(staff(), {.user_id = "ada", .tax_id = "de136695976"}).value();
  CHECK(found.tax_id_checked_at == test.clock->now());
  CHECK(test.registry->asked == Texts{"DE136695976"});

  // What was found is not asked for again, but another id is.
  const auto found_at = found.tax_id_checked_at;
  test.clock->advance(kMicrosPerSecond);
  CHECK(customers.update(staff(), kGerman).value().tax_id_checked_at == found_at);
  CHECK(test.registry->asked.size() == 1);
  CHECK(customers.update(staff(), {.user_id = "ada", .tax_id = "FI20774740"})
            .value()
            .tax_id_checked_at == test.clock->now());
  CHECK(test.registry->asked == Texts{"DE136695976", "FI20774740"});

  const Customer cleared = customers.update(staff(), {.user_id = "ada", .tax_id = ""}).value();
  CHECK(cleared.tax_id.empty());
  CHECK_FALSE(cleared.tax_id_checked_at);
  check_refused(customers.update(staff(), {.user_id = "ada", .tax_id = "DE1"}),
                Errc::invalid_request, "taxId");
  CHECK(test.registry->asked.size() == 2);
}

TEST_CASE("a tax id that is not registered is refused") {
  RegistryShop test;
  test.registry->answer = [] { return TaxIdCheck{.registered = false}; };
  UpdateCustomer request = kGerman;
  request.tax_exempt = true;
  const auto refused = test.customers().update(staff(), request);
  CHECK(refusal(refused, Errc::invalid_request, "taxId").message() ==
        "the tax id is not registered");
  CHECK_FALSE(test.stored().updated_at);
}

TEST_CASE("a tax id is kept if the registry cannot say, and asked for again") {
  RegistryShop test;
  test.registry->answer = []() -> Result<TaxIdCheck> {
    return Error(Errc::processor_unavailable, "closed on Sundays");
  };
  CHECK(test.customers().update(staff(), kGerman).value().tax_id == "DE136695976");
  CHECK_FALSE(test.stored().tax_id_checked_at);
  CHECK(test.log->lines().back().ends_with("closed on Sundays"));

  test.registry->answer = []() -> Result<TaxIdCheck> { throw std::runtime_error("broken"); };
  CHECK(test.customers().update(staff(), kGerman).value().tax_id == "DE136695976");
  CHECK_FALSE(test.stored().tax_id_checked_at);
  CHECK(test.log->lines().back().ends_with("broken"));

  test.registry->answer = [] { return TaxIdCheck{.registered = true}; };
  CHECK(test.customers().update(staff(), kGerman).value().tax_id_checked_at);
  CHECK(test.registry->asked.size() == 3);
}

TEST_CASE("a repeated change needs no registry") {
  RegistryShop test;
  const Caller once = with_key("once", staff());
  const auto found_at = test.customers().update(once, kGerman).value().tax_id_checked_at;
  REQUIRE(found_at);
  test.customers().update(staff(), {.user_id = "ada", .tax_id = ""}).value();

  test.registry->answer = [] { return TaxIdCheck{.registered = false}; };
  CHECK(test.customers().update(once, kGerman).value().tax_id.empty());
  // However it is typed, it is the same request.
  CHECK(test.customers().update(once, {.user_id = "ada", .tax_id = "de 136.695.976"}).has_value());
  check_refused(test.customers().update(once, {.user_id = "ada", .tax_id = "FI20774740"}),
                Errc::idempotency_mismatch, "idempotencyKey");
  CHECK(test.registry->asked.size() == 1);

  // A refusal is no repetition.
  const Caller twice = with_key("twice", staff());
  check_refused(test.customers().update(twice, kGerman), Errc::invalid_request, "taxId");
  test.registry->answer = [] { return TaxIdCheck{.registered = true}; };
  CHECK(test.customers().update(twice, kGerman).value().tax_id_checked_at);
}

TEST_CASE("the registry may call the shop, for no transaction is open") {
  RegistryShop test;
  test.registry->answer = [&] {
    test.customers().update(staff(), {.user_id = "ada", .groups = Texts{"vip"}}).value();
    return TaxIdCheck{.registered = true};
  };
  const Customer found = test.customers().update(staff(), kGerman).value();
  CHECK(found.groups == Texts{"vip"});
  CHECK(found.tax_id_checked_at);
}
