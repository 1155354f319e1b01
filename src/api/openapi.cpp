// The OpenAPI 3.1 document, made from the operation table and the schemas.
// https://spec.openapis.org/oas/v3.1.0
#include <map>
#include <nlohmann/json.hpp>

#include "api/operation.hpp"

namespace resys {
namespace api {
namespace {

using fields::Field;
using fields::Kind;
using fields::Limit;
using fields::Pattern;
using fields::Presence;
using fields::Schema;
using fields::Type;

// The regular expressions (ECMA-262) of what base/text.cpp accepts.
std::string_view regex_of(Pattern pattern) {
  switch (pattern) {
    case Pattern::line:
    case Pattern::exact:
      return R"(^[^\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]*$)";
    case Pattern::lines:
      return R"(^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028-\u202E)"
             R"(\u2066-\u2069]*$)";
    case Pattern::sku:
      return R"(^[^\u0000-\u001F\u007F-\u00A0\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2069)"
             R"(\uFEFF]*$)";
    case Pattern::slug:
      return "^[a-z0-9-]*$";
    case Pattern::token:
      return "^[a-z0-9_-]*$";
    case Pattern::coupon_code:
      return "^[A-Za-z0-9_-]*$";
    case Pattern::email:
      return R"(^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@)"
             R"(([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+)"
             R"((?![0-9]+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$)";
    case Pattern::url:
      return R"(^([Hh][Tt][Tt][Pp][Ss]?://[^\s/?#\\"<>@]+|(?!//)[^\s:/?#\\"<>]*))"
             R"(([/?#][^\s\\"<>]*)?$)";
    case Pattern::country:
      return "^([A-Za-z]{2})?$";
    case Pattern::raw:
      break;
  }
  return "";
}

Json reference(std::string_view schema) {
  return {{"$ref", std::string("#/components/schemas/").append(schema)}};
}

bool is_limited(const Limit& limit) {
  return limit.least != fields::kNoLimit.least || limit.most != fields::kNoLimit.most;
}

Json text_schema(const Limit& limit) {
  Json out = {{"type", "string"}};
  if (!is_limited(limit) || limit.pattern == Pattern::raw) return out;
  if (limit.least > 0) out["minLength"] = limit.least;
  out["maxLength"] = limit.most;
  out["pattern"] = regex_of(limit.pattern);
  return out;
}

Json integer_schema(const Limit& limit) {
  return {
      {"type", "integer"}, {"format", "int64"}, {"minimum", limit.least}, {"maximum", limit.most}};
}

Json pairs_schema(const Limit& limit) {
  Json out = {{"type", "object"}, {"additionalProperties", text_schema(limit)}};
  if (limit.most_items == 0) return out;
  out["maxProperties"] = limit.most_items;
  out["propertyNames"] = text_schema(fields::text(1, fields::kMaxPairName));
  return out;
}

std::string id_regex(const Type& type) {
  return std::string(type.name) + "_(?!0{26})[0-7][0-9a-hjkmnp-tv-z]{25}";
}

Json all_currency_codes() {
  Json codes = Json::array();
  for (const Currency currency : all_currencies()) codes.push_back(currency.code());
  return codes;
}

// In responses an id or a currency that is not set yet is the empty text.
Json schema_of_type(const Type& type, const Limit& limit) {
  switch (type.kind) {
    case Kind::text:
      return text_schema(limit);
    case Kind::integer:
      return integer_schema(limit);
    case Kind::boolean:
      return {{"type", "boolean"}};
    case Kind::moment:
      return {{"type", "string"}, {"format", "date-time"}};
    case Kind::id:
      return {{"type", "string"}, {"pattern", "^(" + id_regex(type) + ")?$"}};
    case Kind::currency:
      return {{"type", "string"}, {"pattern", "^([A-Z]{3})?$"}};
    case Kind::choice:
    case Kind::object:
      return reference(type.name);
    case Kind::pairs:
      return pairs_schema(limit);
    case Kind::list:
      break;
  }
  Json out = {{"type", "array"}, {"items", schema_of_type(*type.item, limit)}};
  if (limit.least_items > 0) out["minItems"] = limit.least_items;
  if (limit.most_items > 0) out["maxItems"] = limit.most_items;
  return out;
}

Json or_null(Json schema) {
  if (schema.contains("$ref")) return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
  schema["type"] = {schema["type"], "null"};
  return schema;
}

// A request itself, or an object that stands in one, where an absent field may also be null.
enum class Place { request, inside };

Json field_of_request(const Field& field, Place place) {
  Json out = schema_of_type(*field.type, field.limit);
  if (field.type->kind == Kind::id) out["pattern"] = "^" + id_regex(*field.type) + "$";
  if (field.type->kind == Kind::currency) out = reference("Currency");
  const bool is_inside = place == Place::inside && field.is_optional();
  if (is_inside || field.is_change()) out = or_null(std::move(out));
  out["description"] = field.doc;
  if (field.presence == Presence::may_be_absent && !field.is_optional()) {
    out["default"] = default_of(field);
  }
  return out;
}

Json field_of_answer(const Field& field) {
  Json out = schema_of_type(*field.type, field.limit);
  if (field.is_optional()) out = or_null(std::move(out));
  out["description"] = field.doc;
  return out;
}

// Collects each schema that is referred to, once.
class Components {
 public:
  Json request_body(const Schema& schema, Place place,
                    const std::vector<std::string_view>& elsewhere = {}) {
    Json out = {{"type", "object"}, {"properties", Json::object()}};
    Json required = Json::array();
    out["additionalProperties"] = false;
    for (const Field& field : schema.fields) {
      if (std::find(elsewhere.begin(), elsewhere.end(), field.name) != elsewhere.end()) continue;
      if (field.presence == Presence::all_others) {
        out.update(pairs_schema(field.limit));
        out["description"] = field.doc;
        continue;
      }
      out["properties"][std::string(field.name)] = field_of_request(field, place);
      if (field.presence == Presence::required) required.push_back(field.name);
      refer(*field.type, true);
    }
    if (!required.empty()) out["required"] = std::move(required);
    return out;
  }

  Json answer(const Schema& schema) {
    add_answer(schema);
    return reference(schema.name);
  }

  void refer(const Type& type, bool in_request) {
    if (type.kind == Kind::list) return refer(*type.item, in_request);
    if (type.kind == Kind::choice) {
      schemas_[std::string(type.name)] = {{"type", "string"}, {"enum", type.choices}};
    } else if (type.kind == Kind::object && in_request) {
      add(type.name, [&] { return request_body(*type.object, Place::inside); });
    } else if (type.kind == Kind::object) {
      add_answer(*type.object);
    }
  }

  // Makes the schema of that name if there is none.
  template <class Make>
  void add(std::string_view name, const Make& make) {
    if (schemas_.contains(std::string(name))) return;
    Json made = make();
    schemas_[std::string(name)] = std::move(made);
  }

  // The schemas, sorted by name.
  Json all() const { return schemas_; }

 private:
  void add_answer(const Schema& schema) {
    add(schema.name, [&] {
      Json out = {{"type", "object"}, {"properties", Json::object()}};
      out["required"] = Json::array();
      for (const Field& field : schema.fields) {
        out["properties"][std::string(field.name)] = field_of_answer(field);
        out["required"].push_back(field.name);
        refer(*field.type, false);
      }
      return out;
    });
  }

  std::map<std::string, Json> schemas_;
};

Json error_schema() {
  Json codes = Json::array();
  for (int code = 1; code <= static_cast<int>(Errc::internal); ++code) {
    codes.push_back(error_info(static_cast<Errc>(code)).name);
  }
  const Json text = {{"type", "string"}};
  return {
      {"type", "object"},
      {"properties",
       {{"code", {{"type", "string"}, {"enum", codes}}},
        {"message", text},
        {"field",
         {{"type", {"string", "null"}},
          {"description", "Path of the request field at fault; null if no field is"}}},
        {"details",
         {{"type", "object"},
          {"description", "Facts by name; `lines` has one entry for each affected line or SKU"}}},
        {"retry",
         {{"type", "string"},
          {"enum", {"never", "same", "reload"}},
          {"description",
           "Whether to give up (never), send the same request again (same), or read anew and "
           "decide (reload)"}}}}},
      {"required", {"code", "message", "field", "details", "retry"}},
  };
}

// ApiResponse is the envelope of every response. A success or an error narrows it.
Json envelope_schema() {
  return {{"type", "object"},
          {"properties",
           {{"success", {{"type", "boolean"}}},
            {"data", {{"description", "What the operation returns; null in an error"}}},
            {"error", or_null(reference("Error"))}}},
          {"required", {"success", "data", "error"}}};
}

Json narrowed_envelope(bool success, Json data, Json error) {
  Json narrow = {{"properties",
                  {{"success", {{"const", success}}},
                   {"data", std::move(data)},
                   {"error", std::move(error)}}}};
  Json out = Json::object();
  out["allOf"] = Json::array({reference("ApiResponse"), std::move(narrow)});
  return out;
}

Json content(Json schema) { return {{"application/json", {{"schema", std::move(schema)}}}}; }

std::vector<std::string_view> path_parameters(std::string_view path) {
  std::vector<std::string_view> out;
  for (std::size_t at = path.find('{'); at != std::string_view::npos; at = path.find('{', at + 1)) {
    out.push_back(path.substr(at + 1, path.find('}', at) - at - 1));
  }
  return out;
}

Json parameter(std::string_view place, const Field& field) {
  Json schema = field_of_request(field, Place::request);
  schema.erase("description");
  return {{"name", field.name},
          {"in", place},
          {"required", place == "path"},
          {"description", field.doc},
          {"schema", std::move(schema)}};
}

Json idempotency_parameter() {
  return {{"name", "Idempotency-Key"},
          {"in", "header"},
          {"required", false},
          {"description",
           "Unique per caller and operation, up to 200 bytes: a repeated request has its effect "
           "only once"},
          {"schema", text_schema(fields::text(0, fields::kMaxIdentityBytes))}};
}

Json parameters_of(const Operation& operation, Components& components) {
  Json out = Json::array();
  const auto in_path = path_parameters(operation.path);
  for (const std::string_view name : in_path) {
    out.push_back(parameter("path", *operation.request->find(name)));
  }
  if (operation.raw) return out;
  if (operation.writes()) {
    out.push_back(idempotency_parameter());
    return out;
  }
  for (const Field& field : operation.request->fields) {
    if (std::find(in_path.begin(), in_path.end(), field.name) != in_path.end()) continue;
    out.push_back(parameter("query", field));
    components.refer(*field.type, true);
  }
  return out;
}

// The errors that the operation may return, by HTTP status: its own, and those of all operations.
std::map<int, std::vector<std::string_view>> errors_of(const Operation& operation) {
  std::vector<Errc> codes = operation.errors;
  codes.insert(codes.end(), {Errc::invalid_request, Errc::busy, Errc::storage, Errc::internal});
  if (operation.audience != Audience::processor) codes.push_back(Errc::forbidden);
  if (operation.writes()) {
    codes.push_back(Errc::too_large);
    if (!operation.raw) codes.push_back(Errc::idempotency_mismatch);
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::map<int, std::vector<std::string_view>> out;
  for (const Errc code : codes) {
    out[error_info(code).http_status].push_back(error_info(code).name);
  }
  if (operation.writes() && !operation.raw) {
    out[415].push_back(error_info(Errc::invalid_request).name);
  }
  return out;
}

Json responses_of(const Operation& operation, Components& components) {
  Json out = Json::object();
  out["200"] = {{"description", "Success"},
                {"content", content(narrowed_envelope(true, components.answer(*operation.answer),
                                                      {{"type", "null"}}))}};
  for (const auto& [status, names] : errors_of(operation)) {
    std::string description;
    for (const auto name : names) description.append(description.empty() ? "" : ", ").append(name);
    out[std::to_string(status)] = {{"description", std::move(description)},
                                   {"content", content(reference("ErrorResponse"))},
                                   {"x-resys-codes", names}};
  }
  return out;
}

// Nothing if the operation has no fields outside its path.
Json body_of(const Operation& operation, Components& components) {
  if (operation.raw) {
    return {
        {"required", true},
        {"description", "The body exactly as the processor sent it; its signature is in a header"},
        {"content", {{"*/*", {{"schema", Json::object()}}}}}};
  }
  const auto in_path = path_parameters(operation.path);
  if (!operation.writes() || operation.request->fields.size() == in_path.size()) return {};
  const std::string_view name = operation.request->name;
  components.add(
      name, [&] { return components.request_body(*operation.request, Place::request, in_path); });
  const auto is_required = [&](const Field& field) {
    return field.presence == Presence::required &&
           std::find(in_path.begin(), in_path.end(), field.name) == in_path.end();
  };
  const auto& fields = operation.request->fields;
  return {{"required", std::any_of(fields.begin(), fields.end(), is_required)},
          {"content", content(reference(name))}};
}

Json operation_object(const Operation& operation, Components& components) {
  Json out = {{"operationId", operation.name},
              {"summary", operation.summary},
              {"tags", Json::array({operation.name.substr(0, operation.name.rfind('.'))})},
              {"x-resys-audience", name_of_audience(operation.audience)},
              {"x-resys-request", operation.request->name}};
  if (Json parameters = parameters_of(operation, components); !parameters.empty()) {
    out["parameters"] = std::move(parameters);
  }
  if (Json body = body_of(operation, components); !body.is_null()) {
    out["requestBody"] = std::move(body);
  }
  out["responses"] = responses_of(operation, components);
  return out;
}

std::string lower(std::string_view method) {
  std::string out(method);
  for (char& letter : out) letter = static_cast<char>(letter - 'A' + 'a');
  return out;
}

template <class State, class Event, std::size_t N>
Json transitions(const Transition<State, Event> (&table)[N]) {
  Json out = Json::array();
  for (const auto& row : table) {
    out.push_back(
        {{"from", name_of(row.from)}, {"event", name_of(row.event)}, {"to", name_of(row.to)}});
  }
  return out;
}

Json errors() {
  Json out = Json::array();
  for (int code = 1; code <= static_cast<int>(Errc::internal); ++code) {
    const ErrorInfo& info = error_info(static_cast<Errc>(code));
    out.push_back(
        {{"code", info.name}, {"httpStatus", info.http_status}, {"retry", retry_name(info.retry)}});
  }
  return out;
}

Json this_document() {
  return {{"operationId", "openapi.get"},
          {"summary", "Returns this document, without the envelope."},
          {"responses",
           {{"200", {{"description", "Success"}, {"content", content({{"type", "object"}})}}}}}};
}

Json openapi_document() {
  Components components;
  components.add("Error", error_schema);
  components.add("ApiResponse", envelope_schema);
  components.add("Currency", [] {
    return Json{{"type", "string"}, {"enum", all_currency_codes()}};
  });
  components.add("ErrorResponse", [] {
    return narrowed_envelope(false, {{"type", "null"}}, reference("Error"));
  });
  Json paths = Json::object();
  for (const Operation& operation : operations()) {
    paths[std::string(operation.path)][lower(operation.method)] =
        operation_object(operation, components);
  }
  paths["/api/openapi.json"]["get"] = this_document();
  return {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "resys"},
        {"version", "1"},
        {"description",
         "A shop. Responses come in the envelope ApiResponse: `success`, `data`, `error`. "
         "Security: the host authenticates callers and tells the library who is calling; "
         "`x-resys-audience` says who may call an operation. A shopper never sees what belongs to "
         "another: the response is not_found. Webhooks are authenticated by their signature."}}},
      {"paths", std::move(paths)},
      {"components", {{"schemas", components.all()}}},
      {"x-resys-errors", errors()},
      {"x-resys-transitions",
       {{"OrderState", transitions(kOrderTransitions)},
        {"PaymentState", transitions(kPaymentTransitions)},
        {"UnitState", transitions(kUnitTransitions)}}},
  };
}

}  // namespace
}  // namespace api

std::string openapi() { return api::openapi_document().dump(); }

}  // namespace resys
