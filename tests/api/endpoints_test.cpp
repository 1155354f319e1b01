// Every operation of the table, from one row each: the right call, every kind of wrong input that
// its fields allow, the wrong audience, nobody at all, and somebody else's things. An operation
// without a row fails.
#include <algorithm>

#include "api/examples.hpp"
#include "api/operation.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using api::Operation;
using fields::Field;
using fields::Kind;
using fields::Presence;
using fields::Schema;
using fields::Type;

const std::string kNobodys = "01h455vb4pex5vsknk084sn02q";

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
  std::vector<Json> out = {1.5};
  if (!field.is_change()) out.push_back(nullptr);  // else it takes the value away
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
