// The pieces of JSON that no table is needed for; the only place that parses it.
#include "api/codec.hpp"

#include <nlohmann/json.hpp>

namespace resys::api {
namespace {

constexpr std::size_t kMaxDepth = 16;  // more than any request has

std::string shown(const std::string& name) {
  return fields::shortened(name, fields::kMaxShownNameBytes);
}

Error refuse(std::string accepted) { return Error(Errc::invalid_request, std::move(accepted)); }

std::string list_of(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Refuses what is larger than any request, and what the parser's result would no longer show.
// Before there is a result: the parser's own hook for this looks through a list again after each
// item.
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
      return refuse_with(refuse("each field is given once").at(shown(name)));
    }
    if (names.size() == kMaxNames) return refuse_with(refuse("the JSON has too many fields"));
    names.push_back(name);
    return true;
  }
  // Not the parser's own words: they quote the text, which may hold a secret.
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse_with(refuse("JSON in UTF-8 is expected").with("byte", position));
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

// Printable ASCII but for quote and backslash stands for itself.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return letter >= 0x20 && letter < 0x7F && letter != '"' && letter != '\\';
  });
}

}  // namespace

Result<Json> parse_object(std::string_view text) {
  // The parser takes a zero byte for the end of its text, whatever follows.
  if (const std::size_t zero = text.find('\0'); zero != text.npos) {
    return refuse("JSON in UTF-8 is expected").with("byte", zero + 1);
  }
  Watcher watcher;
  if (!Json::sax_parse(text.begin(), text.end(), &watcher)) return watcher.refusal();
  Json json = Json::parse(text.begin(), text.end());
  if (!json.is_object()) return refuse("a JSON object is expected");
  return json;
}

Result<void> read_text(const Json& json, std::string& out) {
  if (!json.is_string()) return refuse("a text is expected");
  out = json.get_ref<const std::string&>();
  return success();
}

Result<void> read_integer(const Json& json, std::int64_t& out) {
  if (!json.is_number_integer()) return refuse("an integer is expected");
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX) {
    return refuse("the integer is too large");
  }
  out = json.get<std::int64_t>();
  return success();
}

Result<void> read_boolean(const Json& json, bool& out) {
  if (!json.is_boolean()) return refuse("true or false is expected");
  out = json.get<bool>();
  return success();
}

Result<void> read_pairs(const Json& json, Options& out) {
  if (!json.is_object()) return refuse("an object of texts is expected");
  return read_others(json, {}, out);
}

Result<std::size_t> read_size(const Json& list) {
  if (!list.is_array()) return refuse("a list is expected");
  return list.size();
}

const Json& item_of(const Json& list, std::size_t index) { return list[index]; }

const Json* find(const Json& object, std::string_view name) {
  for (auto each = object.begin(); each != object.end(); ++each) {
    if (each.key() == name) return &each.value();
  }
  return nullptr;
}

Error unknown_name(std::span<const std::string_view> names) {
  return refuse(names.empty() ? "no field is accepted here" : "accepted are " + list_of(names));
}

Result<void> check_names(const Json& object, std::span<const std::string_view> names,
                         bool others_are_welcome) {
  if (!object.is_object()) return refuse("a JSON object is expected");
  if (others_are_welcome) return success();
  for (auto each = object.begin(); each != object.end(); ++each) {
    if (!contains(names, each.key())) return unknown_name(names).at(shown(each.key()));
  }
  return success();
}

Result<void> read_others(const Json& object, std::span<const std::string_view> names,
                         Options& out) {
  for (auto each = object.begin(); each != object.end(); ++each) {
    if (contains(names, each.key())) continue;
    std::string text;
    auto value = read_text(each.value(), text);
    if (value.has_error()) return std::move(value).error().at(shown(each.key()));
    out.emplace_back(each.key(), std::move(text));
  }
  return success();
}

void write_text(std::string& out, std::string_view value) {
  if (is_plain(value)) {
    out.append(1, '"').append(value).append(1, '"');
  } else {
    // What is stored was UTF-8 when it came; a processor's words may not be.
    out += Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

void write_pairs(std::string& out, const Options& pairs) {
  out += '{';
  for (const auto& pair : pairs) {
    if (&pair != &pairs.front()) out += ',';
    write_text(out, pair.first);
    out += ':';
    write_text(out, pair.second);
  }
  out += '}';
}

}  // namespace resys::api
