// The library's own functions behind a shop's back, through another handle on its file.
#pragma once

#include "base/context.hpp"

namespace resys::test {

struct BareContext : Context {
  BareContext(const std::string& file, std::shared_ptr<Clock> with_clock);
};

}  // namespace resys::test
