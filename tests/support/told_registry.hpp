// A registry of tax ids that says what a test tells it to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "resys/host.hpp"

namespace resys::test {

class ToldRegistry final : public TaxIdRegistry {
 public:
  Result<TaxIdCheck> check(const std::string& tax_id) override {
    asked.push_back(tax_id);
    return answer();
  }

  std::function<Result<TaxIdCheck>()> answer = [] { return TaxIdCheck{.registered = true}; };
  std::vector<std::string> asked;
};

}  // namespace resys::test
