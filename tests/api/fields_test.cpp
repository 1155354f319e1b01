// Limits at their edges, and fingerprints.
#include <set>

#include "fields/checkout.hpp"
#include "fields/event.hpp"
#include "fields/inventory.hpp"
#include "fields/promotion.hpp"
#include "support/catch.hpp"

using namespace resys;

namespace {

// The field that is refused, or empty.
template <class Request>
std::string refused(const Request& request) {
  const auto checked = fields::check(request);
  if (!checked.has_error()) return {};
  CHECK(checked.error().code() == Errc::invalid_request);
  CHECK_FALSE(checked.error().message().empty());
  return checked.error().field();
}

std::string repeat(std::string_view piece, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

AddressInput address() {
  return {.first_name = "Ada",
          .last_name = "Lovelace",
          .line1 = "1 Main Street",
          .city = "London",
          .country = "GB"};
}

}  // namespace

TEST_CASE("lengths are counted in characters, and the edges belong to the range") {
  CHECK(refused(AddCartItem{"a", 1}).empty());
  CHECK(refused(AddCartItem{repeat("a", 100), 1}).empty());
  CHECK(refused(AddCartItem{repeat("\u00fc", 100), 1}).empty());
  CHECK(refused(AddCartItem{repeat("\U0001F375", 100), 1}).empty());
  CHECK(refused(AddCartItem{"", 1}) == "sku");
  CHECK(refused(AddCartItem{repeat("a", 101), 1}) == "sku");
  CHECK(refused(AddCartItem{repeat("\u00fc", 101), 1}) == "sku");
  const auto checked = fields::check(AddCartItem{repeat("a", 101), 1});
  CHECK(checked.error().fact("limit", 0) == 100);
}

TEST_CASE("integers have edges too") {
  CHECK(refused(AddCartItem{"a", 0}) == "quantity");
  CHECK(refused(AddCartItem{"a", kMaxUnitsPerLine}).empty());
  CHECK(refused(AddCartItem{"a", kMaxUnitsPerLine + 1}) == "quantity");
  CHECK(refused(AddCartItem{"a", INT64_MIN}) == "quantity");
  CHECK(refused(ListProducts{200, {}}).empty());
  CHECK(refused(ListProducts{201, {}}) == "limit");
  CHECK(refused(NewVariant{.sku = "a",
                           .price_cents = kMaxMinor + 1,
                           .currency = Currency::parse("EUR").value()}) == "priceCents");
}

TEST_CASE("text is UTF-8 without control characters") {
  for (const char* bad : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF5\x80",
                          "\xF4\x90\x80\x80", "a\xFF", "\x1F", "a\nb", "a\tb"}) {
    CAPTURE(bad);
    CHECK(refused(GetStock{bad}) == "sku");
  }
  CHECK(refused(GetStock{std::string("a\0b", 3)}) == "sku");
  CHECK(refused(GetStock{"\xF4\x8F\xBF\xBF"}).empty());
  CHECK(refused(SetStock{.sku = "a", .reason = "two\nlines\tand a tab"}).empty());
  CHECK(refused(SetStock{.sku = "a", .reason = "a bell \a"}) == "reason");
}

TEST_CASE("patterns") {
  CHECK(refused(GetProduct{"green-tea-2"}).empty());
  CHECK(refused(GetProduct{"Green"}) == "slug");
  CHECK(refused(ApplyCoupon{"Ab-_9"}).empty());
  CHECK(refused(ApplyCoupon{"a b"}) == "code");
  SetAddresses request;
  for (const char* bad : {"ada", "@x", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b;c",
                          "\"a\"@b", "\u00e9@b.de", "a@b\x7f"}) {
    CAPTURE(bad);
    request.email = bad;
    CHECK(refused(request) == "email");
  }
  request.email = "ada@example.com";
  CHECK(refused(request).empty());
}

TEST_CASE("a fault inside a list or an object is named by its path") {
  CreateProduct product{.slug = "tea", .name = "Tea"};
  product.variants.resize(3, {.sku = "A", .currency = Currency::parse("EUR").value()});
  product.variants[2].sku = "";
  CHECK(refused(product) == "variants[2].sku");
  product.variants[2].sku = "B";
  product.variants[1].options = {{"size", repeat("x", 201)}};
  CHECK(refused(product) == "variants[1].options.size");
  product.variants[1].options = {{"size", "M"}, {"size", "L"}};
  CHECK(refused(product) == "variants[1].options.size");
  product.variants[1].options = {{"", "M"}};
  CHECK(refused(product) == "variants[1].options");
  product.variants[1].options.clear();
  product.variants.resize(101, product.variants[0]);
  CHECK(refused(product) == "variants");
  product.variants.resize(1);
  product.categories = {"good", ""};
  CHECK(refused(product) == "categories[1]");
  product.categories.clear();
  product.variants[0].currency = {};
  CHECK(refused(product) == "variants[0].currency");

  SetAddresses request{.shipping_address = address()};
  CHECK(refused(request).empty());
  request.shipping_address->country = "gb";
  CHECK(refused(request) == "shippingAddress.country");
  request.shipping_address = address();
  request.billing_address = address();
  request.billing_address->phone = repeat("1", 41);
  CHECK(refused(request) == "billingAddress.phone");
}

TEST_CASE("ids, enums and moments that nothing can mean are refused") {
  CHECK(refused(RemoveCartItem{}) == "lineItemId");
  CHECK(refused(ListEvents{.state = static_cast<DeliveryState>(2)}) == "state");
  CHECK(refused(ListEvents{.state = static_cast<DeliveryState>(-1)}) == "state");
  UpdateCoupon request{.code = "A"};
  request.ends_at = Timestamp{INT64_MAX};
  CHECK(refused(request) == "endsAt");
  request.ends_at = Timestamp::parse("9999-12-31T23:59:59.999999Z").value();
  CHECK(refused(request).empty());
}

TEST_CASE("the caller's own limits are in bytes") {
  CHECK(refused(Caller{}).empty());
  CHECK(refused(Caller{.store = "shop_2-b"}).empty());
  CHECK(refused(Caller{.store = ""}) == "storeId");
  CHECK(refused(Caller{.store = "Shop"}) == "storeId");
  CHECK(refused(Caller{.store = repeat("a", 65)}) == "storeId");
  CHECK(refused(Caller{.user_id = repeat("a", 200)}).empty());
  CHECK(refused(Caller{.user_id = repeat("\u00fc", 101)}) == "userId");
  CHECK(refused(Caller{.session_id = repeat("a", 201)}) == "sessionId");
  CHECK(refused(Caller{.idempotency_key = repeat("a", 201)}) == "idempotencyKey");
  CHECK(refused(Caller{.idempotency_key = "a\xFF"}) == "idempotencyKey");
  CHECK(fields::check(Caller{.user_id = repeat("a", 201)}).error().fact("limit", 0) == 200);
}

TEST_CASE("different requests have different fingerprints, equal ones the same") {
  std::set<std::string> seen;
  const auto is_new = [&](const auto& request) {
    CHECK(fields::fingerprint(request) == fields::fingerprint(request));
    return seen.insert(fields::fingerprint(request)).second;
  };
  SetAddresses request;
  CHECK(is_new(request));
  request.email = "";
  CHECK(is_new(request));
  request.email = "a@b";
  CHECK(is_new(request));
  request.shipping_address = address();
  CHECK(is_new(request));
  request.shipping_address->line2 = "x";
  CHECK(is_new(request));
  request.shipping_address->line2.reset();
  request.shipping_address->region = "x";
  CHECK(is_new(request));
  request.billing_address.swap(request.shipping_address);
  CHECK(is_new(request));

  seen.clear();
  Reserve reserve{.order_ref = "1"};
  CHECK(is_new(reserve));
  reserve.lines = {{"a", "b", 1}};
  CHECK(is_new(reserve));
  reserve.lines = {{"ab", "", 1}};
  CHECK(is_new(reserve));
  reserve.lines = {{"a", "b", 1}, {"a", "b", 1}};
  CHECK(is_new(reserve));
  reserve.lines = {{"a", "b", 11}};
  CHECK(is_new(reserve));
  reserve.expires_at = Timestamp{};
  CHECK(is_new(reserve));
}

TEST_CASE("a schema's name is its struct's") {
  CHECK(fields::type_name<AddCartItem>() == "AddCartItem");
  CHECK(fields::type_name<Page<Product>>() == "ProductPage");
  CHECK(fields::type_name<CreateAddress>() == "AddressInput");
}
