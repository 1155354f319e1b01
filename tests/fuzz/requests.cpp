// See the header.
#include "fuzz/requests.hpp"

#include <limits>

#include "resys/api.hpp"

namespace resys::test {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 4;
constexpr std::size_t kKept = 16;  // texts of each name

constexpr const char* kTexts[] = {"",
                                  " ",
                                  "TEA",
                                  "tea",
                                  "GB",
                                  "gb",
                                  "EUR",
                                  "ada@example.com",
                                  "a@..",
                                  "1 Main Street",
                                  "N1 9GU",
                                  "https://example.com/",
                                  "javascript:alert(1)",
                                  "4242424242424242",
                                  "4000000000000002",
                                  "2026-11-29T12:00:00Z",
                                  "9999-99-99T99:99:99Z",
                                  "0",
                                  "-1",
                                  "99999999999999999999",
                                  "' OR 1=1 --",
                                  "\xe2\x80\xae",
                                  "\xc2\x85",
                                  "\xff\xfe",
                                  "\xed\xa0\x80",
                                  "\xf0\x9f\x8d\xb5",
                                  "order_00000000000000000000000000",
                                  "stripe",
                                  "manual",
                                  "default"};

constexpr std::int64_t kIntegers[] = {0,
                                      1,
                                      -1,
                                      2,
                                      100,
                                      10'000,
                                      10'001,
                                      1'000'000'000,
                                      9'007'199'254'740'991,
                                      9'007'199'254'740'992,
                                      std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::int64_t>::min()};

// What stands behind the first colon: "list:object:LineItem" is a list of "object:LineItem".
std::string after_colon(const std::string& type) { return type.substr(type.find(':') + 1); }

}  // namespace

Requests::Requests() : description_(Json::parse(describe())) {}

std::string Requests::text(Decisions& decisions) const {
  switch (decisions.below(8)) {
    case 0:
      return decisions.bytes();
    case 1:
      return std::string(decisions.below(70'000), 'x');
    default:
      return decisions.pick(kTexts);
  }
}

std::string Requests::proper_text(Decisions& decisions, const std::string& name) const {
  const auto found = known_.find(name);
  if (found == known_.end() || found->second.empty()) return text(decisions);
  return decisions.pick(found->second);
}

Json Requests::wrong(Decisions& decisions) const {
  switch (decisions.below(8)) {
    case 0:
      return nullptr;
    case 1:
      return decisions.integer();
    case 2:
      return 1.5;
    case 3:
      return true;
    case 4:
      return Json::array({1, "x", nullptr});
    case 5:
      return Json::object({{text(decisions), 1}});
    case 6:
      return std::numeric_limits<std::uint64_t>::max();
    default:
      return text(decisions);
  }
}

Json Requests::proper(Decisions& decisions, const std::string& name, const std::string& type,
                      int depth) const {
  if (type.starts_with("list:")) {
    Json list = Json::array();
    for (std::size_t left = decisions.below(4); left > 0; --left) {
      list.push_back(proper(decisions, name, after_colon(type), depth));
    }
    return list;
  }
  if (type.starts_with("object:")) return object(decisions, after_colon(type), depth + 1);
  if (type.starts_with("choice:")) {
    return decisions.pick(description_.at("choices").at(after_colon(type)));
  }
  if (type == "pairs") return Json::object({{text(decisions), text(decisions)}});
  if (type == "boolean") return decisions.one_in(2);
  if (type == "integer") {
    return decisions.one_in(4) ? decisions.integer() : decisions.pick(kIntegers);
  }
  return proper_text(decisions, name);
}

Json Requests::value(Decisions& decisions, const Json& field, int depth) const {
  if (decisions.one_in(16) || depth > kDeepest) return wrong(decisions);
  return proper(decisions, field.at("name"), field.at("type"), depth);
}

Json Requests::object(Decisions& decisions, const std::string& type, int depth) const {
  Json made = Json::object();
  const Json& structs = description_.at("structs");
  if (!structs.contains(type)) return made;
  for (const Json& field : structs.at(type)) {
    const bool is_required = field.value("required", false);
    if (is_required ? decisions.one_in(32) : decisions.one_in(2)) continue;
    made[field.at("name").get<std::string>()] = value(decisions, field, depth);
  }
  if (decisions.one_in(32)) made[text(decisions)] = wrong(decisions);
  return made;
}

Json Requests::make(Decisions& decisions, const Json& operation) const {
  return object(decisions, operation.at("request"), 0);
}

void Requests::learn(const std::string& name, const Json& value) {
  if (value.is_string()) {
    auto& texts = known_[name];
    texts.push_back(value);
    if (texts.size() > kKept) texts.pop_front();
  } else if (value.is_array()) {
    for (const Json& item : value) learn(name, item);
  } else if (value.is_object()) {
    learn(value);
  }
}

void Requests::learn(const Json& answer) {
  for (const auto& [name, value] : answer.items()) {
    learn(name, value);
    // Requests name an id by its kind: "order_..." is an orderId.
    if (name != "id" || !value.is_string()) continue;
    const std::string id = value;
    const std::string kind = id.substr(0, id.find('_'));
    const std::string field = kind == "method"     ? "paymentMethodId"
                              : kind == "shipping" ? "shippingMethodId"
                              : kind == "line"     ? "lineItemId"
                                                   : kind + "Id";
    learn(field, value);
    if (kind == "address") {
      learn("shippingAddressId", value);
      learn("billingAddressId", value);
    }
  }
}

}  // namespace resys::test
