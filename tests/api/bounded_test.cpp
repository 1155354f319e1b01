// What comes from outside and stands in an error is cut: nobody gets a megabyte back, whichever way
// it came in.
#include <nlohmann/json.hpp>

#include "resys/resys.hpp"
#include "support/callers.hpp"
#include "support/catch.hpp"

using namespace resys;
using namespace resys::test;
using Json = nlohmann::json;

namespace {

const std::string kLong(1'000'000, 'n');
constexpr const char* kTold = "... (1000000 bytes)";

struct Bounded {
  std::unique_ptr<Shop> shop =
      Shop::open({.database = "sqlite::memory:", .processors = {test_processor()}}).value();

  // The error's field, by the call by name and by HTTP.
  std::string field(const std::string& operation, const std::string& method,
                    const std::string& target, const Json& request) {
    const std::string text = request.dump();
    const auto called = call(*shop, staff(), operation, text);
    REQUIRE(called.has_error());
    check(called.error());
    const HttpResponse response =
        shop->handle(staff(), {method, target, {{"Content-Type", "application/json"}}, text});
    CHECK(response.body.size() < 2'000);
    CHECK(Json::parse(response.body).at("error").at("field") == called.error().field());
    return called.error().field();
  }
  static void check(const Error& error) {
    CHECK(error.code() == Errc::invalid_request);
    CHECK(error.message().size() <= 1'000);
    CHECK(error.field().size() <= 300);
  }
};

}  // namespace

TEST_CASE("an unknown field's name is cut, with how long it was") {
  Bounded world;
  const auto field = [&](const Json& request) {
    return world.field("admin.products.create", "POST", "/api/admin/products", request);
  };
  const Json variant = {{"sku", "TEA"}, {"name", "Tea"}, {"priceCents", 1}, {"currency", "EUR"}};
  Json product = {{"slug", "tea"}, {"name", "Tea"}, {"variants", {variant}}};
  const std::string shown = std::string(80 - std::string(kTold).size(), 'n') + kTold;

  Json at_top = product;
  at_top[kLong] = 1;
  CHECK(field(at_top) == shown);
  Json nested = product;
  nested["variants"][0][kLong] = 1;
  CHECK(field(nested) == "variants[0]." + shown);
  // The name of a pair is the shopkeeper's own.
  Json pairs = product;
  pairs["variants"][0]["options"] = {{kLong, "x"}};
  CHECK(field(pairs).starts_with("variants[0].options"));
  Json pair_of_another_type = product;
  pair_of_another_type["variants"][0]["options"] = {{kLong, 1}};
  CHECK(field(pair_of_another_type) == "variants[0].options." + shown);
  // At the limit it is told whole.
  Json short_enough = product;
  short_enough[std::string(80, 'n')] = 1;
  CHECK(field(short_enough) == std::string(80, 'n'));
  Json too_long = product;
  too_long[std::string(81, 'n')] = 1;
  CHECK(field(too_long).ends_with("... (81 bytes)"));
}

TEST_CASE("a name given twice is cut, too") {
  Bounded world;
  const std::string twice = "{\"" + kLong + "\":1,\"" + kLong + "\":2}";
  const auto called = call(*world.shop, staff(), "cart.addItem", twice);
  REQUIRE(called.has_error());
  Bounded::check(called.error());
  CHECK(called.error().field().ends_with(kTold));
}

TEST_CASE("what a name is cut to is whole characters") {
  Bounded world;
  std::string name;
  while (name.size() < 1'000) name += "\xe2\x82\xac";
  const auto called = call(*world.shop, staff(), "cart.addItem", Json{{name, 1}}.dump());
  REQUIRE(called.has_error());
  CHECK_NOTHROW(Json(called.error().field()).dump());  // it is UTF-8
  CHECK(called.error().field().size() <= 80);
}

TEST_CASE("queries, paths, keys, stores and operations are cut") {
  Bounded world;
  const auto answered = [&](const std::string& method, const std::string& target,
                            Headers headers = {}) {
    const HttpResponse response = world.shop->handle(staff(), {method, target, headers, {}});
    CHECK(response.status >= 400);
    CHECK(response.body.size() < 2'000);
    return response.body;
  };
  CHECK(answered("GET", "/api/admin/orders?" + kLong + "=1").find(kTold) != std::string::npos);
  CHECK(answered("GET", "/api/admin/orders?" + kLong + "=1&" + kLong + "=2").find(kTold) !=
        std::string::npos);
  answered("POST", "/api/admin/products?" + kLong);
  answered("GET", "/api/admin/orders/" + kLong);
  answered("GET", "/api/" + kLong);
  answered("POST", "/api/storefront/cart/items",
           {{"Content-Type", "application/json"}, {"Idempotency-Key", kLong}});
  answered("POST", "/api/webhooks/" + kLong, {{kLong, kLong}});
  answered(kLong, "/api/admin/products");

  const auto unknown = call(*world.shop, staff(), kLong, "{}");
  REQUIRE(unknown.has_error());
  CHECK(unknown.error().code() == Errc::not_found);
  CHECK(std::string(unknown.error().fact("operation")).ends_with(kTold));
  for (const Caller& caller :
       {in_store(kLong, staff()), with_key(kLong, staff()),
        Caller{.user_id = kLong, .audience = Audience::staff}, Caller{.session_id = kLong}}) {
    const auto refused = world.shop->cart().get(caller);
    REQUIRE(refused.has_error());
    Bounded::check(refused.error());
  }
}

TEST_CASE("an error built by anybody is cut") {
  const Error error = Error(Errc::invalid_request, std::string(1'000, 'm'))
                          .at(std::string(300, 'f'))
                          .with("fact", std::string(1'000, 'x'));
  CHECK(error.message().size() == 1'000);
  CHECK(error.message().back() == 'm');
  CHECK(error.field().back() == 'f');
  CHECK(error.fact("fact").back() == 'x');
  const Error longer = Error(Errc::invalid_request, std::string(1'001, 'm'))
                           .at(std::string(301, 'f'))
                           .with("fact", std::string(1'001, 'x'))
                           .row({{"fact", std::string(1'001, 'x')}});
  CHECK(longer.message().ends_with("m... (1001 bytes)"));
  CHECK(longer.message().size() == 1'000);
  CHECK(longer.field().ends_with("f... (301 bytes)"));
  CHECK(longer.field().size() == 300);
  CHECK(longer.fact("fact").size() == 1'000);
  CHECK(std::get<std::string>(longer.rows().at(0).at(0).value).size() == 1'000);
}
