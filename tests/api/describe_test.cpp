// The API description: nothing is left out of it and every reference leads somewhere.
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "api/operation.hpp"
#include "support/catch.hpp"

using namespace resys;
using nlohmann::json;

namespace {

const json& document() {
  static const json parsed = json::parse(openapi());
  return parsed;
}

void collect_references(const json& value, std::set<std::string>& out) {
  if (value.is_object() && value.contains("$ref")) out.insert(value["$ref"].get<std::string>());
  if (!value.is_structured()) return;
  for (const json& each : value) collect_references(each, out);
}

const json& entry(const api::Operation& operation) {
  std::string method(operation.method);
  for (char& letter : method) letter = static_cast<char>(std::tolower(letter));
  return document().at("paths").at(std::string(operation.path)).at(method);
}

}  // namespace

TEST_CASE("the description is the same text at every call") { CHECK(openapi() == openapi()); }

TEST_CASE("names and routes of operations are unique, and literal paths win") {
  std::set<std::string_view> names;
  std::set<std::string> routes;
  for (const api::Operation& operation : api::operations()) {
    CAPTURE(operation.name);
    CHECK(names.insert(operation.name).second);
    CHECK(routes.insert(std::string(operation.method).append(operation.path)).second);
    CHECK(operation.path.starts_with("/api/"));
    CHECK(operation.summary.ends_with('.'));
    CHECK(std::set<std::string_view>{"GET", "POST", "PUT", "PATCH", "DELETE"}.contains(
        operation.method));
    CHECK((operation.audience == Audience::staff) == operation.path.starts_with("/api/admin/"));
    CHECK((operation.audience == Audience::staff) == operation.name.starts_with("admin."));
  }
}

TEST_CASE("each operation is described") {
  for (const api::Operation& operation : api::operations()) {
    CAPTURE(operation.name);
    const json& described = entry(operation);
    CHECK(described["operationId"] == operation.name);
    CHECK(described["summary"] == operation.summary);
    CHECK(described.contains("x-resys-audience"));
    for (const Errc code : operation.errors) {
      const ErrorInfo& info = error_info(code);
      const json& codes = described["responses"][std::to_string(info.http_status)]["x-resys-codes"];
      CHECK(std::find(codes.begin(), codes.end(), info.name) != codes.end());
    }
  }
}

TEST_CASE("each field of a request is a parameter or a part of the body") {
  for (const api::Operation& operation : api::operations()) {
    if (operation.raw) continue;
    CAPTURE(operation.name);
    const json& described = entry(operation);
    std::set<std::string> named;
    if (described.contains("parameters")) {
      for (const json& each : described["parameters"]) {
        if (each["in"] != "header") named.insert(each["name"].get<std::string>());
      }
    }
    json body;
    if (described.contains("requestBody")) {
      const std::string reference =
          described["requestBody"]["content"]["application/json"]["schema"]["$ref"];
      body = document().at(json::json_pointer(reference.substr(1)));
      for (const auto& [name, schema] : body["properties"].items()) {
        CHECK(named.insert(name).second);
      }
    }
    for (const fields::Field& field : operation.request->fields) {
      if (field.presence == fields::Presence::all_others) {
        CHECK(body["additionalProperties"].is_object());
      } else {
        CHECK(named.erase(std::string(field.name)) == 1);
      }
    }
    CHECK(named.empty());
  }
}

TEST_CASE("every text, number and list that a request may hold has a limit") {
  std::vector<const fields::Schema*> left;
  for (const api::Operation& operation : api::operations()) left.push_back(operation.request);
  while (!left.empty()) {
    const fields::Schema& schema = *left.back();
    left.pop_back();
    for (const fields::Field& field : schema.fields) {
      CAPTURE(schema.name, field.name);
      const fields::Type& type = *field.type;
      const fields::Type& item = type.kind == fields::Kind::list ? *type.item : type;
      if (item.object != nullptr) left.push_back(item.object);
      if (item.kind == fields::Kind::text || item.kind == fields::Kind::integer) {
        CHECK(field.limit.least > -kMaxMinor);
      }
      if (field.limit.pattern == fields::Pattern::raw) continue;
      if (type.kind == fields::Kind::list || type.kind == fields::Kind::pairs) {
        CHECK(field.limit.most_items > 0);
      }
    }
  }
}

TEST_CASE("an amount in a request stands beside its currency, or in a part of what has it") {
  std::vector<std::pair<const fields::Schema*, bool>> left;  // has what it is in a currency?
  for (const api::Operation& operation : api::operations()) {
    left.emplace_back(operation.request, false);
  }
  while (!left.empty()) {
    auto [schema, has_currency] = left.back();
    left.pop_back();
    CAPTURE(schema->name);
    bool has_amount = false;
    for (const fields::Field& field : schema->fields) {
      has_amount = has_amount || field.name.ends_with("Cents");
      has_currency = has_currency || field.name == "currency";
    }
    for (const fields::Field& field : schema->fields) {
      const fields::Type& type = *field.type;
      const fields::Type& item = type.kind == fields::Kind::list ? *type.item : type;
      if (item.object != nullptr) left.emplace_back(item.object, has_currency);
    }
    CHECK((has_currency || !has_amount));
  }
}

TEST_CASE("an id has the name of its noun, and is `id` in the record that it is of") {
  const std::map<std::string_view, std::string> nouns{
      {"address", "Address"},         {"entry", "Refund"},           {"event", "Event"},
      {"line", "LineItem"},           {"location", "Location"},      {"order", "Order"},
      {"method", "PaymentMethod"},    {"movement", "StockMovement"}, {"payment", "Payment"},
      {"pricelist", "PriceList"},     {"product", "Product"},        {"promotion", "Promotion"},
      {"shipping", "ShippingMethod"}, {"taxrate", "TaxRate"},        {"variant", "Variant"}};
  const auto is_own = [](std::string_view schema, std::string_view noun) {
    return schema.ends_with(noun) || (schema == "Cart" && noun == "Order") ||
           (schema == "OfferedShippingMethod" && noun == "ShippingMethod");
  };
  std::vector<std::pair<const fields::Schema*, bool>> left;  // is it a request?
  for (const api::Operation& operation : api::operations()) {
    left.emplace_back(operation.request, true);
    left.emplace_back(operation.answer, false);
    CHECK(operation.path.find("{id}") == std::string_view::npos);
  }
  while (!left.empty()) {
    const auto [schema, is_request] = left.back();
    left.pop_back();
    for (const fields::Field& field : schema->fields) {
      const fields::Type& type = *field.type;
      const fields::Type& item = type.kind == fields::Kind::list ? *type.item : type;
      if (item.object != nullptr) left.emplace_back(item.object, is_request);
      if (item.kind != fields::Kind::id) continue;
      CAPTURE(schema->name, field.name, item.name);
      const std::string& noun = nouns.at(item.name);
      std::string name(field.name);  // "paymentMethodId", or "shippingAddressId"
      name[0] = static_cast<char>(std::toupper(name[0]));
      const bool is_list = type.kind == fields::Kind::list;
      const bool is_named = name.ends_with(noun + (is_list ? "Ids" : "Id"));
      const bool is_id = field.name == "id" && !is_request && is_own(schema->name, noun);
      CHECK((is_named || is_id));
    }
  }
}

TEST_CASE("each reference resolves, and each component is used") {
  std::set<std::string> references;
  collect_references(document(), references);
  CHECK(references.size() > 50);
  std::set<std::string> components;
  for (const auto& [name, schema] : document()["components"]["schemas"].items()) {
    components.insert("#/components/schemas/" + name);
  }
  CHECK(references == components);
}

TEST_CASE("the exported tables are the library's") {
  CHECK(document()["x-resys-errors"].size() == static_cast<std::size_t>(Errc::internal));
  CHECK(document()["x-resys-errors"][0] ==
        json({{"code", "invalid_request"}, {"httpStatus", 400}, {"retry", "never"}}));
  const json& machines = document()["x-resys-transitions"];
  CHECK(machines["OrderState"].size() == std::size(kOrderTransitions));
  CHECK(machines["OrderState"][3] ==
        json({{"from", "Cart"}, {"event", "setAddresses"}, {"to", "Address"}}));
  CHECK(machines["PaymentState"].size() == std::size(kPaymentTransitions));
  CHECK(machines["UnitState"].size() == std::size(kUnitTransitions));
}

TEST_CASE("limits and defaults are described") {
  const json& schemas = document()["components"]["schemas"];
  const json& item = schemas["AddCartItem"];
  CHECK(item["required"] == json({"sku"}));
  CHECK(item["additionalProperties"] == false);
  CHECK(item["properties"]["sku"]["maxLength"] == 100);
  CHECK(item["properties"]["quantity"]["maximum"] == kMaxUnitsPerLine);
  CHECK(item["properties"]["quantity"]["default"] == 1);
  CHECK(schemas["Order"]["properties"]["state"]["$ref"] == "#/components/schemas/OrderState");
  CHECK(schemas["OrderState"]["enum"][5] == "Complete");
  CHECK(schemas["Product"]["required"].size() == 7);
}

TEST_CASE("what bindings are made from is complete") {
  const json described = json::parse(describe());
  CHECK(described["operations"].size() == api::operations().size());
  CHECK(described["errors"].size() == static_cast<std::size_t>(Errc::internal));
  CHECK(described["currencies"]["JPY"] == 0);
  CHECK(described["structs"]["AddCartItem"][1]["default"] == 1);
  for (const json& operation : described["operations"]) {
    CHECK(described["structs"].contains(operation["request"].get<std::string>()));
    CHECK(described["structs"].contains(operation["answer"].get<std::string>()));
  }
  const auto is_known = [&](std::string type) {
    while (type.starts_with("list:")) type = type.substr(5);
    if (type.starts_with("object:")) return described["structs"].contains(type.substr(7));
    if (type.starts_with("choice:")) return described["choices"].contains(type.substr(7));
    return true;
  };
  for (const auto& [name, fields] : described["structs"].items()) {
    for (const json& field : fields) {
      INFO(name << "." << field["name"]);
      CHECK(is_known(field["type"].get<std::string>()));
    }
  }
  for (const char* port : {"ProcessorRequest", "PaymentSnapshot", "Mail", "HandledEvent"}) {
    CHECK(described["structs"].contains(port));
  }
}
