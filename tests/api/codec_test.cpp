// JSON read into requests and answers written as JSON.
#include <nlohmann/json.hpp>

#include "api/codec.hpp"
#include "catalog/fields.hpp"
#include "order/checkout_fields.hpp"
#include "pricing/promotion_fields.hpp"
#include "support/catch.hpp"

using namespace resys;

namespace {

template <class Request>
Result<Request> read(std::string_view text) {
  RESYS_TRY(json, api::parse_object(text));
  Request request;
  RESYS_TRYV(api::read(json, request));
  return request;
}

// The field at fault.
template <class Request>
std::string refused(std::string_view text) {
  const auto outcome = read<Request>(text);
  REQUIRE(outcome.has_error());
  CHECK(outcome.error().code() == Errc::invalid_request);
  CHECK_FALSE(outcome.error().message().empty());
  return outcome.error().field();
}

template <class Answer>
std::string written(const Answer& answer) {
  std::string out;
  api::write(out, answer);
  return out;
}

std::string nested(int levels) {
  return R"({"sku":)" + std::string(static_cast<std::size_t>(levels), '[') +
         std::string(static_cast<std::size_t>(levels), ']') + "}";
}

}  // namespace

TEST_CASE("nothing stands behind a zero byte") {
  for (const std::string& bad :
       {std::string("{}\0", 3), std::string("{}\0garbage", 10), std::string("\0{}", 3),
        std::string(R"({"sku":"TEA"})") + '\0' + R"(,"quantity":9})", std::string("\0", 1)}) {
    CHECK(refused<AddCartItem>(bad).empty());
  }
  // Written as an escape it is a character, which no text may have.
  CHECK(read<AddCartItem>(R"({"sku":"a\u0000b"})").value().sku == std::string("a\0b", 3));
}

TEST_CASE("a right request is read, absent fields keep their default") {
  const AddCartItem item = read<AddCartItem>(R"({"quantity": 3, "sku": "TE\u00c4"})").value();
  CHECK(item.sku == "TE\u00c4");
  CHECK(item.quantity == 3);
  CHECK(read<AddCartItem>(R"({"sku":"TEA"})").value().quantity == 1);
  const std::string id = "\"promotionId\":\"promotion_01h455vb4pex5vsknk084sn02q\"";
  CHECK_FALSE(read<UpdatePromotion>("{" + id + "}").value().ends_at);
  const Change<Timestamp> cleared =
      read<UpdatePromotion>("{" + id + R"(,"endsAt":null})").value().ends_at;
  REQUIRE(cleared);
  CHECK_FALSE(*cleared);
  const NewVariant variant =
      read<NewVariant>(
          R"({"sku":"A","priceCents":5,"currency":"JPY","options":{"z":"1","a":"2","m":"3"}})")
          .value();
  CHECK(variant.currency.code() == "JPY");
  CHECK(variant.options == Pairs{{"z", "1"}, {"a", "2"}, {"m", "3"}});
  const UpdatePromotion promotion =
      read<UpdatePromotion>("{" + id + R"(,"endsAt":"2026-11-24T10:30:00+01:00"})").value();
  CHECK((*promotion.ends_at)->text() == "2026-11-24T09:30:00.000000Z");
  CHECK(read<PromotionAction>(R"({"kind":"fixedOffOrder"})").value().kind ==
        PromotionActionKind::fixed_off_order);
}

TEST_CASE("an unknown field is refused by its name") {
  CHECK(refused<AddCartItem>(R"({"sku":"A","qty":1})") == "qty");
  CHECK(refused<GetCart>(R"({"x":1})") == "x");
  CHECK(refused<SetAddresses>(R"({"shippingAddress":{"zip":"1"}})") == "shippingAddress.zip");
  CHECK(refused<CreateProduct>(
            R"({"slug":"a","name":"A","variants":[{"sku":"A","priceCents":1,"currency":"EUR"},
                {"sku":"B","cents":1}]})") == "variants[1].cents");
}

TEST_CASE("a missing field is refused by its name") {
  CHECK(refused<AddCartItem>("{}") == "sku");
  CHECK(refused<ChangeCartItem>(R"({"lineItemId":"line_01h455vb4pex5vsknk084sn02q"})") ==
        "quantity");
  CHECK(refused<SetAddresses>(R"({"billingAddress":{"firstName":"A"}})") == "billingAddress.line1");
  CHECK(refused<CreateProduct>(R"({"slug":"a","name":"A","variants":[{"sku":"A"}]})") ==
        "variants[0].priceCents");
}

TEST_CASE("a wrong type is refused by the field's name") {
  for (const char* value : {"1", "true", "null", "[]", "{}", "1.5"}) {
    CHECK(refused<AddCartItem>(std::string(R"({"sku":)") + value + "}") == "sku");
  }
  for (const char* value : {"1.0", "1.5", "1e2", "\"1\"", "true", "null", "[1]", "{}",
                            "9223372036854775808", "18446744073709551616", "-1e30"}) {
    CHECK(refused<AddCartItem>(std::string(R"({"sku":"A","quantity":)") + value + "}") ==
          "quantity");
  }
  CHECK(refused<CreateProduct>(R"({"slug":"a","name":"A","active":1})") == "active");
  CHECK(refused<CreateProduct>(R"({"slug":"a","name":"A","categories":"x"})") == "categories");
  CHECK(refused<CreateProduct>(R"({"slug":"a","name":"A","categories":["x",1]})") ==
        "categories[1]");
  CHECK(refused<CreateProduct>(R"({"slug":"a","name":"A","variants":[1]})") == "variants[0]");
  CHECK(refused<SetAddresses>(R"({"shippingAddress":"x"})") == "shippingAddress");
  CHECK(refused<SetAddresses>(R"({"email":null})") == "email");
  CHECK(refused<RemoveCartItem>(R"({"lineItemId":"order_01h455vb4pex5vsknk084sn02q"})") ==
        "lineItemId");
  const std::string begin = R"({"name":"A","actions":[{"kind":)";
  CHECK(refused<CreatePromotion>(begin + R"("FreeShipping"}]})") == "actions[0].kind");
  CHECK(refused<CreatePromotion>(begin + R"("freeShipping"}],"currency":"eur"})") == "currency");
  CHECK(refused<CreatePromotion>(begin + R"("freeShipping"}],"endsAt":"tomorrow"})") == "endsAt");
  CHECK(refused<UpdateVariant>(R"({"sku":"A","options":{"size":1}})") == "options.size");
  CHECK(refused<UpdateVariant>(R"({"sku":"A","options":[["size","1"]]})") == "options");
}

TEST_CASE("settings take all other fields of the body, as texts") {
  const std::string id = R"("paymentMethodId":"method_01h455vb4pex5vsknk084sn02q")";
  const auto config =
      read<ConfigurePaymentMethod>("{" + id + R"(,"secretKey":"s","publishableKey":"p"})").value();
  CHECK(config.values == Pairs{{"secretKey", "s"}, {"publishableKey", "p"}});
  CHECK(refused<ConfigurePaymentMethod>("{" + id + R"(,"secretKey":1})") == "secretKey");
  ConfigurePaymentMethod too_long = config;
  too_long.values[0].second = std::string(2'001, 'x');
  CHECK(fields::check(too_long).error().field() == "secretKey");
}

TEST_CASE("a text that is not a JSON object is refused") {
  for (const char* text :
       {"", " ", "{", "[]", "null", "1", "\"x\"", "{}{}", "{'a':1}", "{\"sku\":\"\xFF\"}",
        "{\"sku\":\"\xC0\x80\"}", "{\"sku\":\"a\nb\"}", "{\"sku\":\"\\ud800\"}", "{\"sku\":NaN}",
        "{\"sku\":01}", "{\"sku\":1e400}", "{\"sku\":\"a\",}", "// x\n{}"}) {
    CAPTURE(text);
    CHECK(refused<AddCartItem>(text).empty());
  }
  CHECK(refused<AddCartItem>(R"({"sku":"A","sku":"B"})") == "sku");
  CHECK(refused<UpdateVariant>(R"({"sku":"A","options":{"a":"1","a":"2"}})") == "a");
}

TEST_CASE("the parser's message does not quote the request") {
  const auto outcome = read<AddCartItem>(R"({"secretKey":"sk_live_1", oops})");
  CHECK(outcome.error().message().find("sk_live") == std::string::npos);
  CHECK(outcome.error().fact("byte", 0) > 20);
}

TEST_CASE("deep and wide JSON costs nothing") {
  CHECK(refused<AddCartItem>(nested(10)) == "sku");
  CHECK(refused<AddCartItem>(nested(100'000)).empty());
  std::string wide = "{";
  for (int i = 0; i < 100'000; ++i) wide += "\"" + std::to_string(i) + "\":1,";
  CHECK(refused<AddCartItem>(wide + R"("sku":"A"})").empty());
  // As many objects as a body holds, which the parser's own hooks would look at again and again.
  std::string list = R"({"x":[{})";
  for (int i = 0; i < 340'000; ++i) list += ",{}";
  CHECK(refused<AddCartItem>(list + "]}") == "x");
}

TEST_CASE("answers have every field, null where there is none") {
  CHECK(written(Page<OfferedShippingMethod>{}) == R"({"items":[],"nextAfter":null})");
  CHECK(written(MergedLine{"A", 2, MergeResult::capped}) ==
        R"({"sku":"A","quantity":2,"result":"capped"})");
  CHECK(written(RejectedCode{"A\"\\\n\x01\u00e9", PromotionReason::ended, -1}) ==
        "{\"code\":\"A\\\"\\\\\\n\\u0001\u00e9\",\"reason\":\"ended\","
        "\"missingCents\":-1,\"missingQuantity\":null}");
  Event event;
  event.id = EventId::parse("event_01h455vb4pex5vsknk084sn02q").value();
  event.type = EventType::order_completed;
  event.facts = {{"b", "1"}, {"a", "2"}};
  event.created_at = Timestamp::parse("2026-11-24T09:30:00Z").value();
  CHECK(written(event) ==
        R"({"id":"event_01h455vb4pex5vsknk084sn02q","type":"OrderCompleted","orderId":"",)"
        R"("orderNumber":"","userId":"","email":"","actor":"shop","actorId":"",)"
        R"("sequence":0,"facts":{"b":"1","a":"2"},"createdAt":"2026-11-24T09:30:00.000000Z"})");
}

TEST_CASE("an order is a cart and more") {
  Order order;
  order.line_items.resize(2);
  order.currency = Currency::parse("EUR").value();
  const auto json = nlohmann::json::parse(written(order));
  CHECK(json["state"] == "Cart");
  CHECK(json["currency"] == "EUR");
  CHECK(json["lineItems"].size() == 2);
  CHECK(json["placedAt"].is_null());
  CHECK(json["paymentStatus"] == "none");
  CHECK(json.size() == nlohmann::json::parse(written(static_cast<Cart>(order))).size() + 18);
}

TEST_CASE("bytes that are no UTF-8 cannot break an answer") {
  CHECK(nlohmann::json::accept(written(RejectedCode{"a\xFF\xC3"})));
}
