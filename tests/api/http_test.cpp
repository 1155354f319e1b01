// What is true of every endpoint: routes, methods, bodies, the envelope, and calls by name.
#include "api/world.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Headers kJson{{"Content-Type", "application/json"}};

// A clock that breaks, as a host's port may.
class BrokenClock final : public Clock {
 public:
  Timestamp now() override {
    if (broken) throw std::runtime_error("secret words of the host");
    return Timestamp::from_seconds(1'800'000'000);
  }
  bool broken = false;
};

}  // namespace

TEST_CASE("an answer has the envelope and its headers") {
  World world;
  const HttpResponse response =
      world.shop().handle({}, {"GET", "/api/storefront/products", {}, {}});
  CHECK(response.status == 200);
  CHECK(response.body.starts_with(R"({"success":true,"data":{"items":[{"id":"product_)"));
  CHECK(response.body.ends_with(R"(,"nextAfter":null},"error":null})"));
  CHECK(find_header(response.headers, "content-type") == "application/json; charset=utf-8");
  CHECK(find_header(response.headers, "cache-control") == "no-store");

  const Answer refused = world.send(guest(), "POST", "/api/storefront/cart/items", {{"sku", ""}});
  CHECK(refused.status == 400);
  CHECK(refused.body["success"] == false);
  CHECK(refused.body["data"].is_null());
  const Json& error = refused.body["error"];
  CHECK(error["code"] == "invalid_request");
  CHECK(error["message"] == "the text is too short: 1 to 100 characters are accepted");
  CHECK(error["field"] == "sku");
  CHECK(error["details"] == Json({{"limit", 1}}));
  CHECK(error["retry"] == "never");
}

TEST_CASE("a body ends where it ends, not at a zero byte") {
  World world;
  const std::string body = R"({"sku":"TEA"})";
  for (const std::string& behind : {std::string("\0", 1), std::string("\0{\"quantity\":9}", 15)}) {
    const HttpResponse response = world.shop().handle(
        shopper(), {"POST", "/api/storefront/cart/items", kJson, body + behind});
    CHECK(response.status == 400);
  }
  CHECK(world.shop().cart().get(shopper()).value().line_items.empty());
}

TEST_CASE("an error about lines has a row for each") {
  World world;
  world.shop().admin().stock().set(staff(), {.sku = "TEA", .on_hand = 1}).value();
  world.select_shipping(shopper());
  const Answer answer = world.send(shopper(), "POST", "/api/storefront/checkout/place-order",
                                   {{"paymentMethodId", world.card.id.text()}});
  CHECK(answer.status == 409);
  CHECK(answer.code() == "insufficient_stock");
  const Json& lines = answer.body["error"]["details"]["lines"];
  REQUIRE(lines.size() == 1);
  CHECK(lines[0]["sku"] == "TEA");
  CHECK(lines[0]["requested"] == 2);
  CHECK(lines[0]["available"] == 1);
}

TEST_CASE("paths that do not exist, methods that a path does not take") {
  World world;
  for (const char* target :
       {"/", "", "/api", "/api/", "/api/storefront", "/api/storefront/cart/",
        "/api//storefront/cart", "/API/storefront/cart", "/api/storefront/products/",
        "/api/storefront/products/a/b", "/api/admin/orders//timeline", "api/storefront/cart",
        "/api/webhooks/", "/api/storefront/cart#x"}) {
    CAPTURE(target);
    const Answer answer = world.send(staff(), "GET", target);
    CHECK(answer.status == 404);
    CHECK(answer.code() == "not_found");
  }
  const auto allowed = [&](const char* method, const char* target) {
    const Answer answer = world.send(guest(), method, target);
    CHECK(answer.status == 405);
    CHECK(answer.code() == "invalid_request");
    return std::string(find_header(answer.headers, "Allow"));
  };
  CHECK(allowed("DELETE", "/api/storefront/cart") == "GET, HEAD");
  CHECK(allowed("GET", "/api/storefront/cart/items/x") == "PATCH, DELETE");
  CHECK(allowed("OPTIONS", "/api/storefront/addresses") == "GET, HEAD, POST");
  CHECK(allowed("get", "/api/storefront/cart") == "GET, HEAD");
  CHECK(allowed("GET", "/api/webhooks/stripe") == "POST");
  CHECK(allowed("POST", "/api/openapi.json") == "GET, HEAD");
}

TEST_CASE("HEAD is GET without the body") {
  World world;
  const HttpResponse head =
      world.shop().handle({}, {"HEAD", "/api/storefront/products/tea", {}, {}});
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(world.shop().handle({}, {"HEAD", "/api/storefront/products/nope", {}, {}}).status == 404);
}

TEST_CASE("the host can tell the library's paths from its own") {
  CHECK(handles("/api/storefront/cart"));
  CHECK(handles("/api/openapi.json?x"));
  CHECK_FALSE(handles("/apis"));
  CHECK_FALSE(handles("/"));
  CHECK_FALSE(handles(""));
}

TEST_CASE("the description is served bare") {
  World world;
  const HttpResponse response = world.shop().handle({}, {"GET", "/api/openapi.json", {}, {}});
  CHECK(response.status == 200);
  CHECK(response.body == openapi());
}

TEST_CASE("bodies are JSON of at most 1 MiB") {
  World world;
  const auto post = [&](Headers headers, std::string body) {
    return world.send(guest(),
                      {"POST", "/api/storefront/cart/items", std::move(headers), std::move(body)});
  };
  const std::string good = R"({"sku":"TEA"})";
  for (const char* type : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                           "application/json ; charset=utf-8"}) {
    CAPTURE(type);
    CHECK(post({{"content-type", type}}, good).status == 200);
  }
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonx",
                           "text/json; application/json", ""}) {
    CAPTURE(type);
    const Answer answer = post({{"Content-Type", type}}, good);
    CHECK(answer.status == 415);
    CHECK(answer.code() == "invalid_request");
  }
  CHECK(post({}, good).status == 415);
  CHECK(post({}, "").field() == "sku");
  CHECK(post(kJson, "{").status == 400);
  CHECK(post(kJson, "[]").status == 400);

  CHECK(post(kJson, good + std::string(kMaxBodyBytes - good.size(), ' ')).status == 200);
  const Answer large = post(kJson, good + std::string(kMaxBodyBytes - good.size() + 1, ' '));
  CHECK(large.status == 413);
  CHECK(large.code() == "too_large");
  CHECK(large.body["error"]["details"]["limit"] == kMaxBodyBytes);

  CHECK(world.send(guest(), {"GET", "/api/storefront/cart", kJson, "{}"}).status == 400);
  CHECK(world.send(guest(), "POST", "/api/storefront/checkout/reopen?x=1").field() == "x");
}

TEST_CASE("paths and queries are percent-decoded") {
  World world;
  world.shop()
      .admin()
      .variants()
      .create(staff(), {.product_id = world.product.id,
                        .sku = "A B/\u00fc%",
                        .price_cents = 1,
                        .currency = Currency::parse("EUR").value()})
      .value();
  const Answer answer = world.send(staff(), "GET", "/api/admin/stock/A%20B%2F%C3%bc%25");
  CHECK(answer.status == 200);
  CHECK(answer.data()["sku"] == "A B/\u00fc%");
  for (const char* bad : {"%", "%2", "%zz", "%2x", "a%", "%+1", "%-1"}) {
    CAPTURE(bad);
    CHECK(world.send(staff(), "GET", std::string("/api/admin/stock/") + bad).field() == "sku");
  }
  CHECK(world.send(staff(), "GET", "/api/admin/stock/%ff").field() == "sku");
  CHECK(world.send(staff(), "GET", "/api/admin/stock/a%00b").field() == "sku");

  const auto list = [&](const std::string& query) {
    return world.send(staff(), "GET", "/api/admin/orders?" + query);
  };
  CHECK(list("").status == 200);
  std::string many;
  for (int i = 0; i < 40'000; ++i) many += "k" + std::to_string(i) + "=v&";
  CHECK(list(many).status == 400);
  CHECK(list("&&").status == 200);
  CHECK(list("q=a+b%40c&limit=1&state=Complete").status == 200);
  CHECK(list("l%69mit=1").status == 200);
  CHECK(list("limit=1&limit=1").field() == "limit");
  CHECK(list("limit=").field() == "limit");
  CHECK(list("limit=1.0").field() == "limit");
  CHECK(list("limit=+1").field() == "limit");
  CHECK(list("limit=99999999999999999999").field() == "limit");
  CHECK(list("state=complete").field() == "state");
  CHECK(list("Limit=1").field() == "Limit");
  CHECK(list("=1").status == 400);
  CHECK(list("q=%").status == 400);
}

TEST_CASE("staff search orders by words in the query") {
  World world;
  const std::string number = world.buy(shopper()).number;
  const auto found = [&](const std::string& query) {
    const auto answer = world.send(staff(), "GET", "/api/admin/orders?" + query);
    CHECK(answer.status == 200);
    CHECK(answer.data()["nextAfter"].is_null());
    std::vector<std::string> numbers;
    for (const auto& order : answer.data()["items"]) numbers.push_back(order["number"]);
    return numbers;
  };
  using Numbers = std::vector<std::string>;
  const Numbers one{number};
  const std::string part = number.substr(2, 8);
  CHECK(found("q=" + part) == one);
  CHECK(found("q=L%C3%B6velace+LONDON+" + part) == one);
  CHECK(found("q=lovelace&state=Complete&userId=ada") == one);
  CHECK(found("q=lovelace&userId=eve") == Numbers());
  CHECK(found("q=lovelace+paris") == Numbers());
  CHECK(found("q=%25") == Numbers());
  CHECK(world.send(staff(), "GET", "/api/admin/orders?q=" + std::string(201, 'x')).field() == "q");
}

TEST_CASE("a field of the path is not given again in the body") {
  World world;
  const std::string line = world.fill_cart(guest()).line_items.at(0).id.text();
  const Json body = {{"lineItemId", line}, {"quantity", 1}};
  CHECK(world.send(guest(), "PATCH", "/api/storefront/cart/items/" + line, body).field() ==
        "lineItemId");
}

TEST_CASE("the Idempotency-Key header wins over the caller's key") {
  World world;
  Caller caller = guest();
  caller.idempotency_key = "same for all";
  const auto add = [&](std::int64_t quantity, Headers headers) {
    return world.send(caller, "POST", "/api/storefront/cart/items",
                      {{"sku", "TEA"}, {"quantity", quantity}}, std::move(headers));
  };
  CHECK(add(1, {{"idempotency-key", "a"}}).data()["itemCount"] == 1);
  CHECK(add(1, {{"Idempotency-Key", "a"}}).data()["itemCount"] == 1);
  CHECK(add(1, {{"Idempotency-Key", "b"}}).data()["itemCount"] == 2);
  CHECK(add(1, {}).data()["itemCount"] == 3);
  CHECK(add(1, {}).data()["itemCount"] == 3);
  const Answer mismatch = add(2, {{"Idempotency-Key", "a"}});
  CHECK(mismatch.status == 409);
  CHECK(mismatch.code() == "idempotency_mismatch");
  CHECK(add(1, {{"Idempotency-Key", std::string(201, 'k')}}).field() == "idempotencyKey");
}

TEST_CASE("audience comes before shape, shape before existence") {
  World world;
  const Json wrong = {{"nonsense", 1}};
  CHECK(world.send(shopper(), "PUT", "/api/admin/stock/NOPE", wrong).code() == "forbidden");
  CHECK(world.send({}, "POST", "/api/storefront/cart/items", wrong).code() == "unauthenticated");
  CHECK(world.send(staff(), "PUT", "/api/admin/stock/NOPE", wrong).code() == "invalid_request");
  CHECK(
      world.send(staff(), "PUT", "/api/admin/stock/NOPE", {{"onHand", 1}, {"reason", ""}}).code() ==
      "not_found");
  HttpRequest large{"PUT", "/api/admin/stock/NOPE", {}, std::string(kMaxBodyBytes + 1, ' ')};
  CHECK(world.send(shopper(), large).code() == "forbidden");
}

TEST_CASE("the caller's own limits are refused by name") {
  World world;
  Caller caller = shopper(std::string(201, 'u'));
  CHECK(world.send(caller, "GET", "/api/storefront/cart").field() == "userId");
  caller = shopper();
  caller.store = "No Such";
  CHECK(world.send(caller, "GET", "/api/storefront/cart").field() == "store");
}

TEST_CASE("an exception is told to the log, not to the client") {
  const auto clock = std::make_shared<BrokenClock>();
  World world({.clock = clock});
  clock->broken = true;
  const HttpResponse response = world.shop().handle(
      guest(), {"POST", "/api/storefront/cart/items", kJson, R"({"sku":"TEA"})"});
  CHECK(response.status == 500);
  CHECK(Json::parse(response.body)["error"]["code"] == "internal");
  CHECK(response.body.find("secret") == std::string::npos);
  REQUIRE_FALSE(world.log->lines.empty());
  CHECK(world.log->lines.back().find("cart.addItem") != std::string::npos);
  const auto answer = call(world.shop(), guest(), "cart.addItem", R"({"sku":"TEA"})");
  CHECK(answer.error().code() == Errc::internal);
  clock->broken = false;
  CHECK(call(world.shop(), guest(), "cart.addItem", R"({"sku":"TEA"})").has_value());
}

TEST_CASE("operations are called by name with one JSON object") {
  World world;
  const auto cart = call(world.shop(), guest(), "cart.addItem", R"({"sku":"TEA","quantity":2})");
  const std::string line = Json::parse(cart.value())["lineItems"][0]["id"];
  const std::string request = Json({{"lineItemId", line}, {"quantity", 5}}).dump();
  CHECK(Json::parse(call(world.shop(), guest(), "cart.changeItem", request).value())["itemCount"] ==
        5);
  CHECK(call(world.shop(), guest(), "cart.nope", "{}").error().code() == Errc::not_found);
  CHECK(call(world.shop(), guest(), "admin.stock.list", "oops").error().code() == Errc::forbidden);
  CHECK(call(world.shop(), staff(), "admin.stock.list", "oops").error().code() ==
        Errc::invalid_request);
  CHECK(call(world.shop(), staff(), "admin.stock.list", R"({"limit":"1"})").error().field() ==
        "limit");
  const Json webhook = {
      {"target", "stripe"}, {"headers", {{"Signature", "good"}}}, {"payload", "1"}};
  CHECK(call(world.shop(), {}, "webhooks.receive", webhook.dump()).value() ==
        R"({"received":true})");
}

TEST_CASE("webhooks arrive as raw bytes, from anybody, and are trusted by their signature") {
  World world;
  const auto post = [&](const std::string& target, Headers headers, std::string body) {
    Caller caller;
    caller.audience = Audience::processor;
    return world.send(caller,
                      {"POST", "/api/webhooks/" + target, std::move(headers), std::move(body)});
  };
  CHECK(post("stripe", {{"Signature", "good"}}, "\xFF\x00 not JSON").status == 200);
  CHECK(post("stripe?account=1", {{"Signature", "good"}}, "2").status == 200);
  CHECK(post(world.stripe.id.text(), {{"SIGNATURE", "good"}, {"signature", "bad"}}, "3").status ==
        200);
  const Answer forged = post("stripe", {{"Signature", "bad"}}, "4");
  CHECK(forged.status == 400);
  CHECK(forged.code() == "invalid_signature");
  CHECK(post(PaymentMethodId(detail::Uuid{1, 1}).text(), {}, "5").status == 404);
  CHECK(post("stripe", {{"Signature", "good"}}, std::string(kMaxBodyBytes + 1, 'x')).status == 413);
}
