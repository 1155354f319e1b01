// How far a long call has come, and a way to stop it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "resys/result.hpp"

namespace resys {

struct Progress {
  std::string_view step{};  // what is being done: "copy", "check"
  std::int64_t done = 0;    // of this step; never falls
  std::int64_t total = 0;   // may grow while the shop sells
};

// Called on the thread of the long call, several times a second. An error stops the call, which
// then leaves nothing behind and returns this error. A snapshot of the database may be held
// meanwhile: return soon, and do not call the shop.
using ProgressFunction = std::function<Result<void>(const Progress&)>;

}  // namespace resys
