// What is true of every shop's database after any scenario: stock and money are conserved, nothing
// is promised twice or forgotten.
#pragma once

#include <string>
#include <vector>

namespace resys::test {

// Opens the database file, which a shop may have open too, and answers a sentence for each row that
// breaks a rule. Empty: all is well. Due work need not be done, but no call may be under way.
std::vector<std::string> broken_invariants(const std::string& file);

}  // namespace resys::test
