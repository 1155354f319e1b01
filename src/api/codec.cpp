// The only place that parses JSON.
#include "api/codec.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "resys/common.hpp"

namespace resys::api {

using fields::Field;
using fields::Kind;
using fields::Presence;
using fields::Schema;
using fields::Type;

namespace {

constexpr std::size_t kMaxDepth = 16;  // more than any request has

std::string shown(const std::string& name) {
  return fields::shortened(name, fields::kMaxShownNameBytes);
}

Error refuse(std::string fault) { return Error(Errc::invalid_request, std::move(fault)); }

std::string list_of(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

// Refuses JSON that is larger than any request, and names that are given twice, which the parsed
// value would no longer show. It watches the parser's events, because the parser's callback
// searches a list again after each item.
class Watcher final : public nlohmann::json_sax<Json> {
 public:
  const Error& refusal() const { return refusal_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(Json::number_integer_t) override { return true; }
  bool number_unsigned(Json::number_unsigned_t) override { return true; }
  bool number_float(Json::number_float_t, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(Json::binary_t&) override { return true; }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool key(std::string& name) override {
    std::vector<std::string>& names = open_.back();
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return refuse_with(refuse("the field is given twice").at(shown(name)));
    }
    if (names.size() == kMaxNames)
      return refuse_with(refuse("an object of the JSON has too many fields"));
    names.push_back(name);
    return true;
  }
  // Not the parser's own words: they quote the text, which may hold a secret.
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse_with(refuse("the text is not valid JSON in UTF-8").with("byte", position));
  }

 private:
  bool enter() {
    if (open_.size() > kMaxDepth) return refuse_with(refuse("the JSON is nested too deeply"));
    open_.emplace_back();
    return true;
  }
  bool leave() {
    open_.pop_back();
    return true;
  }
  bool refuse_with(Error why) {
    refusal_ = std::move(why);
    return false;
  }

  Error refusal_;
  std::vector<std::vector<std::string>> open_;  // the names seen in each object; none in lists
};

// Whether all of the text is printable ASCII without quote and backslash, which needs no escapes.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return letter >= 0x20 && letter < 0x7F && letter != '"' && letter != '\\';
  });
}

Result<void> read_text(const Json& json, std::string& out) {
  if (!json.is_string()) return refuse("the value is not a string");
  out = json.get_ref<const std::string&>();
  return success();
}

Result<void> read_integer(const Json& json, std::int64_t& out) {
  if (!json.is_number_integer()) return refuse("the value is not an integer");
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) {
    return refuse("the integer is too large");
  }
  out = json.get<std::int64_t>();
  return success();
}

Result<void> read_boolean(const Json& json, bool& out) {
  if (!json.is_boolean()) return refuse("the value is neither true nor false");
  out = json.get<bool>();
  return success();
}

// Null if the object has no such field.
const Json* find(const Json& object, std::string_view name) {
  for (auto each = object.begin(); each != object.end(); ++each) {
    if (each.key() == name) return &each.value();
  }
  return nullptr;
}

Error unknown_name(std::span<const std::string_view> names) {
  return refuse(names.empty() ? "there is no such field; none is accepted here"
                              : "there is no such field; accepted are " + list_of(names));
}

Result<void> check_names(const Json& object, const Schema& schema) {
  for (auto each = object.begin(); each != object.end(); ++each) {
    if (schema.find(each.key()) != nullptr) continue;
    std::vector<std::string_view> names;
    for (const Field& field : schema.fields) names.push_back(field.name);
    return unknown_name(names).at(shown(each.key()));
  }
  return success();
}

// Reads the fields of the object that the schema does not know.
Result<void> read_others(const Json& object, const Schema& schema, Pairs& out) {
  for (auto each = object.begin(); each != object.end(); ++each) {
    if (schema.find(each.key()) != nullptr) continue;
    std::string text;
    auto value = read_text(each.value(), text);
    if (value.has_error()) return std::move(value).error().at(shown(each.key()));
    out.emplace_back(each.key(), std::move(text));
  }
  return success();
}

Result<void> read_choice(const Json& json, const Type& type, void* out) {
  std::string name;
  RESYS_TRYV(read_text(json, name));
  const auto found = std::find(type.choices.begin(), type.choices.end(), name);
  if (found == type.choices.end()) return refuse("the value is none of " + list_of(type.choices));
  type.set_number(out, found - type.choices.begin());
  return success();
}

template <class Value>
Result<void> parse(const Json& json, Value& out) {
  std::string text;
  RESYS_TRYV(read_text(json, text));
  RESYS_TRY(parsed, Value::parse(text));
  out = parsed;
  return success();
}

// The request itself, or an object that stands in it.
enum class Place { request, inside };

Result<void> read_object(const Json& json, const Schema& schema, void* out, Place place);

Result<void> read_value(const Json& json, const Type& type, void* out);

Result<void> read_list(const Json& json, const Type& type, void* out) {
  if (!json.is_array()) return refuse("the value is not a list");
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto item = read_value(json[i], *type.item, type.add(out));
    if (item.has_error()) {
      return fields::inside("[" + std::to_string(i) + "]", std::move(item).error());
    }
  }
  return success();
}

Result<void> read_value(const Json& json, const Type& type, void* out) {
  switch (type.kind) {
    case Kind::text:
      return read_text(json, *static_cast<std::string*>(out));
    case Kind::integer:
      return read_integer(json, *static_cast<std::int64_t*>(out));
    case Kind::boolean:
      return read_boolean(json, *static_cast<bool*>(out));
    case Kind::moment:
      return parse(json, *static_cast<Timestamp*>(out));
    case Kind::id: {
      std::string text;
      RESYS_TRYV(read_text(json, text));
      return type.parse(out, text);
    }
    case Kind::currency:
      return parse(json, *static_cast<Currency*>(out));
    case Kind::choice:
      return read_choice(json, type, out);
    case Kind::pairs:
      if (!json.is_object()) return refuse("the value is not an object of strings");
      return read_others(json, {}, *static_cast<Pairs*>(out));
    case Kind::list:
      return read_list(json, type, out);
    case Kind::object:
      return read_object(json, *type.object, out, Place::inside);
  }
  return success();
}

void write_text(std::string& out, std::string_view value) {
  if (is_plain(value)) {
    out.append(1, '"').append(value).append(1, '"');
  } else {
    // Stored text is valid UTF-8, but a processor's words may not be.
    out += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

void write_pairs(std::string& out, const Pairs& pairs) {
  out += '{';
  for (const auto& pair : pairs) {
    if (&pair != &pairs.front()) out += ',';
    write_text(out, pair.first);
    out += ':';
    write_text(out, pair.second);
  }
  out += '}';
}

void write_value(std::string& out, const Type& type, const void* value) {
  switch (type.kind) {
    case Kind::text:
      return write_text(out, *static_cast<const std::string*>(value));
    case Kind::integer:
      out += std::to_string(*static_cast<const std::int64_t*>(value));
      return;
    case Kind::boolean:
      out += *static_cast<const bool*>(value) ? "true" : "false";
      return;
    case Kind::moment:
      return write_text(out, static_cast<const Timestamp*>(value)->text());
    case Kind::id:
      return write_text(out, type.text(value));
    case Kind::currency:
      return write_text(out, static_cast<const Currency*>(value)->code());
    case Kind::choice:
      return write_text(out, type.choices[static_cast<std::size_t>(type.number(value))]);
    case Kind::pairs:
      return write_pairs(out, *static_cast<const Pairs*>(value));
    case Kind::list:
      out += '[';
      for (std::size_t i = 0; i < type.size(value); ++i) {
        if (i > 0) out += ',';
        write_value(out, *type.item, type.at(value, i));
      }
      out += ']';
      return;
    case Kind::object:
      return write(out, *type.object, value);
  }
}

}  // namespace

Result<Json> parse_object(std::string_view text) {
  // The parser takes a zero byte for the end of the text and ignores the rest.
  if (const std::size_t zero = text.find('\0'); zero != text.npos) {
    return refuse("the text is not valid JSON in UTF-8").with("byte", zero + 1);
  }
  Watcher watcher;
  if (!Json::sax_parse(text.begin(), text.end(), &watcher)) return watcher.refusal();
  Json json = Json::parse(text.begin(), text.end());
  if (!json.is_object()) return refuse("the value is not a JSON object");
  return json;
}

Result<void> read(const Json& json, const Schema& schema, void* out) {
  return read_object(json, schema, out, Place::request);
}

namespace {

// Reads one field that is there.
Result<void> read_field(const Json& json, const Field& field, void* out, Place place) {
  if (json.is_null() && field.is_change()) {
    field.clear_in(out);
    return success();
  }
  // Responses show null there, and what they show can be sent back.
  if (json.is_null() && field.is_optional() && place == Place::inside) return success();
  return read_value(json, *field.type, field.made_in(out));
}

Result<void> read_object(const Json& json, const Schema& schema, void* out, Place place) {
  if (!json.is_object()) return refuse("the value is not a JSON object");
  const auto others =
      std::find_if(schema.fields.begin(), schema.fields.end(),
                   [](const Field& field) { return field.presence == Presence::all_others; });
  if (others == schema.fields.end()) {
    RESYS_TRYV(check_names(json, schema));
  }
  for (const Field& field : schema.fields) {
    Result<void> value = success();
    if (field.presence == Presence::all_others) {
      RESYS_TRYV(read_others(json, schema, *static_cast<Pairs*>(field.of(out))));
    } else if (const Json* found = find(json, field.name)) {
      value = read_field(*found, field, out, place);
    } else if (field.presence == Presence::required) {
      value = fields::missing();
    }
    if (value.has_error()) {
      return fields::inside(std::string(field.name), std::move(value).error());
    }
  }
  return success();
}

}  // namespace

void write(std::string& out, const Schema& schema, const void* value) {
  out += '{';
  for (const Field& field : schema.fields) {
    if (&field != &schema.fields.front()) out += ',';
    out.append(1, '"').append(field.name).append("\":");
    const void* const found = field.of(value);
    if (found == nullptr) {
      out += "null";
    } else {
      write_value(out, *field.type, found);
    }
  }
  out += '}';
}

Json default_of(const Field& field) {
  std::string out;
  write_value(out, *field.type, field.default_value);
  return Json::parse(out);
}

}  // namespace resys::api
