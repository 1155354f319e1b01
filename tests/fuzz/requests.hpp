// Requests that a fuzzer makes from the library's own description: some as they should be, with
// ids, numbers and names that earlier answers held, some wrong in every way that JSON can be.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "fuzz/decisions.hpp"

namespace resys::test {

class Requests {
 public:
  Requests();

  const nlohmann::json& operations() const { return description_.at("operations"); }
  nlohmann::json make(Decisions& decisions, const nlohmann::json& operation) const;
  // Any text, mostly of an unkind sort.
  std::string text(Decisions& decisions) const;
  // Remembers the texts of an answer by the names of their fields.
  void learn(const nlohmann::json& answer);
  void forget() { known_.clear(); }

 private:
  nlohmann::json object(Decisions& decisions, const std::string& type, int depth) const;
  nlohmann::json value(Decisions& decisions, const nlohmann::json& field, int depth) const;
  nlohmann::json proper(Decisions& decisions, const std::string& name, const std::string& type,
                        int depth) const;
  nlohmann::json wrong(Decisions& decisions) const;
  std::string proper_text(Decisions& decisions, const std::string& name) const;
  void learn(const std::string& name, const nlohmann::json& value);

  const nlohmann::json description_;
  std::map<std::string, std::deque<std::string>> known_;
};

}  // namespace resys::test
