// The ways to pay that a store offers: their settings, and their secrets, which go in and can be
// read nowhere.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <mutex>

#include "base/crypto.hpp"
#include "resys/payment.hpp"
#include "support/buying_shop.hpp"
#include "support/forwarding_processor.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr const char* kSecret = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";
constexpr const char* kWebhookSecret = "whsec_Zm9yIHlvdXIgZXllcyBvbmx5";
constexpr const char* kPublic = "pk_test_TYooMQauvdEDq54NiTphI7jx";

// A processor with settings, which keeps those of each payment that it was asked to make.
class Vault final : public ForwardingProcessor {
 public:
  Vault() : ForwardingProcessor("vault", test_processor()) {}
  std::vector<ConfigField> config_fields() const override {
    return {{.name = "apiKey", .secret = true, .required = true},
            {.name = "shopName", .public_to_shoppers = true, .required = true},
            {.name = "region"}};
  }
  Result<void> check_config(const Pairs& config) const override {
    for (const auto& [name, value] : config) {
      if (name == "region" && value != "eu" && value != "us") {
        return Error(Errc::invalid_request, "either eu or us").at("region");
      }
    }
    return success();
  }
  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    {
      const std::lock_guard lock(mutex_);
      keys.emplace_back(context.setting("apiKey"));
    }
    return ForwardingProcessor::create_payment(context, request);
  }

  std::vector<std::string> keys;

 private:
  std::mutex mutex_;
};

// Stripe that knows no key, and repeats what it was sent.
class RefusingStripe final : public HttpTransport {
 public:
  Result<IncomingResponse> send(const OutgoingRequest& request) override {
    const std::lock_guard lock(mutex_);
    const std::string sent(find_header(request.headers, "Authorization"));
    authorizations.push_back(sent);
    return IncomingResponse{
        401, {}, R"({"error":{"type":"invalid_request_error","message":"No key )" + sent + "\"}}"};
  }
  std::vector<std::string> authorizations;

 private:
  std::mutex mutex_;
};

struct VaultShop : BuyingShop {
  VaultShop() : VaultShop(std::make_shared<Vault>(), std::make_shared<RefusingStripe>()) {}
  VaultShop(std::shared_ptr<Vault> made, std::shared_ptr<RefusingStripe> transport)
      : BuyingShop({.processors = {test_processor(), manual_processor(), stripe_processor(), made},
                    .http = transport}),
        vault(std::move(made)),
        stripe_api(std::move(transport)) {}

  Result<PaymentMethodConfig> configure(const PaymentMethodId& id, const Pairs& values,
                                        const Caller& caller = staff()) {
    return shop->admin().payment_methods().configure(caller, {id, values});
  }
  PaymentMethod method(const PaymentMethodId& id) {
    for (const auto page = shop->admin().payment_methods().list(staff()).value();
         const PaymentMethod& each : page.items) {
      if (each.id == id) return each;
    }
    FAIL("there is no such method");
    return {};
  }
  std::vector<std::string> offered() {
    std::vector<std::string> names;
    for (const auto page = shop->checkout().list_payment_methods(shopper()).value();
         const auto& each : page.items) {
      names.push_back(each.name);
    }
    return names;
  }

  const std::shared_ptr<Vault> vault;
  const std::shared_ptr<RefusingStripe> stripe_api;
};

using Names = std::vector<std::string>;

std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// The text itself, its hexadecimal digits, and what base64 makes of it wherever it begins within a
// longer text: the letters that depend on nothing but the secret.
std::vector<std::string> ways_to_write(const std::string& secret) {
  std::string capitals = net::hex(secret);
  for (char& letter : capitals) letter = static_cast<char>(std::toupper(letter));
  std::vector<std::string> ways{secret, net::hex(secret), capitals};
  for (std::size_t begins = 0; begins < 3; ++begins) {
    const std::string encoded = net::base64(std::string(begins, 'x') + secret);
    ways.push_back(encoded.substr(4, encoded.size() - 8));
  }
  return ways;
}

bool tells(const std::string& text, const std::string& secret) {
  const auto ways = ways_to_write(secret);
  return std::any_of(ways.begin(), ways.end(),
                     [&](const std::string& way) { return text.find(way) != std::string::npos; });
}

HttpResponse send(Shop& shop, const Caller& caller, const char* verb, const std::string& target,
                  const std::string& body = {}) {
  return shop.handle(caller, {verb, target, {{"Content-Type", "application/json"}}, body});
}

}  // namespace

// ---- configuring

TEST_CASE("a method is offered once it has what its processor needs") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  const PaymentMethod made = test.method(id);
  CHECK(made.processor == "vault");
  CHECK(made.active);
  CHECK(made.configured.empty());
  std::vector<std::string> names = test.offered();
  CHECK(std::find(names.begin(), names.end(), "Vault") == names.end());
  test.fill(shopper());
  refusal(test.shop->checkout().place_order(shopper(), {id}), Errc::not_found, "paymentMethodId");

  CHECK(test.configure(id, {{"apiKey", kSecret}}).value().configured == Names{"apiKey"});
  refusal(test.shop->checkout().place_order(shopper(), {id}), Errc::not_found, "paymentMethodId");
  test.clock->advance(kMicrosPerSecond);
  const PaymentMethodConfig done = test.configure(id, {{"shopName", "Tea & Mugs"}}).value();
  CHECK(done.payment_method_id == id);
  CHECK(done.updated_at == test.clock->now());
  names = done.configured;
  std::sort(names.begin(), names.end());
  CHECK(names == Names{"apiKey", "shopName"});  // what was there has stayed

  const auto offers = test.shop->checkout().list_payment_methods(shopper()).value().items;
  const auto offer =
      std::find_if(offers.begin(), offers.end(), [&](const auto& each) { return each.id == id; });
  REQUIRE(offer != offers.end());
  CHECK(offer->public_settings == Pairs{{"shopName", "Tea & Mugs"}});
  CHECK(test.shop->checkout().place_order(shopper(), {id}).has_value());
  CHECK(test.vault->keys == Names{kSecret});
}

TEST_CASE("only the processor's own settings are taken, and all of them or none") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  test.configure(id, {{"apiKey", "first"}, {"region", "eu"}}).value();
  refusal(test.configure(id, {{"apiKey", "second"}, {"colour", "red"}}), Errc::invalid_request,
          "colour");
  refusal(test.configure(id, {{"apiKey", "second"}, {"region", "mars"}}), Errc::invalid_request,
          "region");
  test.configure(id, {{"shopName", "Tea"}}).value();
  test.place(shopper(), id);
  CHECK(test.vault->keys == Names{"first"});

  // Empty text clears a setting: without it the method is not offered.
  CHECK(test.configure(id, {{"apiKey", ""}, {"region", ""}}).value().configured ==
        Names{"shopName"});
  test.fill(shopper("eve"));
  refusal(test.shop->checkout().place_order(shopper("eve"), {id}), Errc::not_found,
          "paymentMethodId");
}

TEST_CASE("Stripe's settings are Stripe's") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Stripe", "stripe");
  refusal(test.configure(id, {{"secretKey", kPublic}}), Errc::invalid_request, "secretKey");
  refusal(test.configure(id, {{"publishableKey", kSecret}}), Errc::invalid_request,
          "publishableKey");
  refusal(test.configure(id, {{"webhookSecret", "nothing"}}), Errc::invalid_request,
          "webhookSecret");
  refusal(test.configure(id, {{"captureMethod", "later"}}), Errc::invalid_request, "captureMethod");
  refusal(test.configure(id, {{"apiKey", kSecret}}), Errc::invalid_request, "apiKey");
  CHECK(test.method(id).configured.empty());
  test.configure(id, {{"secretKey", kSecret}, {"publishableKey", kPublic}}).value();
  CHECK(test.method(id).public_settings == Pairs{{"publishableKey", kPublic}});
}

TEST_CASE("a method that does not exist here cannot be configured, and only staff may") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  refusal(test.configure(id, {{"apiKey", "x"}}, shopper()), Errc::forbidden);
  refusal(test.configure(id, {{"apiKey", "x"}}, in_store("other", staff())), Errc::not_found,
          "paymentMethodId");
  refusal(test.configure(PaymentMethodId(detail::Uuid{1, 1}), {{"apiKey", "x"}}), Errc::not_found,
          "paymentMethodId");
  refusal(test.shop->admin().payment_methods().list(shopper()), Errc::forbidden);
  refusal(
      test.shop->admin().payment_methods().create(staff(), {.name = "None", .processor = "none"}),
      Errc::invalid_request, "processor");
  CHECK(test.method(id).configured.empty());
}

TEST_CASE("a method is offered while it is active, by position") {
  VaultShop test;
  test.shop->admin()
      .payment_methods()
      .update(staff(), {.payment_method_id = test.card, .name = "By card", .position = 5})
      .value();
  CHECK(test.offered() == Names{"Transfer", "By card"});
  test.shop->admin()
      .payment_methods()
      .update(staff(), {.payment_method_id = test.transfer, .active = false})
      .value();
  CHECK(test.offered() == Names{"By card"});
  CHECK(test.shop->admin().payment_methods().list(staff()).value().items.size() == 2);
  test.fill(shopper());
  refusal(test.shop->checkout().place_order(shopper(), {test.transfer}), Errc::not_found,
          "paymentMethodId");
}

TEST_CASE("without a key to encrypt with no secret is taken") {
  const TemporaryDirectory directory;
  const auto shop = Shop::open({.database = "sqlite:" + directory.file("shop.db"),
                                .processors = {std::make_shared<Vault>()}})
                        .value();
  AdminPaymentMethods methods = shop->admin().payment_methods();
  const auto id = methods.create(staff(), {.name = "V", .processor = "vault"}).value().id;
  CHECK(methods.configure(staff(), {id, {{"shopName", "Tea"}}}).has_value());
  refusal(methods.configure(staff(), {id, {{"apiKey", "x"}}}), Errc::invalid_state);
}

// ---- which secret is used

TEST_CASE("a changed key is used by the next call, in every shop on the database") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  test.configure(id, {{"apiKey", "first"}, {"shopName", "Tea"}}).value();
  const auto other = test.open();
  test.place(shopper("ada"), id);
  other->admin().payment_methods().configure(staff(), {id, {{"apiKey", "second"}}}).value();
  test.place(shopper("bob"), id);
  test.configure(id, {{"apiKey", "third"}}).value();
  test.fill(shopper("eve"));
  other->checkout().place_order(shopper("eve"), {id}).value();
  CHECK(test.vault->keys == Names{"first", "second", "third"});
}

TEST_CASE("each store pays with keys of its own") {
  VaultShop test;
  Checkout checkout = test.shop->checkout();
  const auto sell_in = [&](const std::string& store, const char* key) {
    const Caller boss = in_store(store, staff());
    const Caller buyer = in_store(store, shopper());
    const Currency eur = Currency::parse("EUR").value();
    test.shop->admin()
        .products()
        .create(boss,
                {.slug = "tea",
                 .name = "Tea",
                 .variants = {{.sku = "TEA", .name = "Tea", .price_cents = 500, .currency = eur}}})
        .value();
    test.shop->admin().locations().create(boss, {.name = "Shelf"}).value();
    test.shop->admin().stock().set(boss, {.sku = "TEA", .on_hand = 5}).value();
    const auto post = test.shop->admin()
                          .shipping_methods()
                          .create(boss, {.name = "Post", .currency = eur})
                          .value()
                          .id;
    const auto id = test.shop->admin()
                        .payment_methods()
                        .create(boss, {.name = "V", .processor = "vault"})
                        .value()
                        .id;
    test.configure(id, {{"apiKey", key}, {"shopName", store}}, boss).value();
    test.shop->cart().add_item(buyer, {.sku = "TEA"}).value();
    checkout.set_addresses(buyer, {.shipping_address = BuyingShop::address()}).value();
    checkout.select_shipping_method(buyer, {post}).value();
    return std::pair(buyer, id);
  };
  const auto [red_buyer, red] = sell_in("red", "key-of-red");
  const auto [blue_buyer, blue] = sell_in("blue", "key-of-blue");
  refusal(checkout.place_order(red_buyer, {blue}), Errc::not_found, "paymentMethodId");
  checkout.place_order(blue_buyer, {blue}).value();
  checkout.place_order(red_buyer, {red}).value();
  CHECK(test.vault->keys == Names{"key-of-blue", "key-of-red"});
}

TEST_CASE("Stripe is called with the key of the moment, which no answer and no log repeats") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Stripe", "stripe");
  test.configure(id, {{"secretKey", kSecret}}).value();
  test.fill(shopper());
  const auto failed = test.shop->checkout().place_order(shopper(), {id});
  REQUIRE(failed.has_error());
  CHECK_FALSE(tells(failed.error().message(), kSecret));
  REQUIRE_FALSE(test.stripe_api->authorizations.empty());
  CHECK(test.stripe_api->authorizations.front() == "Bearer " + std::string(kSecret));

  const std::size_t before = test.stripe_api->authorizations.size();
  test.configure(id, {{"secretKey", "sk_test_another"}}).value();
  CHECK(test.shop->checkout().place_order(shopper(), {id}).has_error());
  REQUIRE(test.stripe_api->authorizations.size() > before);
  CHECK(test.stripe_api->authorizations.back() == "Bearer sk_test_another");
  for (const std::string& line : test.log->lines()) CHECK_FALSE(tells(line, kSecret));
}

// ---- where a secret is not

TEST_CASE("a secret is in no answer, no event, no log and no byte of the database") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Stripe", "stripe");
  const std::string path = "/api/admin/settings/payment-methods";
  const std::string body = std::string(R"({"secretKey":")") + kSecret + R"(","webhookSecret":")" +
                           kWebhookSecret + R"(","publishableKey":")" + kPublic + "\"}";
  std::string told;
  const auto tell = [&](const HttpResponse& answer) {
    told += answer.body + "\n";
    for (const auto& [name, value] : answer.headers) told += name + ": " + value + "\n";
    return answer.status;
  };
  const std::string config = path + "/" + id.text() + "/config";
  CHECK(tell(send(*test.shop, with_key("k", staff()), "PUT", config, body)) == 200);
  CHECK(tell(send(*test.shop, with_key("k", staff()), "PUT", config, body)) == 200);
  CHECK(tell(send(*test.shop, with_key("k", staff()), "PUT", config, "{}")) == 409);
  CHECK(tell(send(*test.shop, shopper(), "PUT", config, body)) == 403);
  // Refusals name the field and not what was in it.
  for (const std::string& wrong : {std::string(R"({"publishableKey":")") + kSecret + "\"}",
                                   std::string(R"({"captureMethod":")") + kSecret + "\"}",
                                   std::string(R"({"webhookSecret":")") + kSecret + "\"}",
                                   std::string(R"({"unknown":")") + kSecret + "\"}",
                                   std::string(R"({"secretKey":[")") + kSecret + "\"]}",
                                   std::string(R"({"secretKey":")") + kSecret}) {
    CHECK(tell(send(*test.shop, staff(), "PUT", config, wrong)) == 400);
  }
  CHECK(tell(send(*test.shop, staff(), "GET", path)) == 200);
  CHECK(told.find("secretKey") != std::string::npos);  // that it is configured is no secret
  CHECK(told.find(kPublic) != std::string::npos);

  // A purchase that fails, with all that is written about it.
  test.fill(shopper());
  CHECK(tell(send(*test.shop, shopper(), "GET", "/api/storefront/checkout/payment-methods")) ==
        200);
  CHECK(tell(send(*test.shop, shopper(), "POST", "/api/storefront/checkout/place-order",
                  R"({"paymentMethodId":")" + id.text() + "\"}")) >= 400);
  test.work();
  tell(send(*test.shop, staff(), "GET", "/api/admin/events"));
  for (const auto page = test.shop->admin().orders().list(staff()).value();
       const Order& order : page.items) {
    tell(send(*test.shop, staff(), "GET", "/api/admin/orders/" + order.number));
    tell(send(*test.shop, staff(), "GET", "/api/admin/orders/" + order.number + "/timeline"));
  }
  CHECK(tell(send(*test.shop, staff(), "GET", "/api/openapi.json")) == 200);
  for (const std::string& line : test.log->lines()) told += line + "\n";
  const std::string stored = bytes_of(test.file) + bytes_of(test.file + "-wal");
  // The search itself finds what is there.
  CHECK(tells(stored, kPublic));
  CHECK(tells("..." + net::base64("xy" + std::string(kSecret) + "z"), kSecret));
  for (const char* secret : {kSecret, kWebhookSecret}) {
    CHECK_FALSE(tells(told, secret));
    CHECK_FALSE(tells(stored, secret));
  }
}

// ---- the keys that encrypt

TEST_CASE("a new key encrypts new secrets while the old ones stay readable") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  test.configure(id, {{"apiKey", "first"}, {"shopName", "Tea"}}).value();
  test.shop.reset();

  ShopOptions options = test.options();
  options.secret_keys["k2"] = std::string(32, 'z');
  options.secret_key_id = "k2";
  test.shop = Shop::open(options).value();
  test.place(shopper("ada"), id);
  // Written anew it is under the new key, and the old one can go.
  test.configure(id, {{"shopName", "Teas"}}).value();
  test.shop.reset();
  options.secret_keys.erase("k1");
  test.shop = Shop::open(options).value();
  test.place(shopper("bob"), id);
  CHECK(test.vault->keys == Names{"first", "first"});
}

TEST_CASE("where keys may be missing a secret is unreadable, and nothing is placed with it") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  test.configure(id, {{"apiKey", kSecret}, {"shopName", "Tea"}}).value();
  test.shop.reset();
  ShopOptions options = test.options();
  for (const bool same_id : {true, false}) {
    options.secret_keys = {{same_id ? "k1" : "k2", std::string(32, 'w')}};
    options.secret_key_id = same_id ? "k1" : "k2";
    options.allow_missing_keys = true;
    test.shop = Shop::open(options).value();
    refusal(test.configure(id, {{"shopName", "Other"}}), Errc::storage);
    test.fill(shopper());
    refusal(test.shop->checkout().place_order(shopper(), {id}), Errc::storage);
    CHECK(test.shop->cart().get(shopper()).value().state == OrderState::delivery);
    test.shop.reset();
  }
  CHECK(test.vault->keys.empty());
  test.shop = test.open();
  test.place(shopper(), id);
  CHECK(test.vault->keys == Names{kSecret});
}

TEST_CASE("whoever has lost the key gives every secret anew") {
  VaultShop test;
  const PaymentMethodId id = test.add_method("Vault", "vault");
  test.configure(id, {{"apiKey", "lost"}, {"shopName", "Tea"}}).value();
  test.shop.reset();
  ShopOptions options = test.options();
  options.secret_keys = {{"k2", std::string(32, 'z')}};
  options.secret_key_id = "k2";
  options.allow_missing_keys = true;
  test.shop = Shop::open(options).value();
  test.configure(id, {{"apiKey", "new"}}).value();
  test.place(shopper(), id);
  CHECK(test.vault->keys == Names{"new"});
}

TEST_CASE("keys of a wrong shape do not open a shop") {
  const TemporaryDirectory directory;
  const auto open_with = [&](std::map<std::string, std::string> keys, std::string current) {
    return Shop::open({.database = "sqlite:" + directory.file("shop.db"),
                       .secret_keys = std::move(keys),
                       .secret_key_id = std::move(current),
                       .processors = {manual_processor()}});
  };
  refusal(open_with({{"k1", "short"}}, "k1"), Errc::invalid_request, "secretKeys");
  refusal(open_with({{"K 1", std::string(32, 'k')}}, "K 1"), Errc::invalid_request, "secretKeys");
  refusal(open_with({{"k1", std::string(32, 'k')}}, "k2"), Errc::invalid_request, "secretKeyId");
  refusal(open_with({{"k1", std::string(32, 'k')}, {"k2", std::string(32, 'l')}}, ""),
          Errc::invalid_request, "secretKeyId");
  refusal(open_with({}, "k1"), Errc::invalid_request, "secretKeyId");
}
