// The description that bindings are made from: operations, structs, choices, errors and currencies,
// read from the same tables as everything else.
#include <nlohmann/json.hpp>

#include "api/backup_fields.hpp"
#include "api/check_fields.hpp"
#include "api/document_ports.hpp"
#include "api/engine_fields.hpp"
#include "api/keys_fields.hpp"
#include "api/operation.hpp"
#include "resys/resys.hpp"

namespace resys {
namespace api {
namespace {

using fields::Field;
using fields::Kind;
using fields::Presence;
using fields::Schema;
using fields::Type;

// A type as one word: "text", "id:order", "choice:OrderState", "list:object:LineItem".
std::string word_of(const Type& type) {
  const auto with_name = [&](const char* kind) { return std::string(kind).append(type.name); };
  switch (type.kind) {
    case Kind::text:
      return "text";
    case Kind::integer:
      return "integer";
    case Kind::boolean:
      return "boolean";
    case Kind::moment:
      return "moment";
    case Kind::id:
      return with_name("id:");
    case Kind::currency:
      return "currency";
    case Kind::choice:
      return with_name("choice:");
    case Kind::pairs:
      return "pairs";
    case Kind::object:
      return with_name("object:");
    case Kind::list:
      break;
  }
  return "list:" + word_of(*type.item);
}

class Description {
 public:
  // Adds the struct, and everything that it is made of.
  void add(const Schema& schema) {
    const std::string& name = schema.name;
    if (structs_.contains(name)) return;
    structs_[name] = Json::array();  // a struct may contain itself
    Json rows = Json::array();
    for (const Field& field : schema.fields) {
      Json row = {{"name", field.name}, {"type", word_of(*field.type)}, {"doc", field.doc}};
      if (field.presence == Presence::required) row["required"] = true;
      if (field.presence == Presence::all_others) row["allOthers"] = true;
      if (field.is_change()) row["clearable"] = true;
      if (field.is_optional()) {
        row["optional"] = true;
      } else if (field.presence == Presence::may_be_absent) {
        row["default"] = default_of(field);
      }
      rows.push_back(std::move(row));
      add(*field.type);
    }
    structs_[name] = std::move(rows);
  }

  Json all() && {
    Json operations_ = Json::array();
    for (const Operation& operation : operations()) {
      add(*operation.request);
      add(*operation.answer);
      Json errors = Json::array();
      for (const Errc code : operation.errors) errors.push_back(error_info(code).name);
      operations_.push_back({{"name", operation.name},
                             {"method", operation.method},
                             {"path", operation.path},
                             {"audience", name_of_audience(operation.audience)},
                             {"summary", operation.summary},
                             {"request", operation.request->name},
                             {"answer", operation.answer->name},
                             {"errors", std::move(errors)}});
    }
    choices_["BuiltInProcessor"] = built_in_processors();
    Json errors = Json::array();
    for (int code = 1; code <= static_cast<int>(Errc::internal); ++code) {
      const ErrorInfo& info = error_info(static_cast<Errc>(code));
      errors.push_back({{"name", info.name},
                        {"code", code},
                        {"httpStatus", info.http_status},
                        {"retry", retry_name(info.retry)}});
    }
    Json currencies = Json::object();
    for (const Currency currency : all_currencies()) {
      currencies[std::string(currency.code())] = currency.exponent();
    }
    // Amounts in old records have decimals, too.
    for (const WithdrawnCurrency& withdrawn : withdrawn_currencies()) {
      currencies[std::string(withdrawn.currency.code())] = withdrawn.currency.exponent();
    }
    return {{"version", RESYS_VERSION},
            {"operations", std::move(operations_)},
            {"structs", std::move(structs_)},
            {"choices", std::move(choices_)},
            {"currencies", std::move(currencies)},
            {"errors", std::move(errors)}};
  }

 private:
  void add(const Type& type) {
    if (type.kind == Kind::list) return add(*type.item);
    if (type.kind == Kind::object) return add(*type.object);
    if (type.kind == Kind::choice) choices_[std::string(type.name)] = type.choices;
  }

  Json structs_ = Json::object();
  Json choices_ = Json::object();
};

}  // namespace
}  // namespace api

std::string describe() {
  api::Description description;
  api::add_port_schemas([&](const fields::Schema& schema) { description.add(schema); });
  description.add(fields::schema_of<Backup>());
  description.add(fields::schema_of<CheckReport>());
  description.add(fields::schema_of<EngineInfo>());
  description.add(fields::schema_of<KeyRotation>());
  return std::move(description).all().dump();
}

}  // namespace resys
