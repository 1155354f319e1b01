// Every operation of the table, from one row each: the right call, every kind of wrong input that
// its fields allow, the wrong audience, nobody at all, and somebody else's things. An operation
// without a row fails.
#include <algorithm>
#include <map>

#include "api/operation.hpp"
#include "api/world.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using api::Operation;
using fields::Field;
using fields::Kind;
using fields::Presence;
using fields::Schema;
using fields::Type;

// A request that is right in the world it was prepared in.
struct Example {
  std::map<std::string, std::string> path;  // its parameters
  Json fields = Json::object();             // the query's, or the body's
  Headers headers;
};

struct Row {
  Caller caller;
  std::function<Example(World&)> prepare;
  // Its fields name things of the caller's own, which are not_found for another shopper.
  bool owned = false;
};

const std::string kNobodys = "01h455vb4pex5vsknk084sn02q";

std::string line_of(const Cart& cart) { return cart.line_items.at(0).id.text(); }

std::string address_of(World& world) {
  return world.shop().addresses().create(shopper(), World::address()).value().id.text();
}

Example number(const std::string& order) { return {{{"number", order}}}; }

Json address_fields() {
  return {{"firstName", "Ada"},
          {"lastName", "Lovelace"},
          {"company", "Engines"},
          {"line1", "1 Main Street"},
          {"line2", "Attic"},
          {"city", "London"},
          {"region", "Greater London"},
          {"postalCode", "N1 9GU"},
          {"country", "GB"},
          {"phone", "+44 1"}};
}

Json variant_fields(const char* sku) {
  return {{"sku", sku},          {"name", "Big"},     {"options", {{"size", "L"}}},
          {"priceCents", 1'500}, {"currency", "EUR"}, {"imageUrl", "/big.jpg"}};
}

Json page() { return {{"limit", 1}}; }

// The same request in any world.
std::function<Example(World&)> always(const Example& example) {
  return [=](World&) { return example; };
}

std::string tea_of(const World& world) { return world.product.variants.at(0).id.text(); }

using Rows = std::map<std::string, Row>;

void add_storefront(Rows& rows) {
  const auto nothing = [](World&) { return Example{}; };
  const auto cart = [](World& world) { return world.fill_cart(shopper()), Example{}; };
  rows["products.list"] = {{}, [](World&) { return Example{{}, page()}; }};
  rows["products.get"] = {{}, [](World&) { return Example{{{"slug", "tea"}}}; }};
  rows["currencies.list"] = {{}, nothing};
  rows["cart.get"] = {guest(), nothing};
  rows["cart.addItem"] = {guest(), always({{}, {{"sku", "TEA"}, {"quantity", 3}}})};
  rows["cart.changeItem"] = {
      shopper(),
      [](World& world) {
        return Example{{{"lineItemId", line_of(world.fill_cart(shopper()))}}, {{"quantity", 7}}};
      },
      true};
  rows["cart.removeItem"] = {
      shopper(),
      [](World& world) {
        return Example{{{"lineItemId", line_of(world.fill_cart(shopper()))}}};
      },
      true};
  rows["cart.applyCoupon"] = {shopper(), [](World& world) {
                                world.fill_cart(shopper());
                                return Example{{}, {{"code", "ten"}}};
                              }};
  rows["cart.removeCoupon"] = {shopper(), [](World& world) {
                                 world.fill_cart(shopper());
                                 world.shop().cart().apply_coupon(shopper(), {"TEN"}).value();
                                 return Example{{{"code", "ten"}}};
                               }};
  rows["cart.merge"] = {{.user_id = "ada", .session_id = "s1"}, [](World& world) {
                          world.fill_cart(guest("s1"));
                          return Example{};
                        }};
  rows["addresses.list"] = {shopper(), [](World&) { return Example{{}, page()}; }};
  rows["addresses.create"] = {shopper(), [](World&) { return Example{{}, address_fields()}; }};
  rows["addresses.update"] = {
      shopper(),
      [](World& world) {
        return Example{{{"addressId", address_of(world)}}, address_fields()};
      },
      true};
  rows["addresses.remove"] = {shopper(),
                              [](World& world) {
                                return Example{{{"addressId", address_of(world)}}};
                              },
                              true};
  rows["addresses.listCountries"] = {{}, nothing};
  rows["addresses.getRules"] = {{}, [](World&) { return Example{{{"country", "ie"}}}; }};
  rows["checkout.setAddresses"] = {
      shopper(),
      [](World& world) {
        world.fill_cart(shopper());
        world.fill_cart(shopper("eve"));
        const std::string id = address_of(world);
        return Example{{},
                       {{"shippingAddressId", id}, {"billingAddressId", id}, {"email", "a@b.c"}}};
      },
      true};
  rows["checkout.listShippingMethods"] = {shopper(), [](World& world) {
                                            world.set_addresses(shopper());
                                            return Example{};
                                          }};
  rows["checkout.selectShippingMethod"] = {
      shopper(), [](World& world) {
        world.set_addresses(shopper());
        return Example{{}, {{"shippingMethodId", world.shipping.id.text()}}};
      }};
  rows["checkout.listPaymentMethods"] = {shopper(), cart};
  rows["checkout.placeOrder"] = {shopper(), [](World& world) {
                                   const Order order = world.select_shipping(shopper());
                                   return Example{{},
                                                  {{"paymentMethodId", world.card.id.text()},
                                                   {"returnUrl", "https://shop.example/back"},
                                                   {"acceptTotalCents", order.total_cents}}};
                                 }};
  rows["checkout.reopen"] = {shopper(), [](World& world) {
                               world.place(shopper(), world.card);
                               return Example{};
                             }};
  rows["checkout.payOrder"] = {shopper(),
                               [](World& world) {
                                 Example example =
                                     number(world.place(shopper(), world.manual).order.number);
                                 example.fields = {{"paymentMethodId", world.card.id.text()},
                                                   {"returnUrl", "https://shop.example/back"}};
                                 return example;
                               },
                               true};
  rows["testPayments.pay"] = {
      shopper(), [](World& world) {
        const Placement placed = world.place(shopper(), world.card);
        return Example{
            {}, {{"clientSecret", placed.payment->client_secret}, {"card", "4242424242424242"}}};
      }};
  rows["orders.list"] = {shopper(), [](World& world) {
                           world.buy(shopper());
                           return Example{{}, page()};
                         }};
  rows["orders.get"] = {shopper(), [](World& world) { return number(world.buy(shopper()).number); },
                        true};
  rows["orders.cancel"] = {
      shopper(),
      [](World& world) { return number(world.place(shopper(), world.card).order.number); }, true};
}

void add_webhooks(Rows& rows) {
  Caller anybody;
  anybody.audience = Audience::processor;
  const Json payload = {{"any", "thing"}};
  rows["webhooks.receive"] = {
      anybody, [=](World& world) {
        return Example{{{"target", world.stripe.id.text()}}, payload, {{"Signature", "good"}}};
      }};
}

void add_catalog(Rows& rows) {
  rows["admin.products.list"] = {staff(), [](World&) { return Example{{}, page()}; }};
  rows["admin.products.create"] = {staff(), always({{},
                                                    {{"slug", "pot"},
                                                     {"name", "Pot"},
                                                     {"description", "Round.\nRed."},
                                                     {"categories", {"kitchen"}},
                                                     {"variants", {variant_fields("POT")}},
                                                     {"active", false}}})};
  rows["admin.products.update"] = {staff(), [](World& world) {
                                     return Example{{{"productId", world.product.id.text()}},
                                                    {{"slug", "teas"},
                                                     {"name", "Teas"},
                                                     {"description", ""},
                                                     {"categories", Json::array()},
                                                     {"active", true}}};
                                   }};
  rows["admin.variants.create"] = {staff(), [](World& world) {
                                     Json fields = variant_fields("TEA-BIG");
                                     fields["productId"] = world.product.id.text();
                                     return Example{{}, fields};
                                   }};
  rows["admin.variants.update"] = {staff(), [](World& world) {
                                     Json fields = variant_fields("");
                                     fields.erase("sku");
                                     fields.erase("currency");
                                     fields["variantId"] = tea_of(world);
                                     fields["newSku"] = "TEA-2";
                                     fields["active"] = false;
                                     return Example{{{"sku", "TEA"}}, fields};
                                   }};
  rows["admin.variants.remove"] = {
      staff(), [](World& world) {
        return Example{{{"sku", "TEA"}}, {{"variantId", tea_of(world)}}};
      }};
  rows["admin.stock.list"] = {staff(), [](World&) { return Example{{}, page()}; }};
  rows["admin.stock.get"] = {staff(), [](World& world) {
                               return Example{{{"sku", "TEA"}}, {{"variantId", tea_of(world)}}};
                             }};
  rows["admin.stock.set"] = {staff(), [](World& world) {
                               return Example{{{"sku", "TEA"}},
                                              {{"variantId", tea_of(world)},
                                               {"locationId", world.location.id.text()},
                                               {"onHand", 7},
                                               {"backorderable", true},
                                               {"reason", "count"},
                                               {"expectedOnHand", 1'000},
                                               {"releaseHolds", true}}};
                             }};
  rows["admin.stock.listMovements"] = {staff(), [](World& world) {
                                         Json fields = page();
                                         fields["variantId"] = tea_of(world);
                                         return Example{{{"sku", "TEA"}}, fields};
                                       }};
  rows["admin.locations.list"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.locations.create"] = {staff(), always({{}, {{"name", "Cellar"}, {"position", 2}}})};
  rows["admin.locations.update"] = {staff(), [](World& world) {
                                      return Example{
                                          {{"locationId", world.location.id.text()}},
                                          {{"name", "Attic"}, {"active", true}, {"position", 3}}};
                                    }};
}

void add_customers(Rows& rows) {
  rows["admin.customers.list"] = {staff(), always({{}, page()})};
  rows["admin.customers.get"] = {staff(), always({{{"userId", "ada"}}})};
  rows["admin.customers.update"] = {
      staff(), always({{{"userId", "a/d a"}},
                       {{"groups", {"vip"}}, {"taxExempt", true}, {"taxId", "de 136 695 976"}}})};
}

void add_settings(Rows& rows) {
  rows["admin.shippingMethods.list"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.shippingMethods.create"] = {staff(), always({{},
                                                           {{"name", "Courier"},
                                                            {"kind", "freeOver"},
                                                            {"priceCents", 900},
                                                            {"freeOverCents", 5'000},
                                                            {"currency", "EUR"},
                                                            {"countries", {"DE", "FR"}},
                                                            {"active", true},
                                                            {"position", 2}}})};
  rows["admin.shippingMethods.update"] = {staff(), [](World& world) {
                                            return Example{
                                                {{"shippingMethodId", world.shipping.id.text()}},
                                                {{"name", "Courier"},
                                                 {"kind", "perItem"},
                                                 {"priceCents", 100},
                                                 {"countries", {"DE"}},
                                                 {"active", false},
                                                 {"position", 2}}};
                                          }};
  rows["admin.coupons.list"] = {staff(), [](World&) { return Example{{}, page()}; }};
  const Json limits = {{"minimumCents", 100},
                       {"startsAt", "2026-01-01T00:00:00Z"},
                       {"endsAt", "2030-01-01T00:00:00+01:00"},
                       {"usageLimit", 5},
                       {"perCustomerLimit", 1},
                       {"active", true}};
  rows["admin.coupons.create"] = {
      staff(), [=](World&) {
        Example example{{}, limits};
        example.fields.update(
            {{"code", "five"}, {"kind", "fixed"}, {"amountCents", 500}, {"currency", "EUR"}});
        return example;
      }};
  rows["admin.coupons.update"] = {staff(), [=](World& world) {
                                    world.shop()
                                        .admin()
                                        .coupons()
                                        .create(staff(),
                                                {.code = "FIVE",
                                                 .kind = CouponKind::fixed,
                                                 .amount_cents = 500,
                                                 .currency = Currency::parse("EUR").value()})
                                        .value();
                                    return Example{{{"code", "FIVE"}}, limits};
                                  }};
  rows["admin.settings.getCheckout"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.settings.updateCheckout"] = {staff(), always({{},
                                                            {{"guestCheckout", true},
                                                             {"reservationMinutes", 20},
                                                             {"releaseOnDecline", true},
                                                             {"paymentDueDays", 7},
                                                             {"maxUnpaidUnits", 20},
                                                             {"maxPlacements", 3},
                                                             {"idempotencyDays", 2},
                                                             {"abandonedCartDays", 90}}})};
  rows["admin.paymentMethods.list"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.paymentMethods.create"] = {
      staff(),
      always(
          {{}, {{"name", "Cash"}, {"processor", "manual"}, {"active", false}, {"position", 4}}})};
  rows["admin.paymentMethods.update"] = {staff(), [](World& world) {
                                           return Example{
                                               {{"paymentMethodId", world.card.id.text()}},
                                               {{"name", "Cards"},
                                                {"instructions", "Have it at hand"},
                                                {"active", true},
                                                {"position", 0}}};
                                         }};
  rows["admin.paymentMethods.configure"] = {
      staff(), [](World& world) {
        return Example{{{"paymentMethodId", world.stripe.id.text()}},
                       {{"secretKey", "sk_1"}, {"publishableKey", "pk_1"}}};
      }};
}

void add_orders(Rows& rows) {
  rows["admin.orders.list"] = {
      staff(), [](World& world) {
        return Example{{},
                       {{"state", "Complete"}, {"q", world.buy(shopper()).number}, {"limit", 1}}};
      }};
  for (const char* name : {"get", "getTimeline", "cancel"}) {
    rows[std::string("admin.orders.") + name] = {
        staff(), [](World& world) { return number(world.buy(shopper()).number); }};
  }
  for (const char* name : {"capture", "markPaid"}) {
    rows[std::string("admin.orders.") + name] = {
        staff(),
        [](World& world) { return number(world.place(shopper(), world.manual).order.number); }};
  }
  rows["admin.orders.claim"] = {staff(),
                                always({{}, {{"userId", "ada"}, {"email", "ada@example.com"}}})};
  rows["admin.orders.requestPayment"] = {
      staff(), [](World& world) {
        Example example = number(world.place(shopper(), world.manual).order.number);
        example.fields = {{"paymentMethodId", world.manual.id.text()}};
        return example;
      }};
  rows["admin.orders.acceptPayment"] = {
      staff(), [](World& world) {
        const std::string placed = world.place(shopper(), world.manual).order.number;
        world.shop().admin().orders().mark_paid(staff(), {placed, 1}).value();
        Example example = number(placed);
        example.fields = {{"reason", "good will"}};
        return example;
      }};
  rows["admin.orders.markRefunded"] = {
      staff(), [](World& world) {
        const std::string placed = world.place(shopper(), world.manual).order.number;
        world.shop().admin().orders().mark_paid(staff(), {placed}).value();
        world.shop().admin().orders().cancel(staff(), {placed}).value();
        return number(placed);
      }};
  rows["admin.orders.refund"] = {staff(), [](World& world) {
                                   Example example = number(world.buy(shopper()).number);
                                   example.fields = {{"amountCents", 100}, {"reason", "a chip"}};
                                   return example;
                                 }};
  rows["admin.orders.ship"] = {staff(), [](World& world) {
                                 Example example = number(world.buy(shopper()).number);
                                 example.fields = {{"trackingNumber", "T1"}, {"carrier", "Post"}};
                                 return example;
                               }};
  rows["admin.events.list"] = {staff(), [](World& world) {
                                 world.buy(shopper());
                                 return Example{{}, {{"state", "pending"}, {"limit", 1}}};
                               }};
  rows["admin.events.retry"] = {
      staff(), [](World& world) {
        world.buy(shopper());
        const auto waiting = world.shop().admin().events().list(staff()).value();
        return Example{{{"eventId", waiting.items.at(0).event.id.text()}}};
      }};
}

const Rows& rows() {
  static const Rows all = [] {
    Rows out;
    add_storefront(out);
    add_webhooks(out);
    add_catalog(out);
    add_customers(out);
    add_settings(out);
    add_orders(out);
    return out;
  }();
  return all;
}

const Row& row_of(const Operation& operation) { return rows().at(std::string(operation.name)); }

std::string text_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string encode(const std::string& text) {
  std::string out;
  for (const char letter : text) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%%%02X", static_cast<unsigned>(letter) & 0xFF);
    out += hex;
  }
  return out;
}

Answer send(World& world, const Operation& operation, const Caller& caller,
            const Example& example) {
  std::string target(operation.path);
  for (const auto& [name, value] : example.path) {
    const std::string parameter = "{" + name + "}";
    target.replace(target.find(parameter), parameter.size(), encode(value));
  }
  if (operation.writes()) {
    const bool bare = example.fields.empty() && !operation.raw;
    return world.send(caller, std::string(operation.method), target,
                      bare ? Json(nullptr) : example.fields, example.headers);
  }
  char separator = '?';
  for (const auto& [name, value] : example.fields.items()) {
    target += separator + encode(name) + "=" + encode(text_of(value));
    separator = '&';
  }
  return world.send(caller, std::string(operation.method), target, nullptr, example.headers);
}

// The answer has every field of its schema, and each of its type.
void check_type(const Json& value, const Type& type, const std::string& path) {
  CAPTURE(path, value.dump());
  switch (type.kind) {
    case Kind::integer:
      CHECK(value.is_number_integer());
      return;
    case Kind::boolean:
      CHECK(value.is_boolean());
      return;
    case Kind::moment:
      CHECK(Timestamp::parse(value.get<std::string>()).has_value());
      return;
    case Kind::id:
      CHECK((value == "" || value.get<std::string>().starts_with(std::string(type.name) + "_")));
      return;
    case Kind::choice:
      CHECK(std::find(type.choices.begin(), type.choices.end(), value.get<std::string>()) !=
            type.choices.end());
      return;
    case Kind::pairs:
      CHECK(value.is_object());
      return;
    case Kind::list:
      REQUIRE(value.is_array());
      for (const Json& item : value) check_type(item, *type.item, path + "[]");
      return;
    case Kind::object:
      REQUIRE(value.size() == type.object->fields.size());
      for (const Field& field : type.object->fields) {
        const std::string name(field.name);
        REQUIRE(value.contains(name));
        if (value[name].is_null()) {
          CHECK(field.is_optional());
        } else {
          check_type(value[name], *field.type, path + "." + name);
        }
      }
      return;
    case Kind::text:
    case Kind::currency:
      CHECK(value.is_string());
  }
}

bool is_in_path(const Example& example, const Field& field) {
  return example.path.contains(std::string(field.name));
}

// Values that a field of that type never takes, wherever it stands.
std::vector<Json> beyond_limits(const Field& field) {
  const fields::Limit& limit = field.limit;
  std::vector<Json> out;
  switch (field.type->kind) {
    case Kind::text:
      out.push_back(std::string(static_cast<std::size_t>(limit.most) + 1, 'a'));
      out.push_back("a\x01");
      if (limit.least > 0) out.push_back("");
      break;
    case Kind::integer:
      out = {limit.least - 1, limit.most + 1, "x", 1.5};
      break;
    case Kind::boolean:
      out = {"x", 1};
      break;
    case Kind::id:
    case Kind::choice:
    case Kind::moment:
    case Kind::currency:
      out = {"nonsense", ""};
      break;
    case Kind::list:
      out.push_back(Json(static_cast<std::size_t>(limit.most_items) + 1, "AA"));
      break;
    case Kind::pairs:
      out.push_back({{"a", std::string(static_cast<std::size_t>(limit.most) + 1, 'a')}});
      break;
    case Kind::object:
      break;
  }
  return out;
}

// The same for JSON, which has types of its own.
std::vector<Json> wrong_types(const Field& field) {
  std::vector<Json> out = {nullptr, 1.5};
  if (field.type->kind != Kind::pairs && field.type->kind != Kind::object) {
    out.push_back(Json::object());
  }
  if (field.type->kind != Kind::list) out.push_back(Json::array());
  if (field.type->kind != Kind::boolean) out.push_back(true);
  if (field.type->kind != Kind::integer) out.push_back(1);
  return out;
}

void check_refused(const Answer& answer, std::string_view field) {
  CHECK(answer.status == 400);
  REQUIRE(answer.body["success"] == false);
  CHECK(answer.code() == "invalid_request");
  // In a list or an object the path goes on.
  CHECK(answer.field().substr(0, field.size()) == field);
}

void check_each_wrong_value(World& world, const Operation& operation, const Row& row,
                            const Example& right, const Field& field) {
  const std::string name(field.name);
  std::vector<Json> wrong = beyond_limits(field);
  const bool is_json = operation.writes() && !is_in_path(right, field);
  if (is_json) {
    const std::vector<Json> more = wrong_types(field);
    wrong.insert(wrong.end(), more.begin(), more.end());
  }
  for (const Json& value : wrong) {
    if (is_in_path(right, field) && value == "") continue;  // another path
    CAPTURE(name, value.dump().substr(0, 80));
    Example example = right;
    if (is_in_path(right, field)) {
      example.path[name] = text_of(value);
    } else {
      example.fields[name] = value;
    }
    check_refused(send(world, operation, row.caller, example), name);
  }
}

}  // namespace

TEST_CASE("every operation has a row, and every row an operation") {
  for (const Operation& operation : api::operations()) {
    CAPTURE(operation.name);
    CHECK(rows().contains(std::string(operation.name)));
  }
  CHECK(rows().size() == api::operations().size());
}

TEST_CASE("the right call of every operation") {
  for (const Operation& operation : api::operations()) {
    CAPTURE(operation.name);
    World world;
    const Answer answer =
        send(world, operation, row_of(operation).caller, row_of(operation).prepare(world));
    CAPTURE(answer.body.dump());
    REQUIRE(answer.status == 200);
    CHECK(answer.body["success"] == true);
    CHECK(answer.body["error"].is_null());
    check_type(answer.data(), {.kind = Kind::object, .object = operation.answer}, "data");
  }
}

TEST_CASE("wrong input of every operation names its field, and changes nothing") {
  for (const Operation& operation : api::operations()) {
    if (operation.raw) continue;
    CAPTURE(operation.name);
    World world;
    const Row& row = row_of(operation);
    const Example right = row.prepare(world);
    for (const Field& field : operation.request->fields) {
      if (field.presence == Presence::all_others) continue;
      check_each_wrong_value(world, operation, row, right, field);
      if (field.presence != Presence::required || is_in_path(right, field)) continue;
      Example without = right;
      without.fields.erase(std::string(field.name));
      check_refused(send(world, operation, row.caller, without), field.name);
    }
    Example unknown = right;
    unknown.fields["nonsense"] = 1;
    check_refused(send(world, operation, row.caller, unknown), "nonsense");

    const Answer answer = send(world, operation, row.caller, right);
    CAPTURE(answer.body.dump());
    CHECK(answer.status == 200);
  }
}

TEST_CASE("every operation refuses the wrong audience and, where it matters, nobody") {
  for (const Operation& operation : api::operations()) {
    CAPTURE(operation.name);
    World world;
    const Row& row = row_of(operation);
    const Example right = row.prepare(world);
    if (operation.audience == Audience::processor) {
      for (const Caller& anybody : {Caller(), guest(), shopper(), staff()}) {
        CHECK(send(world, operation, anybody, right).status == 200);
      }
      continue;
    }
    Caller wrong = row.caller;
    wrong.audience = Audience::processor;
    CHECK(send(world, operation, wrong, right).code() == "forbidden");
    if (operation.audience == Audience::staff) {
      wrong.audience = Audience::shopper;
      const Answer answer = send(world, operation, wrong, right);
      CHECK(answer.status == 403);
      CHECK(answer.code() == "forbidden");
    } else if (operation.may_answer(Errc::unauthenticated)) {
      const Answer answer = send(world, operation, Caller(), right);
      CHECK(answer.status == 401);
      CHECK(answer.code() == "unauthenticated");
    }
  }
}

TEST_CASE("what is another shopper's, another store's or nobody's does not exist") {
  for (const Operation& operation : api::operations()) {
    CAPTURE(operation.name);
    World world;
    const Row& row = row_of(operation);
    const Example right = row.prepare(world);
    const auto check_not_found = [&](const Caller& caller, const Example& example) {
      const Answer answer = send(world, operation, caller, example);
      CAPTURE(answer.body.dump());
      CHECK(answer.status == 404);
      CHECK(answer.code() == "not_found");
    };
    if (row.owned) check_not_found(shopper("eve"), right);
    // A country's rules are the same for everybody, and the users are the host's.
    if (right.path.empty() || operation.name == "addresses.getRules" ||
        operation.name.starts_with("admin.customers.")) {
      continue;
    }
    check_not_found(elsewhere(row.caller), right);
    Example nobodys = right;
    for (auto& [name, value] : nobodys.path) {
      const Field& field = *operation.request->find(name);
      value = field.type->kind == Kind::id
                  ? std::string(field.type->name).append("_").append(kNobodys)
                  : "nobodys";
    }
    if (!operation.raw) {
      check_not_found(row.caller, nobodys);
    } else {
      nobodys.path.begin()->second = PaymentMethodId(detail::Uuid{1, 1}).text();
      check_not_found(row.caller, nobodys);
    }
  }
}

TEST_CASE("every write can be repeated under its idempotency key") {
  for (const Operation& operation : api::operations()) {
    if (!operation.writes() || operation.raw) continue;
    CAPTURE(operation.name);
    World world;
    Example right = row_of(operation).prepare(world);
    right.headers.emplace_back("Idempotency-Key", "once");
    const Answer first = send(world, operation, row_of(operation).caller, right);
    const Answer again = send(world, operation, row_of(operation).caller, right);
    CAPTURE(again.body.dump());
    CHECK(first.status == 200);
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
  }
}
