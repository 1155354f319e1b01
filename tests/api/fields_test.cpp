// Limits at their edges, and fingerprints.
#include <set>

#include "catalog/fields.hpp"
#include "event/fields.hpp"
#include "inventory/fields.hpp"
#include "order/checkout_fields.hpp"
#include "pricing/promotion_fields.hpp"
#include "shipping/fields.hpp"
#include "support/catch.hpp"

using namespace resys;

namespace {

// The field that is refused, or empty.
template <class Request>
std::string refused(const Request& request) {
  const auto accepted = fields::accept(request);
  if (!accepted.has_error()) return {};
  CHECK(accepted.error().code() == Errc::invalid_request);
  CHECK_FALSE(accepted.error().message().empty());
  return accepted.error().field();
}

std::string refused(const Caller& caller) {
  const auto checked = fields::check(caller);
  return checked.has_error() ? checked.error().field() : std::string();
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
          .postal_code = "N1 9GU",
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
                          "\xF4\x90\x80\x80", "a\xFF", "\x1F", "a\nb", "a\tb", "a\x7F"}) {
    CAPTURE(bad);
    CHECK(refused(GetStock{bad}) == "sku");
  }
  CHECK(refused(GetStock{std::string("a\0b", 3)}) == "sku");
  CHECK(refused(GetStock{"\xF4\x8F\xBF\xBF"}).empty());
  CHECK(refused(SetStock{.sku = "a", .reason = "two\nlines\tand a tab"}).empty());
  CHECK(refused(SetStock{.sku = "a", .reason = "a bell \a"}) == "reason");
}

TEST_CASE("what is not seen, or shows a text as another one, is in no text") {
  struct Case {
    const char* text;
    const char* name;
  };
  for (const Case& bad :
       {Case{"a\u0080b", "U+0080"}, Case{"a\u009Fb", "U+009F"}, Case{"a\u2028b", "U+2028"},
        Case{"a\u2029b", "U+2029"}, Case{"a\u202Ab", "U+202A"}, Case{"a\u202Eb", "U+202E"},
        Case{"a\u2066b", "U+2066"}, Case{"a\u2069b", "U+2069"}}) {
    CAPTURE(bad.name);
    const auto line = fields::accept(CreateProduct{.slug = "tea", .name = bad.text});
    REQUIRE(line.has_error());
    CHECK(line.error().field() == "name");
    CHECK(line.error().fact("character") == bad.name);
    CHECK(refused(CreateProduct{.slug = "tea", .name = "Tea", .description = bad.text}) ==
          "description");
    CHECK(refused(Caller{.user_id = bad.text}) == "userId");
    CHECK(refused(GetStock{bad.text}) == "sku");
  }
  // Their neighbors are letters, marks and signs like others.
  for (const char* good :
       {"a\u00A1b", "a\u202Fb", "a\u2030b", "a\u200Cb", "\u0645\u06CC\u200C\u062E"}) {
    CAPTURE(good);
    CHECK(refused(CreateProduct{.slug = "tea", .name = good}).empty());
  }
  // Two SKUs that look the same are the same.
  for (const char* bad : {"a\u200Bb", "a\u00A0b", "a\u00ADb", "a\u200Db", "a\uFE0F"}) {
    CAPTURE(bad);
    CHECK(refused(GetStock{bad}) == "sku");
  }
}

TEST_CASE("texts are kept without blanks around them") {
  const auto kept = [](const std::string& name) {
    return fields::accept(CreateProduct{.slug = "tea", .name = name}).value().name;
  };
  CHECK(kept("  Green  tea\t\n") == "Green  tea");
  CHECK(kept("\u3000\u00A0Tea\u2003\u200B") == "Tea");
  CHECK(kept("\uFEFFTea\u2060") == "Tea");
  CHECK(kept("\u200ETea\u200F") == "Tea");
  CHECK(kept("Tea\u2028") == "Tea");
  // What changes the character before it belongs to it: an emoji's form.
  CHECK(kept("\u2764\uFE0F ") == "\u2764\uFE0F");

  const CreateProduct product =
      fields::accept(CreateProduct{.slug = " tea ",
                                   .name = "Tea",
                                   .description = " two\nlines\n\n",
                                   .categories = {" Green "},
                                   .variants = {{.sku = " TEA ",
                                                 .options = {{" size ", " M "}},
                                                 .currency = Currency::parse("EUR").value(),
                                                 .image_url = " /tea.png "}}})
          .value();
  CHECK(product.slug == "tea");
  CHECK(product.description == "two\nlines");
  CHECK(product.categories == std::vector<std::string>{"Green"});
  CHECK(product.variants[0].sku == "TEA");
  CHECK(product.variants[0].options == Pairs{{"size", "M"}});
  CHECK(product.variants[0].image_url == "/tea.png");
  SetAddresses request{.shipping_address = address(), .email = " ada@example.com\n"};
  request.shipping_address->country = " gb ";
  request.shipping_address->line2 = "  ";
  request = fields::accept(request).value();
  CHECK(request.email == "ada@example.com");
  CHECK(request.shipping_address->country == "GB");
  CHECK(request.shipping_address->line2 == "");
  // A code is in upper case, without anything that copying adds.
  for (const char* code : {" tea10 ", "TEA10\n", "\u00A0Tea10\u3000", "\uFEFFtea10\u200B",
                           "\u200Dtea10\uFE0F", "\t\u2028TEA10\u00AD"}) {
    CAPTURE(code);
    CHECK(fields::accept(ApplyCoupon{code}).value().code == "TEA10");
  }
  CHECK(fields::accept(ListAllOrders{.q = " ada "}).value().q == "ada");
  CHECK(fields::accept(OrderRef{" 7XK2 "}).value().number == "7XK2");

  // What programs give is kept as it is.
  CHECK(fields::accept(ReservationRef{" cart 7 "}).value().order_ref == " cart 7 ");
  const ConfigurePaymentMethod configure{.values = {{"secretKey", " sk "}}};
  CHECK(fields::normalized(fields::kProcessorSettings.pattern, " sk ") == " sk ");
  CHECK(refused(configure) == "paymentMethodId");
}

TEST_CASE("a text in which nothing can be seen is empty") {
  for (const char* blank :
       {"   ", "\u200B", "\u2060", "\uFEFF", "\u00AD", "\u3164", "\u00A0\u3000", "\u2800",
        "\u200C\u200D", "\uFE0F", "\u115F\u1160", "\U000E0020", "\n\t"}) {
    CAPTURE(blank);
    CHECK(refused(CreateProduct{.slug = "tea", .name = blank}) == "name");
    CHECK(refused(AddCartItem{blank, 1}) == "sku");
    CHECK(fields::accept(CreateProduct{.slug = "tea", .name = "Tea", .description = blank})
              .value()
              .description.empty());
    SetAddresses request{.shipping_address = address()};
    request.shipping_address->line1 = blank;
    CHECK(refused(request) == "shippingAddress.line1");
  }
  // The limit is one of what is kept.
  CHECK(refused(AddCartItem{repeat(" ", 1'000) + repeat("a", 100), 1}).empty());
}

TEST_CASE("patterns") {
  CHECK(refused(GetProduct{"green-tea-2"}).empty());
  CHECK(refused(GetProduct{"Green"}) == "slug");
  CHECK(refused(ApplyCoupon{"Ab-_9"}).empty());
  for (const char* bad : {"a b", "a\u200Bb", "", "\uFE0F", "\u00e9"}) {
    CAPTURE(bad);
    CHECK(refused(ApplyCoupon{bad}) == "code");
  }
  SetAddresses request;
  for (const char* bad : {"ada", "@x.de", "a@", "a@b@c.de", "a b@c.de", "a@b.de\r\nBcc: x@y.de",
                          "<a@b.de>", "a@b.de;c", "\"a\"@b.de", "\u00e9@b.de", "a@b.de\x7f"}) {
    CAPTURE(bad);
    request.email = bad;
    CHECK(refused(request) == "email");
  }
  request.email = "ada@example.com";
  CHECK(refused(request).empty());
}

TEST_CASE("an e-mail address has a host that can exist on the Internet") {
  SetAddresses request;
  const auto label = [](std::size_t length) { return repeat("b", length); };
  for (const std::string& bad :
       {std::string("a@.."), std::string("a@-"), std::string("a@localhost"), std::string("a@b."),
        std::string("a@.de"), std::string("a@b..de"), std::string("a@-b.de"),
        std::string("a@b-.de"), std::string("a@b.-de"), std::string("a@192.168.0.1"),
        std::string("a@b_c.de"), std::string("a@b.de."), "a@" + label(64) + ".de",
        repeat("a", 65) + "@b.de",
        "a@" + label(63) + "." + label(63) + "." + label(63) + "." + label(62)}) {
    CAPTURE(bad);
    request.email = bad;
    CHECK(refused(request) == "email");
  }
  for (const std::string& good :
       {std::string("a@b.de"), std::string("a@3com.com"), std::string("a@b.xn--p1ai"),
        std::string("a@b--c.co.uk"), "a@" + label(63) + ".de", repeat("a", 64) + "@b.de",
        std::string("a..b.@docomo.ne.jp")}) {
    CAPTURE(good);
    request.email = good;
    CHECK(refused(request).empty());
  }
}

TEST_CASE("addresses of pictures and pages lead to http, https or a place in the shop") {
  for (const char* good :
       {"", "https://shop.example/tea.png?size=2#top", "http://127.0.0.1:8080/",
        "HTTPS://x.example", "http://[::1]:80/a", "https://b\u00FCcher.example/\u00FC", "/tea.png",
        "tea.png", "../img/tea.png", "?page=2", "#top", "/a:b", "img/a:b.png", "./a:b",
        "https://x.example/%20a", "https://x.example/@a"}) {
    CAPTURE(good);
    CHECK(refused(PlaceOrder{.payment_method_id = PaymentMethodId(detail::Uuid{1, 1}),
                             .return_url = good})
              .empty());
  }
  for (const char* bad : {"javascript:alert(1)",
                          "JavaScript:alert(1)",
                          "java\tscript:alert(1)",
                          "data:text/html,x",
                          "vbscript:x",
                          "file:///etc/passwd",
                          "ftp://x.example/",
                          "mailto:a@b.de",
                          "//evil.example/",
                          "/\\evil.example",
                          "\\\\evil.example",
                          "https:\\\\evil.example",
                          "https:evil.example",
                          "https:/evil.example",
                          "https://",
                          "https:///a",
                          "https://user@evil.example/",
                          "https://shop.example:pass@evil.example/",
                          "https://x.example:port/",
                          "https://x.example:/",
                          "https://x.example:123456/",
                          "https://x y/",
                          "/a b.png",
                          "/a\"b",
                          "/<b>",
                          "https://[x]/",
                          "https://[::1",
                          "https://x\u200B.example/",
                          "tel:1"}) {
    CAPTURE(bad);
    CHECK(refused(PlaceOrder{.payment_method_id = PaymentMethodId(detail::Uuid{1, 1}),
                             .return_url = bad}) == "returnUrl");
    CHECK(refused(NewVariant{
              .sku = "a", .currency = Currency::parse("EUR").value(), .image_url = bad}) ==
          "imageUrl");
  }
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
  request.shipping_address->country = "gbr";
  CHECK(refused(request) == "shippingAddress.country");
  request.shipping_address->country = "zz";
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
  UpdatePromotion request{.promotion_id = PromotionId({1, 1})};
  request.ends_at = Timestamp{INT64_MAX};
  CHECK(refused(request) == "endsAt");
  request.ends_at = Timestamp::parse("9999-12-31T23:59:59.999999Z").value();
  CHECK(refused(request).empty());
}

TEST_CASE("no new price is in a currency that was withdrawn") {
  const NewVariant variant{.sku = "a", .currency = Currency::parse("BGN").value()};
  const auto refusal = fields::accept(variant);
  REQUIRE(refusal.has_error());
  CHECK(refusal.error().code() == Errc::invalid_request);
  CHECK(refusal.error().field() == "currency");
  CHECK(refusal.error().message() == "BGN was withdrawn on 2026-01-01; its successor is EUR");
  CHECK(refusal.error().fact("since") == "2026-01-01");
  CHECK(refusal.error().fact("successor") == "EUR");
  CreatePromotion promotion{.name = "A", .actions = {{}}};
  promotion.currency = Currency::parse("HRK").value();
  CHECK(refused(promotion) == "currency");
  CHECK(refused(CreateShippingMethod{.name = "Post", .currency = Currency::parse("ANG").value()}) ==
        "currency");
}

TEST_CASE("the caller's own limits are in bytes") {
  CHECK(refused(Caller{}).empty());
  CHECK(refused(Caller{.store = "shop_2-b"}).empty());
  CHECK(refused(Caller{.store = ""}) == "store");
  CHECK(refused(Caller{.store = "Shop"}) == "store");
  CHECK(refused(Caller{.store = repeat("a", 65)}) == "store");
  CHECK(refused(Caller{.user_id = repeat("a", 200)}).empty());
  CHECK(refused(Caller{.user_id = repeat("\u00fc", 101)}) == "userId");
  CHECK(refused(Caller{.session_id = repeat("a", 201)}) == "sessionId");
  CHECK(refused(Caller{.idempotency_key = repeat("a", 201)}) == "idempotencyKey");
  CHECK(refused(Caller{.idempotency_key = "a\xFF"}) == "idempotencyKey");
  CHECK(fields::check(Caller{.user_id = repeat("a", 201)}).error().fact("limit", 0) == 200);
  const std::vector<std::string> most(20, repeat("a", 64));
  CHECK(refused(Caller{.groups = most}).empty());
  CHECK(refused(Caller{.groups = std::vector<std::string>(21, "vip")}) == "groups");
  CHECK(refused(Caller{.groups = {"vip", repeat("a", 65)}}) == "groups[1]");
  CHECK(refused(Caller{.groups = {""}}) == "groups[0]");
  CHECK(refused(Caller{.groups = {"VIP"}}) == "groups[0]");
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
  CHECK(fields::schema_of<AddCartItem>().name == "AddCartItem");
  CHECK(fields::schema_of<Page<Product>>().name == "ProductPage");
  CHECK(fields::schema_of<CreateAddress>().name == "AddressInput");
}
