// All that a database holds, as text: two dumps are equal if and only if nothing was changed.
#pragma once

#include <string>

namespace resys::test {

// One line per row, table by table. A shop may have the file open, but no call may be under way.
std::string dump_of(const std::string& file);

}  // namespace resys::test
