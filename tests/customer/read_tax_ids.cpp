// Reads lines, and says of each whether it is a tax id; for tax_id_test.py.
#include <iostream>
#include <string>

#include "customer/tax_id.hpp"

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto id = resys::domain::tax_id(line);
    std::cout << (id ? id.value() : std::string(id.error().message())) << '\n';
  }
}
