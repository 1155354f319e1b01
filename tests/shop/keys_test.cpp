// The keys that encrypt: wrong ones are told when a shop is opened, and they can be changed while
// it sells.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/crypto.hpp"
#include "payment/fields.hpp"
#include "support/buying_shop.hpp"
#include "support/look.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr const char* kSecret = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

const std::string kOld(32, 'k');  // k1, as BuyingShop opens
const std::string kNew(32, 'z');
using Keys = std::map<std::string, std::string>;

// With one payment method that has a secret.
struct KeyShop : BuyingShop {
  KeyShop()
      : BuyingShop({.processors = {test_processor(), manual_processor(), stripe_processor()}}),
        stripe(add_method("Stripe", "stripe")) {
    configure("k", kSecret).value();
  }

  Result<PaymentMethodConfig> configure(const std::string& key, const std::string& secret,
                                        const PaymentMethodId& id = {}) {
    return shop->admin().payment_methods().configure(
        with_key(key, staff()), {id.empty() ? stripe : id, {{"secretKey", secret}}});
  }
  Result<std::unique_ptr<Shop>> open_with(const Keys& keys, const std::string& current,
                                          bool allow_missing = false) const {
    ShopOptions with = options();
    with.secret_keys = keys;
    with.secret_key_id = current;
    with.allow_missing_keys = allow_missing;
    return Shop::open(with);
  }
  void reopen(const Keys& keys, const std::string& current, bool allow_missing = false) {
    shop.reset();
    shop = open_with(keys, current, allow_missing).value();
  }
  std::string fingerprint(const std::string& key) const {
    return Look(file).text(
        "SELECT request_hash FROM idempotency WHERE operation = 'ConfigurePaymentMethod' AND "
        "idempotency_key = '" +
        key + "'");
  }

  const PaymentMethodId stripe;
};

const KeyUse& use_of(const KeyRotation& rotation, const std::string& id) {
  const auto found = std::find_if(rotation.keys.begin(), rotation.keys.end(),
                                  [&](const KeyUse& use) { return use.id == id; });
  REQUIRE(found != rotation.keys.end());
  return *found;
}

}  // namespace

// ---- opening

TEST_CASE("a shop whose key is missing or wrong is not opened, and says which one") {
  KeyShop test;
  test.place(shopper(), test.card);
  test.shop.reset();
  const auto refused = [&](const Keys& keys, const std::string& current) {
    const auto opened = test.open_with(keys, current);
    const Error error = refusal(opened, Errc::invalid_request, "secretKeys");
    CHECK(error.fact("keyId") == "k1");
    CHECK(error.fact("paymentMethods", 0) == 1);
    CHECK(error.fact("clientSecrets", 0) == 1);
    for (const auto& [id, key] : keys) CHECK(error.message().find(key) == std::string::npos);
    return error.message();
  };
  CHECK(refused({}, "").find("k1") != std::string::npos);
  CHECK(refused({{"k2", kNew}}, "k2").find("missing") != std::string::npos);
  CHECK(refused({{"k1", kNew}}, "k1").find("not the one") != std::string::npos);
  // It is as it was.
  CHECK(test.open_with({{"k1", kOld}, {"k2", kNew}}, "k2").has_value());
  CHECK(test.open_with({{"k1", kOld}}, "k1").has_value());
}

TEST_CASE("the only key need not be named") {
  KeyShop test;
  test.reopen({{"k1", kOld}}, "");
  test.configure("again", kSecret).value();
  CHECK(test.shop->rotate_keys().value().current_key_id == "k1");
}

TEST_CASE("what no longer needs a key does not ask for one") {
  BuyingShop test;
  const Placement placed = test.place(shopper(), test.card);
  ShopOptions keyless = test.options();
  keyless.secret_keys.clear();
  keyless.secret_key_id.clear();
  check_refused(Shop::open(keyless), Errc::invalid_request, "secretKeys");
  // A payment that has ended keeps no client secret.
  test.pay(shopper(), placed);
  CHECK(Shop::open(keyless).has_value());
}

TEST_CASE("a row that somebody has changed does not make its key a wrong one") {
  KeyShop test;
  const PaymentMethodId second = test.add_method("Second", "stripe");
  test.configure("second", "sk_test_second", second).value();
  Look(test.file).sabotage(
      "UPDATE payment_method SET private_metadata = (SELECT private_metadata FROM payment_method "
      "WHERE id = '" +
      test.stripe.text() + "') WHERE id = '" + second.text() + "'");
  test.reopen({{"k1", kOld}}, "k1");
  const auto lines = test.log->lines();
  CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("k1") != std::string::npos && line.find("cannot be read") != std::string::npos;
  }));
  const KeyRotation rotation = test.shop->rotate_keys().value();
  CHECK(use_of(rotation, "k1").payment_methods == 2);
  CHECK(use_of(rotation, "k1").unreadable == 1);
}

// ---- rotation

TEST_CASE("a rotation encrypts everything anew, and then the old key can be left out") {
  KeyShop test;
  constexpr int buyers = 60;  // more than one transaction takes
  std::vector<Placement> placed;
  for (int i = 0; i < buyers; ++i) {
    const Caller buyer = with_key("place", shopper("user-" + std::to_string(i)));
    test.fill(buyer, 1);
    placed.push_back(test.shop->checkout().place_order(buyer, {test.card}).value());
  }
  const auto other = test.open();  // sells with the old key meanwhile
  test.reopen({{"k1", kOld}, {"k2", kNew}}, "k2");
  check_refused(test.open_with({{"k2", kNew}}, "k2"), Errc::invalid_request, "secretKeys");

  std::vector<std::pair<std::int64_t, std::int64_t>> told;
  const KeyRotation rotation = test.shop
                                   ->rotate_keys([&](const Progress& progress) -> Result<void> {
                                     CHECK(progress.step == "seal");
                                     told.emplace_back(progress.done, progress.total);
                                     return success();
                                   })
                                   .value();
  CHECK(rotation.current_key_id == "k2");
  CHECK(rotation.resealed == buyers + 1);
  CHECK(rotation.dropped == 0);
  REQUIRE(rotation.keys.size() == 2);
  const KeyUse& old = use_of(rotation, "k1");
  CHECK((old.is_known && old.payment_methods == 0 && old.client_secrets == 0));
  const KeyUse& current = use_of(rotation, "k2");
  CHECK((current.payment_methods == 1 && current.client_secrets == buyers));
  CHECK(current.unreadable == 0);
  CHECK(told.size() > 2);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(told.back() == std::pair<std::int64_t, std::int64_t>(buyers + 1, buyers + 1));

  test.reopen({{"k2", kNew}}, "k2");
  CHECK(test.shop->rotate_keys().value().resealed == 0);
  for (int i = 0; i < buyers; ++i) {
    const Caller buyer = with_key("place", shopper("user-" + std::to_string(i)));
    const Placement again = test.shop->checkout().place_order(buyer, {test.card}).value();
    CHECK(again.payment->client_secret ==
          placed[static_cast<std::size_t>(i)].payment->client_secret);
  }
  // The secret setting is there: another one can be set beside it.
  test.shop->admin()
      .payment_methods()
      .configure(staff(), {test.stripe, {{"publishableKey", "pk_test_x"}}})
      .value();

  // Whoever still works with the old key alone brings it back into use, and a rotation tells.
  test.shop.reset();
  other->admin()
      .payment_methods()
      .configure(staff(), {test.stripe, {{"secretKey", kSecret}, {"webhookSecret", "whsec_x"}}})
      .value();
  const auto both = test.open_with({{"k1", kOld}, {"k2", kNew}}, "k1").value();
  CHECK(use_of(both->rotate_keys().value(), "k2").client_secrets == 0);
}

TEST_CASE(
    "a rotation that is stopped keeps what it has done, and goes on when it is called again") {
  KeyShop test;
  for (int i = 0; i < 60; ++i) {
    const Caller buyer = shopper("user-" + std::to_string(i));
    test.fill(buyer, 1);
    test.shop->checkout().place_order(buyer, {test.card}).value();
  }
  test.reopen({{"k1", kOld}, {"k2", kNew}}, "k2");
  const auto stopped = test.shop->rotate_keys([](const Progress& progress) -> Result<void> {
    if (progress.done == 0) return success();
    return Error(Errc::conflict, "enough");
  });
  CHECK(code_of(stopped) == Errc::conflict);
  CHECK(test.shop->rotate_keys().value().resealed == 11);
}

TEST_CASE("without a key nothing can be rotated") {
  BuyingShop test;
  ShopOptions keyless = test.options();
  keyless.secret_keys.clear();
  keyless.secret_key_id.clear();
  check_refused(Shop::open(keyless).value()->rotate_keys(), Errc::invalid_state);
}

TEST_CASE("whoever has lost a key goes on without it, and sets anew what it had encrypted") {
  KeyShop test;
  const Caller buyer = with_key("place", shopper());
  test.fill(buyer);
  const Placement placed = test.shop->checkout().place_order(buyer, {test.card}).value();
  test.reopen({{"k2", kNew}}, "k2", true);
  // The processor is asked for the client secret.
  CHECK(test.shop->checkout().place_order(buyer, {test.card}).value().payment->client_secret ==
        placed.payment->client_secret);
  const KeyRotation lost = test.shop->rotate_keys().value();
  CHECK(lost.dropped == 1);
  const KeyUse& use = use_of(lost, "k1");
  CHECK((!use.is_known && use.payment_methods == 1 && use.client_secrets == 0));
  CHECK(use.unreadable == 1);
  check_refused(test.open_with({{"k2", kNew}}, "k2"), Errc::invalid_request, "secretKeys");

  test.shop->admin()
      .payment_methods()
      .configure(staff(), {test.stripe, {{"secretKey", kSecret}, {"webhookSecret", "whsec_x"}}})
      .value();
  test.reopen({{"k2", kNew}}, "k2");
  CHECK(test.shop->rotate_keys().value().keys.size() == 1);
}

TEST_CASE("after a lost key a secret is set again, and what is still missing is seen") {
  KeyShop test;
  const auto configure = [&](const Pairs& values) {
    return test.shop->admin().payment_methods().configure(staff(), {test.stripe, values});
  };
  configure({{"secretKey", kSecret}, {"webhookSecret", "whsec_x"}, {"publishableKey", "pk_x"}})
      .value();
  test.reopen({{"k2", kNew}}, "k2", true);
  // What is no secret does not cost those that a key found again could read.
  const auto refused = configure({{"captureMethod", "manual"}});
  const Error& error = refusal(refused, Errc::storage);
  CHECK(error.fact("keyId") == "k1");
  test.reopen({{"k1", kOld}}, "k1");
  configure({{"captureMethod", "manual"}}).value();

  test.reopen({{"k2", kNew}}, "k2", true);
  std::vector<std::string> configured = configure({{"secretKey", kSecret}}).value().configured;
  std::sort(configured.begin(), configured.end());
  CHECK(configured == std::vector<std::string>{"captureMethod", "publishableKey", "secretKey"});
  test.reopen({{"k2", kNew}}, "k2");
  CHECK(configure({{"webhookSecret", "whsec_y"}}).value().configured.size() == 4);
}

// ---- what remembers a request with secrets

TEST_CASE("the stored hash of a request with secrets is nothing without the key") {
  KeyShop test;
  const ConfigurePaymentMethod request{test.stripe, {{"secretKey", kSecret}}};
  const std::string stored = test.fingerprint("k");
  const std::string bytes = fields::fingerprint(request);
  CHECK(stored.find(net::hex(net::sha256(bytes))) == std::string::npos);
  CHECK(stored.find(net::hex(net::hmac_sha256("", bytes))) == std::string::npos);
  CHECK(stored.starts_with("v1.k1."));

  // The same request under two keys of its caller cannot be seen to be the same.
  test.configure("k-again", kSecret).value();
  CHECK(test.fingerprint("k-again") != stored);
  // What is no secret is remembered by a plain hash.
  test.shop->admin()
      .payment_methods()
      .update(with_key("k", staff()), {.payment_method_id = test.stripe, .name = "By card"})
      .value();
  CHECK(Look(test.file).text("SELECT request_hash FROM idempotency WHERE operation = "
                             "'UpdatePaymentMethod'") ==
        net::hex(net::sha256(fields::fingerprint(
            UpdatePaymentMethod{.payment_method_id = test.stripe, .name = "By card"}))));
}

TEST_CASE("a request with secrets is repeated or refused by what it holds") {
  KeyShop test;
  const PaymentMethodConfig first = test.configure("k", kSecret).value();
  test.clock->advance(kMicrosPerSecond);
  CHECK(test.configure("k", kSecret).value().updated_at == first.updated_at);
  check_refused(test.configure("k", "sk_test_another"), Errc::idempotency_mismatch,
                "idempotencyKey");

  // Also under a new key, while the old one is there.
  test.reopen({{"k1", kOld}, {"k2", kNew}}, "k2");
  CHECK(test.configure("k", kSecret).value().updated_at == first.updated_at);
  check_refused(test.configure("k", "sk_test_another"), Errc::idempotency_mismatch,
                "idempotencyKey");
  test.configure("k2", kSecret).value();
  CHECK(test.fingerprint("k2").starts_with("v1.k2."));

  // When it is gone nobody can tell, and nothing is done.
  test.shop->rotate_keys().value();
  test.reopen({{"k2", kNew}}, "k2");
  check_refused(test.configure("k", kSecret), Errc::idempotency_mismatch, "idempotencyKey");
  test.configure("k2", kSecret).value();
}

TEST_CASE("without a key settings that are no secrets are remembered all the same") {
  BuyingShop test;
  ShopOptions keyless = test.options();
  keyless.secret_keys.clear();
  keyless.secret_key_id.clear();
  keyless.processors.push_back(stripe_processor());
  test.shop = Shop::open(keyless).value();
  const PaymentMethodId id = test.add_method("Stripe", "stripe");
  const auto configure = [&](const char* name, const char* value) {
    return test.shop->admin().payment_methods().configure(with_key("k", staff()),
                                                          {id, {{name, value}}});
  };
  check_refused(configure("secretKey", kSecret), Errc::invalid_state);
  configure("publishableKey", "pk_test_a").value();
  configure("publishableKey", "pk_test_a").value();
  check_refused(configure("publishableKey", "pk_test_b"), Errc::idempotency_mismatch,
                "idempotencyKey");
}
